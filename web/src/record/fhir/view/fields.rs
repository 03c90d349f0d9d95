//! All fields of a resource as a nested list of names and values, whatever they are.
//!
//! Nothing is left out or shortened but attachments that are no text. Nesting is bounded where the
//! JSON is read.

use yew::{Callback, Html, html};

use crate::record::{
    fhir::{base64, markup, references::References, resource::ResourceNumber, words},
    json::Json,
    size::Size,
};

/// The fields of an object, in their order.
pub(super) fn fields(
    object: &Json,
    references: &References,
    on_follow: &Callback<ResourceNumber>,
) -> Html {
    let view = |(name, value): &(String, Json)| {
        let value = match special(object, name, value, references, on_follow) {
            Some(view) => view,
            None => any(value, references, on_follow),
        };
        html! { <div><dt>{ words::spaced(name) }</dt><dd>{ value }</dd></div> }
    };
    html! { <dl class="record-fields">{ for object.fields().iter().map(view) }</dl> }
}

fn any(value: &Json, references: &References, on_follow: &Callback<ResourceNumber>) -> Html {
    match value {
        Json::Null => html! { "nothing" },
        Json::List(items) if items.is_empty() => html! { "none" },
        Json::Object(parts) if parts.is_empty() => html! { "nothing" },
        Json::List(items) => {
            let view = |item| html! { <li>{ any(item, references, on_follow) }</li> };
            html! { <ul class="record-list">{ for items.iter().map(view) }</ul> }
        }
        Json::Object(_) => fields(value, references, on_follow),
        scalar => html! { <span class="record-text">{ scalar.scalar() }</span> },
    }
}

/// Fields that mean more than their text: narratives, attachments, and references that lead
/// somewhere.
fn special(
    object: &Json,
    name: &str,
    value: &Json,
    references: &References,
    on_follow: &Callback<ResourceNumber>,
) -> Option<Html> {
    let text = value.text()?;
    match name {
        "div" => Some(html! { <span class="record-text">{ markup::text(text) }</span> }),
        "data" if !object.at("contentType").is_null() => Some(attachment(object, text)),
        "reference" => {
            let target = references.resolve(text)?;
            let title = match references.title_of(target) {
                "" => text,
                title => title,
            };
            let onclick = on_follow.reform(move |_| target);
            Some(html! {
                <>
                    <button type="button" class="record-link" {onclick}>{ title }</button>
                    <span class="record-aside">{ text }</span>
                </>
            })
        }
        _ => None,
    }
}

/// FHIR R4, "Attachment": base64, with its media type beside it.
fn attachment(object: &Json, data: &str) -> Html {
    let media_type = object.at("contentType").scalar();
    let Some(bytes) = base64::decode(data) else {
        return html! { "cannot be read: this is not base64" };
    };
    let size = Size::of(bytes.len());
    match String::from_utf8(bytes) {
        Ok(text) if media_type.starts_with("text/plain") => {
            html! { <span class="record-text">{ text }</span> }
        }
        _ => html! { { format!("{media_type}, {size}, in the raw JSON") } },
    }
}
