//! Every component, in words as a page would use them.

use keepwell_web::components::{
    Badge, BadgeKind, Busy, Button, ButtonKind, CardPanel, Checkbox, Choice, ChoiceOption,
    ChosenFile, ConfirmDialog, CopyText, DataList, EmptyState, ErrorNotice, Field, FieldKind,
    FileField, Icon, Identifier, Moment, NavItem, Notice, NoticeKind, PageHeading, PassphraseField,
    PhraseGrid, PhraseInput, ProgressBar, Qr, Section, Select, Shell, Standing, Table, When,
};
use yew::{AttrValue, Callback, Html, component, html, use_state_eq};
use yew_router::{
    Routable, Router,
    history::{AnyHistory, MemoryHistory},
};

const ID: &str = "kwp1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs0abcde";
const CARD: &str = "kwcard1pqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqy\
                    qszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs0abc";

#[derive(Clone, Debug, PartialEq, Eq, Routable)]
enum Place {
    #[at("/")]
    Home,
    #[at("/records")]
    Records,
    #[at("/card")]
    Card,
    #[at("/grants")]
    Grants,
    #[at("/log")]
    Log,
}

/// All of it, at an address that only it knows.
#[component]
pub fn Gallery() -> Html {
    let navigation = [
        (Place::Home, "Start", Icon::Home),
        (Place::Records, "Records", Icon::Record),
        (Place::Card, "Visit card", Icon::Card),
        (Place::Grants, "Grants", Icon::Key),
        (Place::Log, "Log", Icon::Clock),
    ]
    .into_iter()
    .map(|(to, label, icon)| NavItem {
        to,
        label: label.into(),
        icon,
    });
    html! {
        <Router history={AnyHistory::from(MemoryHistory::new())}>
            <Shell<Place>
                home={Place::Home}
                navigation={navigation.collect::<Vec<_>>()}
                status={html! { <>{ "Verified with " }<b>{ "Charité Berlin" }</b>{ ", 14:05" }</> }}
            >
                <PageHeading
                    title="Everything in one place"
                    lead="What the pages of Keepwell are built of, as a patient would meet it."
                />
                <Controls />
                <Fields />
                <Told />
                <Shown />
            </Shell<Place>>
        </Router>
    }
}

#[component]
fn Controls() -> Html {
    let asking = use_state_eq(|| false);
    let pressed = use_state_eq(|| 0_u32);
    let press = {
        let pressed = pressed.clone();
        Callback::from(move |_| pressed.set(*pressed + 1))
    };
    let ask = {
        let asking = asking.clone();
        move |whether: bool| {
            let asking = asking.clone();
            Callback::from(move |()| asking.set(whether))
        }
    };
    html! {
        <Section heading="Buttons">
            <div class="button-row">
                <Button kind={ButtonKind::Primary} label="Grant access" onclick={press.clone()} />
                <Button label="Show the card" />
                <Button kind={ButtonKind::Danger} label="Revoke" onclick={ask(true).reform(|_| ())} />
                <Button kind={ButtonKind::Quiet} label="More" />
                <Button kind={ButtonKind::Primary} label="Signing" busy=true onclick={press} />
                <Button label="Not now" disabled=true />
            </div>
            <p id="pressed">{ *pressed }</p>
            if *asking {
                <ConfirmDialog
                    title="Revoke Charité's access?"
                    confirm_label="Revoke"
                    danger=true
                    on_confirm={ask(false)}
                    on_cancel={ask(false)}
                >
                    <p>{ "From now on it gets no key. What it has opened already, it may have kept." }</p>
                </ConfirmDialog>
            }
        </Section>
    }
}

#[component]
fn Fields() -> Html {
    let text = use_state_eq(String::new);
    let chosen = use_state_eq(|| AttrValue::from("week"));
    let file = use_state_eq(|| None::<ChosenFile>);
    let agreed = use_state_eq(|| false);
    let write = {
        let text = text.clone();
        Callback::from(move |value| text.set(value))
    };
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |value| chosen.set(value))
    };
    let take = {
        let file = file.clone();
        Callback::from(move |given: web_sys::File| {
            let size = format!("{} bytes", given.size()).into();
            file.set(Some(ChosenFile {
                name: given.name().into(),
                size,
            }));
        })
    };
    let agree = {
        let agreed = agreed.clone();
        Callback::from(move |is| agreed.set(is))
    };
    let nothing = Callback::noop();
    let option = |value: &'static str, label: &'static str, explanation| ChoiceOption {
        value: value.into(),
        label: label.into(),
        explanation,
    };
    html! {
        <Section heading="Fields">
            <Field
                id="title" label="Title" hint="Only the patient can read it."
                value={(*text).clone()} oninput={write}
            />
            <Field
                id="patient" label="Patient" monospaced=true value="kwp1qyqszqgpqyqs" oninput={nothing.clone()}
                error="This id has a typing mistake. Compare it with the card, character by character."
            />
            <Field id="until" label="Until" kind={FieldKind::Date} value="2027-01-31" oninput={nothing.clone()} />
            <Field id="find" label="Find a record" kind={FieldKind::Search} value="" oninput={nothing.clone()} />
            <Field id="pasted" label="Visit card" kind={FieldKind::Multiline} monospaced=true value={CARD} oninput={nothing.clone()} />
            <PassphraseField
                id="passphrase" label="Passphrase" hint="It unlocks your keys on this device."
                value="correct horse" oninput={nothing.clone()}
            />
            <PhraseInput id="phrase" value="abandon ability able" oninput={nothing.clone()} />
            <Select
                id="hospital" label="Hospital" value="b"
                options={vec![("a".into(), "Charité Berlin".into()), ("b".into(), "Hôpital Lariboisière".into())]}
                onchange={nothing.clone()}
            />
            <Choice
                name="how-long" legend="How long" value={(*chosen).clone()} onchange={choose}
                options={vec![
                    option("visit", "For this visit", Some("Until midnight.".into())),
                    option("week", "For a week", Some("Until the same hour in seven days.".into())),
                    option("date", "Until a date", None),
                ]}
            />
            <Checkbox
                id="written" label="I have written the words down"
                explanation="Nobody can give them to you again." checked={*agreed} onchange={agree}
            />
            <FileField
                id="file" label="The record" hint="FHIR, PDF, picture or DICOM, up to 200 MB."
                onfile={take} chosen={(*file).clone()}
            />
        </Section>
    }
}

#[component]
fn Told() -> Html {
    html! {
        <Section heading="Notices">
            <Notice title="A grant replaces the one before."><p>{ "Old and new are shown before you sign." }</p></Notice>
            <Notice kind={NoticeKind::Good} title="The record is recorded." />
            <Notice
                kind={NoticeKind::Warn} title="The card expires in five minutes."
                action={html! { <Button label="Make a new one" /> }}
            />
            <ErrorNotice
                message="The relay's answer failed verification. Nothing of it is shown."
                hint="Try another hospital's address, and tell this one."
                code="proof_does_not_match" relay="Charité Berlin" retry={Callback::noop()}
            />
            <ProgressBar label="Sealing johnnie.json" done={37} all={100} text="37 of 100 MB" />
            <ProgressBar label="Asking the custodians" done={0} all={0} />
            <Busy label="Following the network" />
            <EmptyState title="No records yet">
                <p class="soft">{ "Show a hospital your visit card, and what it issues appears here." }</p>
                <div class="button-row"><Button kind={ButtonKind::Primary} label="Show the visit card" /></div>
            </EmptyState>
        </Section>
    }
}

#[component]
fn Shown() -> Html {
    let at = Moment {
        rfc3339: "2026-01-31T13:05:00.000Z".into(),
        text: "31 Jan 2026, 14:05".into(),
    };
    let words = "abandon ability able about above absent absorb abstract absurd abuse access accident \
                 account accuse achieve acid acoustic acquire across act action actor actress actual";
    let cells = |title: &str, standing: Standing| {
        vec![
            html! { { title } },
            html! { "Charité Berlin" },
            html! { <When at={at.clone()} /> },
            html! { <Badge kind={standing.kind()} label={standing.text()} /> },
            html! { <Identifier value={ID} /> },
        ]
    };
    html! {
        <>
            <Section heading="Records">
                <CardPanel title="Blood count">
                    <p>
                        <Badge kind={BadgeKind::Good} label="Final" />{ " " }<Badge label="Superseded" />{ " " }
                        <Badge kind={BadgeKind::Danger} label="Revoked" />
                    </p>
                    <DataList entries={vec![
                        ("Hospital".into(), html! { "Charité Berlin" }),
                        ("Issued".into(), html! { <When at={at.clone()} /> }),
                        ("Record".into(), html! { <Identifier value={ID} /> }),
                    ]} />
                </CardPanel>
                <Table
                    caption="Everything issued to you"
                    columns={["Title", "Hospital", "Issued", "State", "Record"].map(AttrValue::from).to_vec()}
                    rows={vec![
                        cells("Blood count", Standing::Final),
                        cells("CT of the thorax", Standing::Mined),
                        cells("Discharge letter", Standing::Pending),
                    ]}
                />
            </Section>
            <Section heading="Recovery phrase">
                <PhraseGrid words={words.split_whitespace().map(AttrValue::from).collect::<Vec<_>>()} />
            </Section>
            <Section heading="Visit card">
                <Qr text={CARD} label="Visit card as a QR code" />
                <CopyText id="card" label="visit card as text" text={CARD} on_copy={Callback::noop()} copied=true />
            </Section>
        </>
    }
}
