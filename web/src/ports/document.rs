//! The document's title, which browsers show in their tabs and read out when the page changes.

use yew::{hook, use_effect_with};

/// Puts the name of the page shown before the application's, once it is drawn.
#[hook]
pub fn use_page_title(title: &str) {
    use_effect_with(title.to_owned(), |title| {
        gloo::utils::document().set_title(&format!("{title} · Keepwell"));
    });
}

/// Loads the page anew.
pub fn reload() {
    // A page that cannot be loaded shows that by itself.
    let _ = gloo::utils::window().location().reload();
}
