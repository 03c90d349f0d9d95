//! A question that must be answered before anything else.

use web_sys::{Event, HtmlDialogElement};
use yew::{AttrValue, Callback, Html, Properties, component, html, use_effect_with, use_node_ref};

use super::{Button, ButtonKind};

/// What [`ConfirmDialog`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct ConfirmDialogProps {
    /// The question, and the dialog's name.
    pub title: AttrValue,
    /// What follows from it.
    #[prop_or_default]
    pub children: Html,
    /// What the button that goes on says: the deed, not "OK".
    pub confirm_label: AttrValue,
    /// Whether it ends or destroys something.
    #[prop_or_default]
    pub danger: bool,
    /// Whether what was confirmed is under way.
    #[prop_or_default]
    pub busy: bool,
    /// Told to go on.
    pub on_confirm: Callback<()>,
    /// Told to leave it, by the button or by Escape.
    pub on_cancel: Callback<()>,
}

/// The browser's own modal dialog: it keeps the focus inside and gives it back. It is open as long
/// as it is drawn.
#[component]
pub fn ConfirmDialog(props: &ConfirmDialogProps) -> Html {
    let dialog = use_node_ref();
    use_effect_with(dialog.clone(), |dialog| {
        let dialog = dialog.cast::<HtmlDialogElement>();
        if let Some(dialog) = &dialog {
            // It fails only if it is open already.
            let _ = dialog.show_modal();
        }
        // Closed while still in the document, or the browser would not give the focus back.
        move || {
            if let Some(dialog) = dialog {
                dialog.close();
            }
        }
    });
    let oncancel = {
        let on_cancel = props.on_cancel.clone();
        move |event: Event| {
            // What is drawn is decided by whoever is told, not by the browser.
            event.prevent_default();
            on_cancel.emit(());
        }
    };
    let kind = if props.danger {
        ButtonKind::Danger
    } else {
        ButtonKind::Primary
    };
    html! {
        <dialog class="dialog" ref={dialog} aria-label={&props.title} {oncancel}>
            <h2>{ &props.title }</h2>
            { props.children.clone() }
            <div class="button-row">
                <Button label="Cancel" kind={ButtonKind::Quiet} onclick={props.on_cancel.reform(|_| ())} />
                <Button
                    label={props.confirm_label.clone()} {kind} busy={props.busy}
                    onclick={props.on_confirm.reform(|_| ())}
                />
            </div>
        </dialog>
    }
}
