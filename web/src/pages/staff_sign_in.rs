//! Hospital staff sign in with the encrypted file of their hospital's home.

use yew::{Callback, Html, component, html, use_state_eq};
use yew_router::components::Redirect;

use super::parts::{job_failure, on_submit, size_words, use_text};
use crate::{
    components::{Button, ButtonKind, ChosenFile, FileField, PageHeading, PassphraseField},
    ports::files,
    route::Route,
    state::{use_desk, use_job},
    talk::{Verb, Who},
};

#[component]
pub(crate) fn StaffSignIn() -> Html {
    let desk = use_desk();
    let job = use_job();
    let (passphrase, on_passphrase) = use_text();
    let chosen = use_state_eq(|| None::<(ChosenFile, Vec<u8>)>);
    let unreadable = use_state_eq(|| None::<String>);
    if let Who::Staff(_) = desk.state.who() {
        return html! { <Redirect<Route> to={Route::Start} /> };
    }
    let on_file = {
        let (chosen, unreadable) = (chosen.setter(), unreadable.setter());
        Callback::from(move |file: web_sys::File| {
            let (chosen, unreadable) = (chosen.clone(), unreadable.clone());
            files::read_small(file, move |read| match read {
                Ok((name, bytes)) => {
                    let size = size_words(bytes.len() as u64);
                    let file = ChosenFile {
                        name: name.into(),
                        size: size.into(),
                    };
                    chosen.set(Some((file, bytes)));
                    unreadable.set(None);
                }
                Err(why) => unreadable.set(Some(why)),
            });
        })
    };
    let sign_in = {
        let (run, chosen, passphrase) = (job.run.clone(), chosen.clone(), passphrase.clone());
        on_submit(move || {
            if let Some((_, file)) = &*chosen {
                let (file, passphrase) = (file.clone(), passphrase.clone());
                run.emit(Verb::SignInStaff { file, passphrase });
            }
        })
    };
    let shown = chosen.as_ref().map(|(file, _)| file.clone());
    html! {
        <>
            <PageHeading
                title="Hospital staff"
                lead="Sign in with the file identity.keepwell of your hospital's home. It is encrypted, \
                      and stays so on this device."
            />
            <form class="stack" onsubmit={sign_in}>
                <FileField
                    id="identity-file"
                    label="Identity file"
                    hint="identity.keepwell, from whoever runs your hospital's relay."
                    accept=".keepwell"
                    chosen={shown}
                    error={(*unreadable).clone().map(yew::AttrValue::from)}
                    onfile={on_file}
                />
                <PassphraseField
                    id="identity-passphrase"
                    label="Passphrase"
                    value={passphrase.clone()}
                    oninput={on_passphrase}
                />
                { job_failure(&job) }
                <div class="button-row">
                    <Button
                        kind={ButtonKind::Primary}
                        label="Sign in"
                        submit=true
                        busy={job.is_busy()}
                        disabled={passphrase.is_empty() || chosen.is_none()}
                    />
                </div>
            </form>
        </>
    }
}
