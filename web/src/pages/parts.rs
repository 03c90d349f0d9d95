//! What several pages say or do in the same way.

use keepwell_wire::api::TransactionState;
use yew::{
    AttrValue, Callback, Html, Properties, SubmitEvent, component, hook, html, use_callback,
    use_state_eq,
};

use crate::{
    components::{Badge, ErrorNotice, Field, PassphraseField, Standing},
    state::JobHandle,
    talk::Failure,
};

/// A text that a person types, and the callback that takes it.
#[hook]
pub(crate) fn use_text() -> (String, Callback<String>) {
    let text = use_state_eq(String::new);
    let set = use_callback(text.setter(), |typed, setter| setter.set(typed));
    ((*text).clone(), set)
}

/// Runs something when a form is submitted, and keeps the browser from leaving the page.
pub(crate) fn on_submit(run: impl Fn() + 'static) -> Callback<SubmitEvent> {
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        run();
    })
}

/// An error as it is shown everywhere.
pub(crate) fn failure_notice(failure: &Failure, retry: Option<Callback<()>>) -> Html {
    html! {
        <ErrorNotice
            message={failure.message.clone()}
            hint={failure.hint.clone()}
            code={failure.code.clone()}
            relay={failure.relay.clone().map(AttrValue::from)}
            {retry}
        />
    }
}

/// What went wrong with a command, if anything did.
pub(crate) fn job_failure(job: &JobHandle) -> Html {
    job.failure()
        .map_or_else(Html::default, |failure| failure_notice(failure, None))
}

/// How far the network has taken something up, in words for a patient.
pub(crate) fn state_badge(state: TransactionState) -> Html {
    let standing = match state {
        TransactionState::Pending => Standing::Pending,
        TransactionState::Mined => Standing::Mined,
        TransactionState::Final => Standing::Final,
    };
    html! { <Badge kind={standing.kind()} label={standing.text()} /> }
}

/// A size for a person: `340 kB`, `1.2 MB`.
pub(crate) fn size_words(bytes: u64) -> String {
    const UNITS: [&str; 3] = ["kB", "MB", "GB"];
    if bytes < 1000 {
        return format!("{bytes} bytes");
    }
    let (mut thousandths, mut unit) = (bytes, 0);
    while thousandths >= 1_000_000 && unit + 1 < UNITS.len() {
        thousandths /= 1000;
        unit += 1;
    }
    let unit = UNITS.get(unit).copied().unwrap_or("GB");
    if thousandths < 10_000 {
        format!("{}.{} {unit}", thousandths / 1000, thousandths % 1000 / 100)
    } else {
        format!("{} {unit}", thousandths / 1000)
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct NewPassphraseProps {
    /// The first field.
    pub(crate) first: String,
    /// The second.
    pub(crate) second: String,
    pub(crate) on_first: Callback<String>,
    pub(crate) on_second: Callback<String>,
}

/// A passphrase that is chosen: twice, so that a slip of the finger locks nobody out.
#[component]
pub(crate) fn NewPassphrase(props: &NewPassphraseProps) -> Html {
    let differs = !props.second.is_empty() && props.first != props.second;
    let error = differs.then(|| AttrValue::from("This is not the same as above."));
    html! {
        <>
            <PassphraseField
                id="new-passphrase"
                label="Passphrase for this device"
                hint="At least 8 characters. It protects your keys here; it cannot be reset, but \
                      your 24 words always bring everything back."
                value={props.first.clone()}
                oninput={props.on_first.clone()}
                new=true
            />
            <PassphraseField
                id="new-passphrase-again"
                label="The same passphrase again"
                value={props.second.clone()}
                oninput={props.on_second.clone()}
                {error}
                new=true
            />
        </>
    }
}

/// One line that is to be filled in with exactly this word.
pub(crate) fn word_field(
    position: usize,
    typed: &str,
    oninput: Callback<String>,
    is_wrong: bool,
) -> Html {
    let number = position + 1;
    let error =
        is_wrong.then(|| AttrValue::from("This is another word than the one you were shown."));
    html! {
        <Field
            id={format!("word-{number}")}
            label={format!("Word {number}")}
            value={typed.to_owned()}
            {oninput}
            {error}
            monospaced=true
        />
    }
}

#[cfg(test)]
mod tests {
    use super::size_words;

    #[test]
    fn sizes_have_two_figures_or_more() {
        assert_eq!(size_words(999), "999 bytes");
        assert_eq!(size_words(1_000), "1.0 kB");
        assert_eq!(size_words(9_999), "9.9 kB");
        assert_eq!(size_words(340_000), "340 kB");
        assert_eq!(size_words(1_250_000), "1.2 MB");
        assert_eq!(size_words(200_000_000), "200 MB");
        assert_eq!(size_words(8_000_000_000), "8.0 GB");
        assert_eq!(size_words(8_000_000_000_000), "8000 GB");
    }
}
