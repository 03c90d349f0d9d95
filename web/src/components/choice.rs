//! One of a few ways, each explained.

use yew::{AttrValue, Callback, Html, Properties, component, html};

/// One way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceOption {
    /// What [`Choice`] tells when it is chosen.
    pub value: AttrValue,
    /// Its name.
    pub label: AttrValue,
    /// What it means.
    pub explanation: Option<AttrValue>,
}

/// What [`Choice`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct ChoiceProps {
    /// The name of the group in its form, unlike any other on the page.
    pub name: AttrValue,
    /// What is to be decided.
    pub legend: AttrValue,
    /// The ways.
    pub options: Vec<ChoiceOption>,
    /// The value of the chosen one; none of them if it is none of theirs.
    pub value: AttrValue,
    /// Told the value of what is chosen.
    pub onchange: Callback<AttrValue>,
    /// Whether it cannot be changed now.
    #[prop_or_default]
    pub disabled: bool,
}

/// A group of radio buttons.
#[component]
pub fn Choice(props: &ChoiceProps) -> Html {
    html! {
        <fieldset class="choice" disabled={props.disabled}>
            <legend>{ &props.legend }</legend>
            { for props.options.iter().map(|option| radio(props, option)) }
        </fieldset>
    }
}

fn radio(props: &ChoiceProps, option: &ChoiceOption) -> Html {
    let id = format!("{}-{}", props.name, option.value);
    let explained_by = option
        .explanation
        .is_some()
        .then(|| format!("{id}-explanation"));
    let value = option.value.clone();
    let onchange = props.onchange.reform(move |_| value.clone());
    html! {
        <div class="option">
            <input
                type="radio" id={id.clone()} name={&props.name} value={&option.value}
                checked={option.value == props.value}
                aria-describedby={explained_by.clone()}
                {onchange}
            />
            <label class="option-label" for={id}>{ &option.label }</label>
            if let Some(explanation) = &option.explanation {
                <p class="option-explanation" id={explained_by}>{ explanation }</p>
            }
        </div>
    }
}
