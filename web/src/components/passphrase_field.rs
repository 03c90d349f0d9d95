//! Where a passphrase is written, hidden unless the person wants to see it.

use yew::{AttrValue, Callback, Html, Properties, component, html, use_state_eq};

use super::{
    Button,
    field::{described_by, error, hint, written},
};

/// What [`PassphraseField`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct PassphraseFieldProps {
    /// Its id, unlike any other on the page.
    pub id: AttrValue,
    /// Its name.
    pub label: AttrValue,
    /// What helps to fill it in.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong with what it holds.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// What it holds.
    pub value: AttrValue,
    /// Told what it holds after each change.
    pub oninput: Callback<String>,
    /// Whether it is being chosen, not repeated from memory: a password manager then offers one.
    #[prop_or_default]
    pub new: bool,
    /// Whether it cannot be changed now.
    #[prop_or_default]
    pub disabled: bool,
}

/// An input and a button that shows what is in it.
#[component]
pub fn PassphraseField(props: &PassphraseFieldProps) -> Html {
    let PassphraseFieldProps {
        id,
        label,
        value,
        disabled,
        ..
    } = props.clone();
    let shown = use_state_eq(|| false);
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_| shown.set(!*shown))
    };
    let (word, name) = if *shown {
        ("Hide", format!("Hide {label}"))
    } else {
        ("Show", format!("Show {label}"))
    };
    html! {
        <div class="field">
            <label for={&id}>{ label }</label>
            { hint(&id, props.hint.as_ref()) }
            <div class="input-with-button">
                <input
                    type={if *shown { "text" } else { "password" }}
                    id={&id} class="input" {value} {disabled}
                    autocomplete={if props.new { "new-password" } else { "current-password" }}
                    spellcheck="false" autocapitalize="none"
                    oninput={props.oninput.reform(written)}
                    aria-describedby={described_by(&id, props.hint.is_some(), props.error.is_some())}
                    aria-invalid={props.error.is_some().then_some("true")}
                />
                <Button label={word} {name} onclick={toggle} />
            </div>
            { error(&id, props.error.as_ref()) }
        </div>
    }
}
