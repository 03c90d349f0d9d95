//! The document as a whole: its title, which browsers show in their tabs and read out when the page
//! changes, and where in it the keyboard is.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::{hook, use_effect_with};

/// Puts the name of the page shown before the application's, once it is drawn.
#[hook]
pub fn use_page_title(title: &str) {
    use_effect_with(title.to_owned(), |title| {
        gloo::utils::document().set_title(&format!("{title} · Keepwell"));
    });
}

/// Brings a person to the first field that is filled in wrongly, each time that they have tried.
#[hook]
pub fn use_focus_on_mistake(tries: u32) {
    use_effect_with(tries, |tries| {
        let found = gloo::utils::document().query_selector("[aria-invalid=true]");
        let field = found.ok().flatten().filter(|_| *tries > 0);
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            // What has gone in the meantime takes no focus.
            let _ = field.focus();
        }
    });
}

/// Loads the page anew.
pub fn reload() {
    // A page that cannot be loaded shows that by itself.
    let _ = gloo::utils::window().location().reload();
}
