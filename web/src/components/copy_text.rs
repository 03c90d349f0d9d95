//! Text to be taken elsewhere.

use yew::{AttrValue, Callback, Html, Properties, component, html};

use super::Button;

/// What [`CopyText`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct CopyTextProps {
    /// The text area's id, unlike any other on the page.
    pub id: AttrValue,
    /// What the text is.
    pub label: AttrValue,
    /// The text.
    pub text: AttrValue,
    /// Told the text when it is to be copied.
    pub on_copy: Callback<AttrValue>,
    /// Whether it has been copied.
    #[prop_or_default]
    pub copied: bool,
}

/// The text, which can be selected, and a button that copies it.
#[component]
pub fn CopyText(props: &CopyTextProps) -> Html {
    let CopyTextProps {
        id,
        label,
        text,
        copied,
        ..
    } = props.clone();
    let name = format!("Copy {label}");
    let copy = {
        let text = text.clone();
        props.on_copy.reform(move |_| text.clone())
    };
    html! {
        <div class="copy-text">
            <div class="field">
                <label for={&id}>{ label }</label>
                <textarea
                    {id} class="input input-monospaced" readonly=true rows="3" value={text}
                    spellcheck="false" translate="no"
                />
            </div>
            <div class="button-row copy-text-row">
                <Button label="Copy" {name} onclick={copy} />
                <span class="copied" role="status">{ if copied { "Copied" } else { "" } }</span>
            </div>
        </div>
    }
}
