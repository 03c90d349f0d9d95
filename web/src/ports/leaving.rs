//! Asks before the browser leaves the page, while something would be lost with it.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast as _;
use web_sys::BeforeUnloadEvent;
use yew::{hook, use_effect_with};

/// While this is so, the browser asks in its own words whether to leave.
#[hook]
pub fn use_leave_warning(is_needed: bool) {
    use_effect_with(is_needed, |is_needed| {
        let listener = is_needed.then(warning);
        move || drop(listener)
    });
}

fn warning() -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&gloo::utils::window(), "beforeunload", options, |event| {
        event.prevent_default();
        // What browsers wanted before they took the line above for an answer.
        if let Some(event) = event.dyn_ref::<BeforeUnloadEvent>() {
            event.set_return_value("leave?");
        }
    })
}
