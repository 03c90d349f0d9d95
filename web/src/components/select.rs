//! One of many.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlSelectElement;
use yew::{
    AttrValue, Callback, Event, Html, Properties, component, html, use_effect_with, use_node_ref,
};

use super::field::{described_by, error, hint};

/// What [`Select`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct SelectProps {
    /// Its id, unlike any other on the page.
    pub id: AttrValue,
    /// Its name.
    pub label: AttrValue,
    /// What helps to choose.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong with what is chosen.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Values, and what is shown for each.
    pub options: Vec<(AttrValue, AttrValue)>,
    /// The chosen value. If it is none of the options', nothing is chosen yet.
    pub value: AttrValue,
    /// Told the value of what is chosen.
    pub onchange: Callback<String>,
    /// Whether it cannot be changed now.
    #[prop_or_default]
    pub disabled: bool,
}

/// The browser's own list to choose from.
#[component]
pub fn Select(props: &SelectProps) -> Html {
    let SelectProps {
        id,
        label,
        disabled,
        ..
    } = props.clone();
    let list = use_node_ref();
    // Which option is selected by its attribute counts only until a person has chosen.
    use_effect_with((props.value.clone(), list.clone()), |(value, list)| {
        if let Some(list) = list.cast::<HtmlSelectElement>() {
            list.set_value(value);
        }
    });
    let chosen = props.options.iter().any(|(value, _)| *value == props.value);
    html! {
        <div class="field">
            <label for={&id}>{ label }</label>
            { hint(&id, props.hint.as_ref()) }
            <select
                id={&id} class="input" ref={list} {disabled}
                onchange={props.onchange.reform(chosen_in)}
                aria-describedby={described_by(&id, props.hint.is_some(), props.error.is_some())}
                aria-invalid={props.error.is_some().then_some("true")}
            >
                if !chosen {
                    <option value={props.value.clone()} selected=true disabled=true>{ "Choose one" }</option>
                }
                { for props.options.iter().map(|(value, text)| html! {
                    <option key={value.to_string()} {value} selected={*value == props.value}>{ text }</option>
                }) }
            </select>
            { error(&id, props.error.as_ref()) }
        </div>
    }
}

fn chosen_in(event: Event) -> String {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlSelectElement>().ok())
        .map(|select| select.value())
        .unwrap_or_default()
}
