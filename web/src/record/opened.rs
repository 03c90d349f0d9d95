//! Reads an opened record's bytes and shows what they are.
//!
//! Views never touch a port, and whoever shows a record should not have to know what its kind
//! needs: a text, bytes, an address, or a program of its own. This is the one component between the
//! two; all it draws is drawn by views that take values.

use std::rc::Rc;

use keepwell_seal::MediaType;
use web_sys::Blob;
use yew::{
    AttrValue, Callback, Html, Properties, component, html, platform::spawn_local, use_effect_with,
    use_state,
};

use super::{
    content::Content,
    dicom::{Study, StudyView},
    fhir::{self, ChartView},
    frame::Frame,
    raw::Raw,
};
use crate::ports::{
    blob::{self, ObjectUrl},
    dicom, viewer,
};

/// A larger bundle is saved, not drawn: read and laid out, it takes ten times its size of a phone's
/// memory. Synthea's largest patients have half as much.
const FHIR_BYTES_MAX: usize = 32 << 20;
/// A larger DICOM file is saved, not drawn: its reader holds the file and a copy of it in the 4 GiB
/// that a program has here.
const DICOM_BYTES_MAX: usize = 512 << 20;

/// What is to be shown, and what *Save* does.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RecordViewProps {
    /// The record.
    pub content: Content,
    /// The reader wants the file.
    pub on_save: Callback<()>,
}

/// What the bytes turned out to be.
enum Reading {
    Busy,
    Chart(fhir::Chart),
    Study(Rc<Study>),
    Pdf(ObjectUrl),
    Image(ObjectUrl),
    /// Why it is not shown, and its text if it is one.
    NotShown {
        why: String,
        text: Option<AttrValue>,
    },
}

/// Shows an opened record, with *Save*.
#[component]
pub fn RecordView(props: &RecordViewProps) -> Html {
    let content = &props.content;
    let reading = use_state(|| Reading::Busy);
    use_effect_with((content.media_type, content.blob.clone()), {
        let reading = reading.clone();
        move |(media_type, blob)| {
            reading.set(Reading::Busy);
            let (media_type, blob) = (*media_type, blob.clone());
            spawn_local(async move { reading.set(read(media_type, &blob).await) });
        }
    });
    let on_broken = {
        let reading = reading.clone();
        Callback::from(move |()| {
            reading.set(not_shown("This browser cannot show this image."));
        })
    };
    let title = &content.title;
    let view = match &*reading {
        Reading::Busy => html! { <p role="status">{ "Opening…" }</p> },
        Reading::Chart(chart) => html! { <ChartView chart={chart.clone()} /> },
        Reading::Study(study) => {
            html! { <StudyView study={study.clone()} title={title.clone()} /> }
        }
        Reading::Pdf(url) => html! {
            <iframe class="record-pdf" src={url.address()} title={title.clone()} />
        },
        Reading::Image(url) => html! {
            <img
                class="record-image"
                src={url.address()}
                alt={title.clone()}
                onerror={on_broken.reform(|_| ())}
            />
        },
        Reading::NotShown { why, text } => not_shown_view(why, text.as_ref()),
    };
    html! {
        <Frame
            media_type={content.media_type}
            title={title.clone()}
            file_name={content.file_name.clone()}
            size_bytes={blob::size_bytes(&content.blob)}
            on_save={props.on_save.clone()}
        >
            { view }
        </Frame>
    }
}

async fn read(media_type: MediaType, blob: &Blob) -> Reading {
    let size_bytes = blob::size_bytes(blob);
    match media_type {
        MediaType::FhirJson if size_bytes > FHIR_BYTES_MAX => {
            not_shown("This record is too large to show here.")
        }
        MediaType::Dicom if size_bytes > DICOM_BYTES_MAX => {
            not_shown("This image is too large to show here.")
        }
        MediaType::FhirJson => read_fhir(blob).await,
        MediaType::Dicom => match dicom::read(blob).await {
            Ok(study) => Reading::Study(Rc::new(study)),
            Err(error) => not_shown(&error.to_string()),
        },
        MediaType::Pdf if !viewer::shows_pdf() => not_shown("This browser cannot show a PDF here."),
        MediaType::Pdf => with_address(blob, media_type, Reading::Pdf),
        MediaType::Png | MediaType::Jpeg => with_address(blob, media_type, Reading::Image),
    }
}

async fn read_fhir(blob: &Blob) -> Reading {
    let Some(bytes) = blob::bytes(blob).await else {
        return not_shown("This browser could not read this record.");
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return not_shown("This is not a FHIR record: it is not a text in UTF-8.");
    };
    match fhir::read(&text) {
        Ok(chart) => Reading::Chart(chart),
        Err(error) => Reading::NotShown {
            why: error.to_string(),
            text: Some(text.into()),
        },
    }
}

fn with_address(
    blob: &Blob,
    media_type: MediaType,
    reading: impl FnOnce(ObjectUrl) -> Reading,
) -> Reading {
    match ObjectUrl::new(blob, media_type) {
        Some(url) => reading(url),
        None => not_shown("This browser could not read this record."),
    }
}

fn not_shown(why: &str) -> Reading {
    Reading::NotShown {
        why: why.to_owned(),
        text: None,
    }
}

fn not_shown_view(why: &str, text: Option<&AttrValue>) -> Html {
    let raw = text.map(|text| {
        let text = text.clone();
        let text = Callback::from(move |()| text.to_string());
        html! { <Raw id="record-text" name="text as it is" {text} /> }
    });
    html! {
        <div class="record-not-shown">
            <p role="alert">{ why }{ " You can save it and open it with another program." }</p>
            { raw }
        </div>
    }
}
