//! The components, mounted in a real browser: what they are called, and what they do when used.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows a test by `#[test]` alone, which these do not have"
)]

#[path = "../examples/gallery/gallery.rs"]
mod gallery;

use std::time::Duration;

use gallery::Gallery;
use gloo::{timers::future::sleep, utils::document};
use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{
    DataTransfer, DragEvent, DragEventInit, Element, Event, EventInit, File, HtmlElement,
    HtmlInputElement,
};
use yew::{AppHandle, Renderer};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn nothing_styles_itself_and_everything_has_an_id_of_its_own() {
    let mounted = Mounted::new().await;
    assert_eq!(mounted.count("[style]"), 0);
    assert_eq!(mounted.count("h1"), 1);
    let ids = mounted
        .all("[id]")
        .iter()
        .map(Element::id)
        .collect::<Vec<_>>();
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{ids:?}");
    // A description that is missing is not read out.
    for described in mounted.all("[aria-describedby]") {
        for id in described
            .get_attribute("aria-describedby")
            .unwrap()
            .split(' ')
        {
            assert!(ids.iter().any(|other| other == id), "there is no {id}");
        }
    }
}

#[wasm_bindgen_test]
async fn axe_finds_nothing_serious_in_light() {
    let _mounted = Mounted::new().await;
    let _styled = Styled::new(|sheet| sheet.to_owned());
    assert_accessible().await;
}

#[wasm_bindgen_test]
async fn axe_finds_nothing_serious_in_dark() {
    let _mounted = Mounted::new().await;
    // As if this browser's owner preferred dark.
    let _styled = Styled::new(|sheet| sheet.replace("(prefers-color-scheme: dark)", "all"));
    let ground = computed_ground();
    assert_eq!(ground, "rgb(15, 22, 24)", "it is dark");
    assert_accessible().await;
}

#[wasm_bindgen_test]
async fn a_busy_button_keeps_the_focus_and_does_nothing() {
    let mounted = Mounted::new().await;
    let [plain, busy] = ["Grant access", "Signing"].map(|name| mounted.button(name));
    busy.focus().unwrap();
    busy.click();
    settle().await;
    assert_eq!(mounted.text("#pressed"), "0");
    assert_eq!(document().active_element().as_ref(), Some(busy.as_ref()));
    assert_eq!(busy.get_attribute("aria-busy").as_deref(), Some("true"));
    plain.click();
    settle().await;
    assert_eq!(mounted.text("#pressed"), "1");
}

#[wasm_bindgen_test]
async fn what_is_wrong_is_read_out_with_its_field() {
    let mounted = Mounted::new().await;
    let field = mounted.the("#patient");
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(
        field.get_attribute("aria-describedby").as_deref(),
        Some("patient-error")
    );
    assert!(
        mounted
            .text("#patient-error[role=alert]")
            .contains("typing mistake")
    );
    assert_eq!(mounted.the("#title").get_attribute("aria-invalid"), None);
}

#[wasm_bindgen_test]
async fn a_passphrase_is_hidden_until_asked_for() {
    let mounted = Mounted::new().await;
    let field: HtmlInputElement = mounted.the("#passphrase").unchecked_into();
    assert_eq!(field.type_(), "password");
    mounted
        .the("[aria-label='Show Passphrase']")
        .unchecked_into::<HtmlElement>()
        .click();
    settle().await;
    assert_eq!(
        (field.type_(), field.value()),
        ("text".to_owned(), "correct horse".to_owned())
    );
    mounted
        .the("[aria-label='Hide Passphrase']")
        .unchecked_into::<HtmlElement>()
        .click();
    settle().await;
    assert_eq!(field.type_(), "password");
}

#[wasm_bindgen_test]
async fn one_way_is_chosen_and_one_box_ticked() {
    let mounted = Mounted::new().await;
    mounted
        .the("label[for=how-long-visit]")
        .unchecked_into::<HtmlElement>()
        .click();
    mounted
        .the("#written")
        .unchecked_into::<HtmlElement>()
        .click();
    settle().await;
    let checked = mounted
        .all("input")
        .into_iter()
        .map(|input| input.unchecked_into::<HtmlInputElement>());

    let checked = checked
        .filter(HtmlInputElement::checked)
        .map(|input| input.id());
    assert_eq!(checked.collect::<Vec<_>>(), ["how-long-visit", "written"]);
}

#[wasm_bindgen_test]
async fn a_dropped_file_is_taken_and_named() {
    let mounted = Mounted::new().await;
    let parts = Array::of1(&JsValue::from_str("%PDF-1.7"));
    let file = File::new_with_str_sequence(&parts, "letter.pdf").unwrap();
    let transfer = DataTransfer::new().unwrap();
    transfer.items().add_with_file(&file).unwrap();
    let drop = DragEventInit::new();
    drop.set_bubbles(true);
    drop.set_cancelable(true);
    drop.set_data_transfer(Some(&transfer));
    let drop = DragEvent::new_with_event_init_dict("drop", &drop).unwrap();
    let went_on = mounted.the(".file-drop").dispatch_event(&drop).unwrap();
    assert!(!went_on, "the browser would have opened it");
    settle().await;
    assert_eq!(mounted.text(".file-chosen"), "letter.pdf, 8 bytes");
}

#[wasm_bindgen_test]
async fn a_dialog_is_modal_and_gives_the_focus_back() {
    let mounted = Mounted::new().await;
    let revoke = mounted.button("Revoke");
    revoke.focus().unwrap();
    revoke.click();
    settle().await;
    assert_eq!(
        mounted.count("dialog:modal[aria-label=\"Revoke Charité's access?\"]"),
        1
    );
    // What Escape makes of it.
    let cancel = EventInit::new();
    cancel.set_cancelable(true);
    let cancel = Event::new_with_event_init_dict("cancel", &cancel).unwrap();
    mounted.the("dialog").dispatch_event(&cancel).unwrap();
    settle().await;
    assert_eq!(mounted.count("dialog"), 0);
    assert_eq!(document().active_element().as_ref(), Some(revoke.as_ref()));
}

#[wasm_bindgen_test]
async fn a_way_to_go_is_gone_and_reading_starts_there() {
    let mounted = Mounted::new().await;
    let before = document().location().unwrap().href().unwrap();
    mounted
        .the("nav li:nth-child(2) a")
        .unchecked_into::<HtmlElement>()
        .click();
    settle().await;
    assert_eq!(mounted.text("nav [aria-current=page]"), "Records");
    assert_eq!(
        document()
            .active_element()
            .map(|element| element.id())
            .as_deref(),
        Some("main")
    );
    assert_eq!(document().location().unwrap().href().unwrap(), before);
}

#[wasm_bindgen_test]
async fn what_is_shortened_is_there_as_a_whole() {
    let mounted = Mounted::new().await;
    let identifier = mounted.the("dd .identifier");
    assert_eq!(identifier.text_content(), identifier.get_attribute("title"));
    assert_eq!(
        mounted.count("svg[role=img][aria-label='Visit card as a QR code']"),
        1
    );
    assert_eq!(
        mounted.count("ol[aria-label='Recovery phrase'][translate=no] > li"),
        24
    );
}

async fn assert_accessible() {
    settle().await;
    let axe = Function::new_no_args(include_str!("../../tests/axe/axe.min.js"));
    axe.call0(&JsValue::UNDEFINED).unwrap();
    let run = Function::new_no_args(
        "const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
         return axe.run('#gallery', { runOnly: { type: 'tag', values: tags } }).then(found =>
             found.violations
                 .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                 .map(({ id, nodes }) => id + ': ' + nodes.map(node => node.html).join(' ')));",
    );
    let found: Promise = run.call0(&JsValue::UNDEFINED).unwrap().unchecked_into();
    let found = JsFuture::from(found)
        .await
        .unwrap()
        .unchecked_into::<Array>();
    assert_eq!(found.length(), 0, "{}", found.join("\n"));
}

fn computed_ground() -> String {
    let body = document().body().unwrap();
    let style = gloo::utils::window().get_computed_style(&body).unwrap();
    style
        .unwrap()
        .get_property_value("background-color")
        .unwrap()
}

/// The page's style sheets in the document, until dropped.
struct Styled(Vec<Element>);

impl Styled {
    fn new(changed: impl Fn(&str) -> String) -> Self {
        let sheets = [
            include_str!("../styles/base.css"),
            include_str!("../styles/shell.css"),
            include_str!("../styles/controls.css"),
            include_str!("../styles/content.css"),
        ];
        let add = |sheet| {
            let style = document().create_element("style").unwrap();
            style.set_text_content(Some(&changed(sheet)));
            document().head().unwrap().append_child(&style).unwrap();
            style
        };
        Self(sheets.into_iter().map(add).collect())
    }
}

impl Drop for Styled {
    fn drop(&mut self) {
        self.0.iter().for_each(Element::remove);
    }
}

/// The gallery in the document, until dropped.
struct Mounted {
    root: Element,
    app: Option<AppHandle<Gallery>>,
}

impl Mounted {
    async fn new() -> Self {
        let root = document().create_element("div").unwrap();
        root.set_id("gallery");
        document().body().unwrap().append_child(&root).unwrap();
        let app = Some(Renderer::<Gallery>::with_root(root.clone()).render());
        settle().await;
        Self { root, app }
    }

    fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.root.query_selector_all(selector).unwrap();
        let at = |index| found.item(index).map(|node| node.unchecked_into());
        (0..found.length()).filter_map(at).collect()
    }

    fn count(&self, selector: &str) -> usize {
        self.all(selector).len()
    }

    fn the(&self, selector: &str) -> Element {
        let found = self.all(selector);
        assert_eq!(found.len(), 1, "{selector}");
        found.into_iter().next().unwrap()
    }

    fn text(&self, selector: &str) -> String {
        self.the(selector).text_content().unwrap()
    }

    fn button(&self, text: &str) -> HtmlElement {
        let buttons = self.all("button").into_iter();
        let mut named = buttons.filter(|button| button.text_content().as_deref() == Some(text));
        named.next().unwrap().unchecked_into()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Some(app) = self.app.take() {
            app.destroy();
        }
        self.root.remove();
    }
}

/// Yew draws after the present task; a moment is plenty.
async fn settle() {
    sleep(Duration::from_millis(20)).await;
}
