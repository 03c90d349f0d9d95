//! One resource: every field of it, and its JSON.

use web_sys::HtmlElement;
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_node_ref};

use super::{fields::fields, shared::SharedChart};
use crate::record::{
    fhir::{resource::ResourceNumber, words},
    raw::Raw,
};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct DetailsProps {
    pub(crate) chart: SharedChart,
    pub(crate) resource: ResourceNumber,
    /// Another resource, to which this one refers.
    pub(crate) on_follow: Callback<ResourceNumber>,
    pub(crate) on_back: Callback<()>,
}

#[component]
pub(crate) fn Details(props: &DetailsProps) -> Html {
    let heading = use_node_ref();
    use_effect_with(props.resource, {
        let heading = heading.clone();
        move |_| {
            // The page has changed under the reader: say so by moving the focus to its head.
            if let Some(heading) = heading.cast::<HtmlElement>() {
                let _ = heading.focus();
            }
        }
    });
    let Some(resource) = props.chart.resource(props.resource) else {
        return Html::default();
    };
    let kind = words::spaced(&resource.kind);
    let title = match props.chart.references.title_of(props.resource) {
        "" => kind.clone(),
        title => title.to_owned(),
    };
    let json = {
        let (chart, number) = (props.chart.clone(), props.resource);
        Callback::from(move |()| {
            let resource = chart.resource(number);
            resource.map(|it| it.body.to_string()).unwrap_or_default()
        })
    };
    html! {
        <section class="record-details" aria-label={title.clone()}>
            <button type="button" class="button" onclick={props.on_back.reform(|_| ())}>
                { "Back to the whole record" }
            </button>
            <h2 tabindex="-1" ref={heading}>{ &title }</h2>
            <p class="record-kind">{ kind }</p>
            { fields(&resource.body, &props.chart.references, &props.on_follow) }
            <Raw key={props.resource.0} id="resource-json" name="raw JSON" text={json} />
        </section>
    }
}
