//! Yes or no.

use yew::{AttrValue, Callback, Html, Properties, component, html};

/// What [`Checkbox`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct CheckboxProps {
    /// Its id, unlike any other on the page.
    pub id: AttrValue,
    /// What is agreed to.
    pub label: AttrValue,
    /// What it means.
    #[prop_or_default]
    pub explanation: Option<AttrValue>,
    /// Whether it is ticked.
    pub checked: bool,
    /// Told whether it is ticked after a change.
    pub onchange: Callback<bool>,
    /// Whether it cannot be changed now.
    #[prop_or_default]
    pub disabled: bool,
}

/// A box to tick.
#[component]
pub fn Checkbox(props: &CheckboxProps) -> Html {
    let CheckboxProps {
        id,
        label,
        checked,
        disabled,
        ..
    } = props.clone();
    let explained_by = props
        .explanation
        .is_some()
        .then(|| format!("{id}-explanation"));
    html! {
        <div class="option">
            <input
                type="checkbox" id={&id} {checked} {disabled}
                aria-describedby={explained_by.clone()}
                onchange={props.onchange.reform(move |_| !checked)}
            />
            <label class="option-label" for={id}>{ label }</label>
            if let Some(explanation) = &props.explanation {
                <p class="option-explanation" id={explained_by}>{ explanation }</p>
            }
        </div>
    }
}
