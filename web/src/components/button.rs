//! Something to press.

use yew::{AttrValue, Callback, Html, MouseEvent, Properties, component, html};

/// How much a button weighs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// What one most likely came to do: one on a page.
    Primary,
    /// Anything else.
    #[default]
    Plain,
    /// It ends or destroys something.
    Danger,
    /// Beside the matter: cancel, more, less.
    Quiet,
}

/// What [`Button`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct ButtonProps {
    /// How much it weighs.
    #[prop_or_default]
    pub kind: ButtonKind,
    /// What it says, and its name.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// Its name where what it says is too short alone; must contain what it says.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// Whether it is at work: it turns, keeps the focus, and cannot be pressed.
    #[prop_or_default]
    pub busy: bool,
    /// Whether it cannot be pressed now.
    #[prop_or_default]
    pub disabled: bool,
    /// Whether it submits the form that it is in.
    #[prop_or_default]
    pub submit: bool,
    /// Told of a press, unless busy or disabled.
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    /// What it says beside or instead of its label.
    #[prop_or_default]
    pub children: Html,
}

/// A button. While busy it is `aria-disabled` and not `disabled`: that would take the focus away
/// from under the person who has just pressed it.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let onclick = {
        let (busy, told) = (props.busy, props.onclick.clone());
        move |event: MouseEvent| {
            if busy {
                // Else a form would be submitted a second time.
                event.prevent_default();
            } else {
                told.emit(event);
            }
        }
    };
    html! {
        <button
            type={if props.submit { "submit" } else { "button" }}
            class={format!("button {}", class(props.kind))}
            aria-label={props.name.clone()}
            aria-busy={props.busy.then_some("true")}
            aria-disabled={props.busy.then_some("true")}
            disabled={props.disabled}
            {onclick}
        >
            if props.busy {
                <span class="spinner" aria-hidden="true" />
            }
            { props.label.clone() }
            { props.children.clone() }
        </button>
    }
}

const fn class(kind: ButtonKind) -> &'static str {
    match kind {
        ButtonKind::Primary => "button-primary",
        ButtonKind::Plain => "button-plain",
        ButtonKind::Danger => "button-danger",
        ButtonKind::Quiet => "button-quiet",
    }
}
