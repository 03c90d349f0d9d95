//! Opened records, drawn in a real browser.
#![cfg(target_arch = "wasm32")]
// Clippy's leave for tests covers functions under `#[test]` alone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{cell::RefCell, rc::Rc, time::Duration};

use gloo::timers::future::sleep;
use js_sys::{Array, Uint8Array};
use keepwell_seal::MediaType;
use keepwell_web::record::{
    Content, RecordView, RecordViewProps,
    dicom::{self, StudyView, StudyViewProps},
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{
    Blob, CanvasRenderingContext2d, Element, Event, HtmlCanvasElement, HtmlElement,
    HtmlImageElement, HtmlInputElement,
};
use yew::{Callback, Renderer};

wasm_bindgen_test_configure!(run_in_browser);

const JOHNNIE: &[u8] = include_bytes!("../../samples/fhir/johnnie.json");
const MIGUEL_ANGEL: &[u8] = include_bytes!("../../samples/fhir/miguel-angel.json");
const CT_SMALL: &[u8] = include_bytes!("../../samples/dicom/CT_small.dcm");
const LETTER: &[u8] = include_bytes!("../../samples/pdf/discharge-letter.pdf");
/// One red pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\
    \x00\x00\x00\x0cIDATx\xdac\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xf7\x03AC\x00\x00\x00\x00IEND\xaeB`\x82";

/// A record on the page, and how often *Save* was pressed.
struct Shown {
    root: Element,
    saved: Rc<RefCell<usize>>,
}

impl Shown {
    async fn new(media_type: MediaType, bytes: &[u8]) -> Self {
        let root = root();
        let parts = Array::of1(&Uint8Array::from(bytes));
        let saved = Rc::new(RefCell::new(0));
        let props = RecordViewProps {
            content: Content {
                media_type,
                title: "The record".into(),
                file_name: "record.bin".into(),
                blob: Blob::new_with_u8_array_sequence(&parts).unwrap(),
            },
            on_save: Callback::from({
                let saved = Rc::clone(&saved);
                move |()| *saved.borrow_mut() += 1
            }),
        };
        Renderer::<RecordView>::with_root_and_props(root.clone(), props).render();
        let shown = Self { root, saved };
        let is_read =
            |shown: &Self| !shown.all(".record").is_empty() && !shown.text().contains("Opening…");
        shown.until("is read", is_read).await;
        shown
    }

    fn text(&self) -> String {
        self.root.text_content().unwrap()
    }

    fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.root.query_selector_all(selector).unwrap();
        let nodes = (0..found.length()).filter_map(|place| found.get(place));
        nodes.map(JsCast::unchecked_into).collect()
    }

    fn one(&self, selector: &str) -> Element {
        let found = self.all(selector);
        assert_eq!(found.len(), 1, "{selector}");
        found.into_iter().next().unwrap()
    }

    fn button(&self, name: &str) -> HtmlElement {
        let buttons = self.all("button");
        let is_called = |button: &Element| {
            let label = button.get_attribute("aria-label");
            label.or_else(|| button.text_content()).as_deref() == Some(name)
        };
        let found = buttons.into_iter().find(is_called);
        found
            .unwrap_or_else(|| panic!("a button {name}"))
            .unchecked_into()
    }

    /// The table with that caption, and its rows.
    fn table(&self, caption: &str) -> (Element, Vec<Element>) {
        let captions = self.all("caption");
        let found = captions
            .into_iter()
            .find(|it| it.text_content().as_deref() == Some(caption));
        let table = found.unwrap_or_else(|| panic!("a table {caption}"));
        let table = table.parent_element().unwrap();
        let rows = table.query_selector_all("tbody tr").unwrap();
        let rows = (0..rows.length()).filter_map(|place| rows.get(place));
        let rows = rows.map(JsCast::unchecked_into).collect();
        (table, rows)
    }

    async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        until(what, || holds(self)).await;
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.root.remove();
    }
}

fn root() -> Element {
    let document = gloo::utils::document();
    let root = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&root).unwrap();
    root
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..400 {
        if holds() {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("waited in vain until it {what}");
}

#[wasm_bindgen_test]
async fn a_bundle_has_its_patient_and_captioned_tables() {
    let shown = Shown::new(MediaType::FhirJson, JOHNNIE).await;
    let patient = shown.one(".record-patient");
    assert!(
        patient
            .text_content()
            .unwrap()
            .contains("Johnnie679 Hermiston71")
    );
    assert!(patient.text_content().unwrap().contains("2009-03-20"));
    let captions: Vec<_> = shown
        .all("caption")
        .iter()
        .filter_map(|it| it.text_content())
        .collect();
    for wanted in [
        "Conditions",
        "Medications prescribed",
        "Observations: laboratory",
        "Immunisations",
        "Procedures",
    ] {
        assert!(captions.iter().any(|caption| caption == wanted), "{wanted}");
    }
    let (table, rows) = shown.table("Conditions");
    assert_eq!(rows.len(), 4);
    assert!(
        rows[0]
            .text_content()
            .unwrap()
            .contains("Acute bronchitis (disorder)")
    );
    for heading in ["thead th[scope=col]", "tbody th[scope=row]"] {
        assert_eq!(
            table.query_selector_all(heading).unwrap().length(),
            4,
            "{heading}"
        );
    }
    let scroller = table.parent_element().unwrap();
    assert_eq!(scroller.get_attribute("tabindex").as_deref(), Some("0"));
    assert_eq!(
        scroller.get_attribute("aria-label").as_deref(),
        Some("Conditions (4)")
    );
}

#[wasm_bindgen_test]
async fn a_resource_opens_with_all_its_fields_and_its_json_behind_a_button() {
    let shown = Shown::new(MediaType::FhirJson, JOHNNIE).await;
    let (_, rows) = shown.table("Conditions");
    let opener: HtmlElement = rows[0]
        .query_selector("button")
        .unwrap()
        .unwrap()
        .unchecked_into();
    opener.click();
    shown
        .until("opens details", |it| !it.all(".record-details").is_empty())
        .await;
    let details = shown.one(".record-details");
    let text = details.text_content().unwrap();
    assert!(
        text.contains("Clinical status") && text.contains("Verification status"),
        "{text}"
    );
    assert!(
        shown.all("pre").is_empty(),
        "the JSON is not there before it is asked for"
    );

    let toggle = shown.button("Show raw JSON");
    assert_eq!(
        toggle.get_attribute("aria-expanded").as_deref(),
        Some("false")
    );
    toggle.click();
    shown
        .until("shows JSON", |it| !it.all("pre").is_empty())
        .await;
    assert_eq!(
        toggle.get_attribute("aria-expanded").as_deref(),
        Some("true")
    );
    let json = shown.one("pre").text_content().unwrap();
    assert!(json.contains("\"resourceType\": \"Condition\""), "{json}");

    // The patient it refers to is one press away, and the way back leads to the row.
    shown.button("Johnnie679 Hermiston71").click();
    shown
        .until("follows", |it| it.text().contains("Multiple birth boolean"))
        .await;
    shown.button("Back to the whole record").click();
    shown
        .until("goes back", |it| it.all(".record-details").is_empty())
        .await;
    let focused = || {
        gloo::utils::document()
            .active_element()
            .and_then(|it| it.text_content())
    };
    until("focuses the row", || focused() == opener.text_content()).await;
}

#[wasm_bindgen_test]
async fn long_tables_come_in_pages_and_are_filtered() {
    let shown = Shown::new(MediaType::FhirJson, MIGUEL_ANGEL).await;
    let caption = "Observations: vital signs";
    let rows = |shown: &Shown| shown.table(caption).1.len();
    assert_eq!(rows(&shown), 50);
    assert!(shown.text().contains("50 of 421 shown"));
    shown.button("Show more observations: vital signs").click();
    shown.until("shows more", |it| rows(it) == 100).await;

    let labels = shown.all("label");
    let label = labels
        .iter()
        .find(|it| it.text_content().as_deref() == Some("Filter observations: vital signs"));
    let input = label.unwrap().query_selector("input").unwrap().unwrap();
    let input: HtmlInputElement = input.unchecked_into();
    input.set_value("blood pressure 1998-08-23");
    let bubbling = web_sys::EventInit::new();
    bubbling.set_bubbles(true);
    let event = Event::new_with_event_init_dict("input", &bubbling).unwrap();
    input.dispatch_event(&event).unwrap();
    shown.until("is filtered", |it| rows(it) < 50).await;
    for row in shown.table(caption).1 {
        assert!(
            row.text_content()
                .unwrap()
                .contains("Systolic blood pressure: 130.1 mm[Hg]")
        );
    }
}

#[wasm_bindgen_test]
async fn what_is_no_fhir_is_said_and_shown_as_text_and_saved() {
    let shown = Shown::new(
        MediaType::FhirJson,
        b"{\"resourceType\": \"Patient\", <b>oops</b>",
    )
    .await;
    let alert = shown.one("[role=alert]").text_content().unwrap();
    assert!(
        alert.contains("it breaks the rules of JSON in line 1"),
        "{alert}"
    );
    shown.button("Show text as it is").click();
    shown
        .until("shows the text", |it| !it.all("pre").is_empty())
        .await;
    assert!(
        shown
            .one("pre")
            .text_content()
            .unwrap()
            .contains("<b>oops</b>")
    );
    shown.button("Save record.bin").click();
    shown.until("saves", |it| *it.saved.borrow() == 1).await;
}

#[wasm_bindgen_test]
async fn a_pdf_is_shown_inline_or_offered_to_save() {
    let shown = Shown::new(MediaType::Pdf, LETTER).await;
    let viewer = js_sys::Reflect::get(
        &gloo::utils::window().navigator(),
        &"pdfViewerEnabled".into(),
    );
    if viewer.unwrap().is_truthy() {
        let frame = shown.one("iframe");
        assert_eq!(frame.get_attribute("title").as_deref(), Some("The record"));
        assert!(frame.get_attribute("src").unwrap().starts_with("blob:"));
    } else {
        assert!(
            shown
                .one("[role=alert]")
                .text_content()
                .unwrap()
                .contains("cannot show a PDF")
        );
    }
    shown.button("Save record.bin");
}

#[wasm_bindgen_test]
async fn an_image_is_shown_and_a_broken_one_is_offered_to_save() {
    let shown = Shown::new(MediaType::Png, PNG).await;
    let image: HtmlImageElement = shown.one("img").unchecked_into();
    assert_eq!(image.alt(), "The record");
    until("is decoded", || image.natural_width() == 1).await;

    let broken = Shown::new(MediaType::Jpeg, b"\xff\xd8\xff no more").await;
    broken
        .until("gives up", |it| !it.all("[role=alert]").is_empty())
        .await;
    assert!(broken.text().contains("cannot show this image"));
}

#[wasm_bindgen_test]
async fn a_dicom_file_without_its_program_is_offered_to_save() {
    // The server of these tests has only these tests: the program cannot be loaded from it, as from
    // a relay that has gone.
    let shown = Shown::new(MediaType::Dicom, CT_SMALL).await;
    let alert = shown.one("[role=alert]").text_content().unwrap();
    assert!(alert.contains("could not be loaded"), "{alert}");
}

#[wasm_bindgen_test]
async fn a_dicom_slice_is_drawn_with_its_header() {
    let root = root();
    let props = StudyViewProps {
        study: Rc::new(dicom::read(CT_SMALL).unwrap()),
        title: "A slice".into(),
    };
    Renderer::<StudyView>::with_root_and_props(root.clone(), props).render();
    let canvas = || root.query_selector("canvas[role=img]").unwrap();
    until("has a canvas", || canvas().is_some()).await;
    let canvas: HtmlCanvasElement = canvas().unwrap().unchecked_into();
    assert_eq!(
        canvas.get_attribute("aria-label").as_deref(),
        Some("A slice")
    );
    assert_eq!((canvas.width(), canvas.height()), (128, 128));
    let pixels = || {
        let context = canvas.get_context("2d").unwrap().unwrap();
        let context: CanvasRenderingContext2d = context.unchecked_into();
        context
            .get_image_data(0.0, 0.0, 128.0, 128.0)
            .unwrap()
            .data()
            .0
    };
    until("is drawn", || pixels().iter().any(|byte| *byte != 0)).await;
    let study = dicom::read(CT_SMALL).unwrap();
    assert_eq!(pixels(), study.picture.unwrap().rgba);
    let mut shades = pixels();
    shades.sort_unstable();
    shades.dedup();
    assert!(shades.len() > 100, "{} shades", shades.len());

    let text = root.text_content().unwrap();
    for wanted in [
        "CompressedSamples CT1",
        "2004-01-19",
        "SliceThickness",
        "Header (270 elements)",
        "100 of 270 shown",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
    root.remove();
}
