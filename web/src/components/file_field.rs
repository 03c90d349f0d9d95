//! Where a person gives the page a file, chosen or dropped.

use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, File, HtmlInputElement};
use yew::{AttrValue, Callback, Event, Html, Properties, component, html, use_state_eq};

use super::field::{described_by, error, hint};

/// A file that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenFile {
    /// Its name.
    pub name: AttrValue,
    /// Its size in words.
    pub size: AttrValue,
}

/// What [`FileField`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct FileFieldProps {
    /// Its id, unlike any other on the page.
    pub id: AttrValue,
    /// Its name.
    pub label: AttrValue,
    /// What helps to choose.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong with the file.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// What kinds the browser offers, as HTML's `accept`. Any kind may still come.
    #[prop_or_default]
    pub accept: Option<AttrValue>,
    /// Told each file that is given.
    pub onfile: Callback<File>,
    /// The file that was given.
    #[prop_or_default]
    pub chosen: Option<ChosenFile>,
    /// Whether none is taken now.
    #[prop_or_default]
    pub disabled: bool,
}

/// The browser's own file input, in a field that files can be dropped on.
#[component]
pub fn FileField(props: &FileFieldProps) -> Html {
    let FileFieldProps {
        id,
        label,
        accept,
        disabled,
        ..
    } = props.clone();
    let over = use_state_eq(|| false);
    let set_over = |is: bool| {
        let over = over.clone();
        move |event: DragEvent| {
            // Without this, the browser would leave the page for the file.
            event.prevent_default();
            over.set(is && !disabled);
        }
    };
    let ondrop = {
        let (over, onfile) = (over.clone(), props.onfile.clone());
        move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            if let Some(file) = dropped(&event).filter(|_| !disabled) {
                onfile.emit(file);
            }
        }
    };
    let onchange = {
        let onfile = props.onfile.clone();
        move |event: Event| {
            if let Some(file) = chosen_in(&event) {
                onfile.emit(file);
            }
        }
    };
    html! {
        <div class="field">
            <label for={&id}>{ label }</label>
            { hint(&id, props.hint.as_ref()) }
            <div
                class={if *over { "file-drop file-drop-over" } else { "file-drop" }}
                ondragenter={set_over(true)} ondragover={set_over(true)} ondragleave={set_over(false)}
                {ondrop}
            >
                <input
                    type="file" id={&id} {accept} {disabled} {onchange}
                    aria-describedby={described_by(&id, props.hint.is_some(), props.error.is_some())}
                    aria-invalid={props.error.is_some().then_some("true")}
                />
                <p class="file-chosen" role="status">{ said(props.chosen.as_ref()) }</p>
            </div>
            { error(&id, props.error.as_ref()) }
        </div>
    }
}

fn said(chosen: Option<&ChosenFile>) -> Html {
    match chosen {
        Some(file) => html! { <><b>{ &file.name }</b>{ ", " }{ &file.size }</> },
        None => html! { <span class="soft">{ "No file yet. You can also drop one here." }</span> },
    }
}

fn chosen_in(event: &Event) -> Option<File> {
    let input = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    let file = input.files()?.get(0);
    // So that choosing the same file again, after it was mended, is a change.
    input.set_value("");
    file
}

fn dropped(event: &DragEvent) -> Option<File> {
    event.data_transfer()?.files()?.get(0)
}
