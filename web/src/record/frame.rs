//! What surrounds every opened record: what it is, how large, and *Save*.

use keepwell_seal::MediaType;
use yew::{AttrValue, Callback, Children, Html, Properties, component, html};

use super::size::Size;
use crate::components::Button;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FrameProps {
    pub(crate) media_type: MediaType,
    pub(crate) title: AttrValue,
    pub(crate) file_name: AttrValue,
    pub(crate) size_bytes: usize,
    pub(crate) on_save: Callback<()>,
    pub(crate) children: Children,
}

#[component]
pub(crate) fn Frame(props: &FrameProps) -> Html {
    let kind = kind(props.media_type);
    let size = Size::of(props.size_bytes);
    html! {
        <section class="record" aria-label={props.title.clone()}>
            <div class="record-bar">
                <p class="record-kind">{ format!("{kind}, {size}") }</p>
                <Button
                    label="Save"
                    name={format!("Save {}", props.file_name)}
                    onclick={props.on_save.reform(|_| ())}
                />
            </div>
            { props.children.clone() }
        </section>
    }
}

fn kind(media_type: MediaType) -> &'static str {
    match media_type {
        MediaType::FhirJson => "Medical record (FHIR)",
        MediaType::Pdf => "PDF document",
        MediaType::Png => "PNG image",
        MediaType::Jpeg => "JPEG image",
        MediaType::Dicom => "Medical image (DICOM)",
    }
}
