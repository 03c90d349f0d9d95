//! Nothing is shown before the page knows which network it is in, and that a person vouches for it.

use keepwell_keys::GenesisHash;
use yew::{Callback, Html, Properties, component, html};

use super::parts::{failure_notice, job_failure};
use crate::{
    components::{Busy, Button, ButtonKind, CardPanel, Notice, NoticeKind, PageHeading},
    state::{use_desk, use_job},
    talk::{NetworkNews, Verb, short_code},
};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct NetworkGateProps {
    pub(crate) children: Html,
}

#[component]
pub(crate) fn NetworkGate(props: &NetworkGateProps) -> Html {
    let desk = use_desk();
    match &desk.state.network {
        None => html! { <Busy label="Looking for your hospital's network" /> },
        Some(NetworkNews::Known(_)) if desk.state.who.is_some() => props.children.clone(),
        Some(NetworkNews::Known(_)) => html! { <Busy label="Looking at what this device keeps" /> },
        Some(NetworkNews::Unavailable(failure)) => {
            let reload = Callback::from(|()| crate::ports::document::reload());
            html! {
                <>
                    <PageHeading title="Keepwell" />
                    { failure_notice(failure, Some(reload)) }
                </>
            }
        }
        Some(NetworkNews::Unconfirmed { genesis, hospitals }) => html! {
            <Unconfirmed genesis={*genesis} hospitals={hospitals.clone()} />
        },
        Some(NetworkNews::Other { kept, address }) => html! {
            <Other kept={*kept} address={address.clone()} />
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct UnconfirmedProps {
    genesis: GenesisHash,
    hospitals: Vec<String>,
}

#[component]
fn Unconfirmed(props: &UnconfirmedProps) -> Html {
    let job = use_job();
    let trust = {
        let (run, genesis) = (job.run.clone(), props.genesis);
        move |_| run.emit(Verb::TrustNetwork(genesis))
    };
    html! {
        <>
            <PageHeading
                title="Is this your hospital's network?"
                lead="This address does not say which network it belongs to. Compare the code below \
                      with the one on your hospital's notice or website before you go on."
            />
            <CardPanel title="The network's code">
                <p><code class="network-code">{ short_code(&props.genesis) }</code></p>
                <p>{ format!("Hospitals in it: {}.", props.hospitals.join(", ")) }</p>
            </CardPanel>
            { job_failure(&job) }
            <div class="button-row">
                <Button
                    kind={ButtonKind::Primary}
                    label="The codes are the same"
                    busy={job.is_busy()}
                    onclick={trust}
                />
            </div>
            <p class="soft">
                { "If they differ, or you have no code, close this page and ask your hospital for \
                   its address or QR code." }
            </p>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OtherProps {
    kept: GenesisHash,
    address: String,
}

#[component]
fn Other(props: &OtherProps) -> Html {
    let job = use_job();
    let keep = {
        let (run, kept) = (job.run.clone(), props.kept);
        move |_| run.emit(Verb::TrustNetwork(kept))
    };
    html! {
        <>
            <PageHeading title="This address names another network" />
            <Notice kind={NoticeKind::Danger} title="Do not go on unless you know why.">
                <p>
                    { "What this device keeps belongs to the network with the code " }
                    <code>{ short_code(&props.kept) }</code>
                    { ". The address that you opened names another one." }
                </p>
                <p class="notice-code">{ props.address.clone() }</p>
            </Notice>
            { job_failure(&job) }
            <div class="button-row">
                <Button
                    kind={ButtonKind::Primary}
                    label="Stay with my network"
                    busy={job.is_busy()}
                    onclick={keep}
                />
            </div>
            <p class="soft">
                { "To use the other network on this device, stay with yours, sign out, and clear this \
                   site's data in the browser's settings. Your 24 words bring your records back." }
            </p>
        </>
    }
}
