//! Where a recovery phrase is written.

use yew::{AttrValue, Callback, Html, Properties, component, html};

use super::field::{described_by, error, written};

/// What [`PhraseInput`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct PhraseInputProps {
    /// Its id, unlike any other on the page.
    pub id: AttrValue,
    /// Its name.
    #[prop_or(AttrValue::Static("Recovery phrase"))]
    pub label: AttrValue,
    /// What is wrong with the phrase.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// What it holds.
    pub value: AttrValue,
    /// Told what it holds after each change.
    pub oninput: Callback<String>,
    /// How many words the phrase has.
    #[prop_or(24)]
    pub words: usize,
}

/// A text area that nothing corrects or remembers, and how many words are in it.
#[component]
pub fn PhraseInput(props: &PhraseInputProps) -> Html {
    let PhraseInputProps {
        id,
        label,
        value,
        words,
        ..
    } = props.clone();
    let written_words = value.split_whitespace().count();
    html! {
        <div class="field">
            <label for={&id}>{ label }</label>
            <p class="field-hint" id={format!("{id}-hint")}>
                { format!("{words} words, with spaces or line breaks between them. {written_words} so far.") }
            </p>
            <textarea
                id={&id} class="input input-monospaced" {value} rows="4" translate="no"
                autocomplete="off" autocapitalize="none" spellcheck="false"
                oninput={props.oninput.reform(written)}
                aria-describedby={described_by(&id, true, props.error.is_some())}
                aria-invalid={props.error.is_some().then_some("true")}
            />
            { error(&id, props.error.as_ref()) }
        </div>
    }
}
