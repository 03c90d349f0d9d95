//! A line or more of text that a person writes.

use wasm_bindgen::JsCast as _;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::{AttrValue, Callback, Html, InputEvent, Properties, component, html};

/// What is to be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    #[default]
    Text,
    /// Several lines.
    Multiline,
    /// A day; its value is `2026-01-31`, whatever order the browser shows.
    Date,
    /// Something to look for.
    Search,
}

/// What [`Field`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct FieldProps {
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
    /// What is to be written.
    #[prop_or_default]
    pub kind: FieldKind,
    /// What the browser may fill in, as HTML's `autocomplete` names it.
    #[prop_or(AttrValue::Static("off"))]
    pub autocomplete: AttrValue,
    /// Whether every character counts: identifiers, cards, phrases. Nothing then corrects it.
    #[prop_or_default]
    pub monospaced: bool,
    /// The earliest day, for a date.
    #[prop_or_default]
    pub min: Option<AttrValue>,
    /// The latest day, for a date.
    #[prop_or_default]
    pub max: Option<AttrValue>,
    /// Whether it must be filled in.
    #[prop_or_default]
    pub required: bool,
    /// Whether it cannot be changed now.
    #[prop_or_default]
    pub disabled: bool,
}

/// A label, a hint, the input, and what is wrong with it.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    html! {
        <div class="field">
            <label for={&props.id}>{ &props.label }</label>
            { hint(&props.id, props.hint.as_ref()) }
            { input(props) }
            { error(&props.id, props.error.as_ref()) }
        </div>
    }
}

fn input(props: &FieldProps) -> Html {
    let FieldProps {
        id,
        value,
        min,
        max,
        required,
        disabled,
        ..
    } = props.clone();
    let class = if props.monospaced {
        "input input-monospaced"
    } else {
        "input"
    };
    let described_by = described_by(&id, props.hint.is_some(), props.error.is_some());
    let invalid = props.error.is_some().then_some("true");
    let exact = props.monospaced.then_some("false");
    let as_typed = props.monospaced.then_some("none");
    let autocomplete = &props.autocomplete;
    let oninput = props.oninput.reform(written);
    let kind = match props.kind {
        FieldKind::Multiline => {
            return html! {
                <textarea
                    {id} {class} {value} {required} {disabled} {autocomplete} {oninput}
                    spellcheck={exact} autocapitalize={as_typed}
                    aria-describedby={described_by} aria-invalid={invalid}
                />
            };
        }
        FieldKind::Text => "text",
        FieldKind::Date => "date",
        FieldKind::Search => "search",
    };
    html! {
        <input
            type={kind} {id} {class} {value} {min} {max} {required} {disabled} {autocomplete} {oninput}
            spellcheck={exact} autocapitalize={as_typed}
            aria-describedby={described_by} aria-invalid={invalid}
        />
    }
}

/// What the input or text area that an event comes from now holds.
pub(super) fn written(event: InputEvent) -> String {
    let Some(target) = event.target() else {
        return String::new();
    };
    match target.dyn_into::<HtmlInputElement>() {
        Ok(input) => input.value(),
        Err(target) => target
            .dyn_into::<HtmlTextAreaElement>()
            .map(|area| area.value())
            .unwrap_or_default(),
    }
}

/// The ids of what is to be read after a field's name.
pub(super) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{id}-hint {id}-error")),
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (false, false) => None,
    }
}

pub(super) fn hint(id: &str, text: Option<&AttrValue>) -> Html {
    text.map(|text| html! { <p class="field-hint" id={format!("{id}-hint")}>{ text }</p> })
        .unwrap_or_default()
}

/// Read out when it appears.
pub(super) fn error(id: &str, text: Option<&AttrValue>) -> Html {
    text.map(|text| {
        html! { <p class="field-error" id={format!("{id}-error")} role="alert">{ text }</p> }
    })
    .unwrap_or_default()
}
