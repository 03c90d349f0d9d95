//! A whole FHIR record.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::{
    Callback, Html, Properties, UseStateHandle, component, html, use_callback, use_effect_with,
    use_memo, use_state,
};

use super::{details::Details, patient::PatientPanel, shared::SharedChart, table::TableView};
use crate::record::fhir::{chart::Chart, resource::ResourceNumber};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ChartViewProps {
    pub(crate) chart: Chart,
}

/// What is open, and from which row it was opened: there the keyboard returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Tables {
        back_from: Option<ResourceNumber>,
    },
    Details {
        resource: ResourceNumber,
        opened_from: ResourceNumber,
    },
}

#[component]
pub(crate) fn ChartView(props: &ChartViewProps) -> Html {
    let chart = use_memo((), |()| SharedChart::new(props.chart.clone()));
    let place = use_state(|| Place::Tables { back_from: None });
    let on_open = use_callback((), {
        let place: UseStateHandle<Place> = place.clone();
        move |resource, ()| {
            place.set(Place::Details {
                resource,
                opened_from: resource,
            });
        }
    });
    use_effect_with(*place, |place| {
        if let Place::Tables {
            back_from: Some(resource),
        } = place
        {
            focus_row(*resource);
        }
    });

    let details = match *place {
        Place::Tables { .. } => Html::default(),
        Place::Details {
            resource,
            opened_from,
        } => {
            let on_follow = {
                let place = place.clone();
                Callback::from(move |resource| {
                    place.set(Place::Details {
                        resource,
                        opened_from,
                    });
                })
            };
            let on_back = {
                let place = place.clone();
                Callback::from(move |()| {
                    place.set(Place::Tables {
                        back_from: Some(opened_from),
                    });
                })
            };
            html! {
                <Details chart={(*chart).clone()} {resource} on_follow={on_follow} {on_back} />
            }
        }
    };
    // The tables stay while details are open, so that filters and pages are as they were left.
    let tables_are_hidden = matches!(*place, Place::Details { .. });
    html! {
        <div class="record-chart">
            { details }
            <div hidden={tables_are_hidden}>
                { remarks(&chart) }
                { for chart.patients.iter().map(|patient| html! {
                    <PatientPanel patient={patient.clone()} on_open={on_open.clone()} />
                }) }
                { for (0..chart.tables.len()).map(|number| html! {
                    <TableView chart={(*chart).clone()} {number} on_open={on_open.clone()} />
                }) }
            </div>
        </div>
    }
}

fn remarks(chart: &Chart) -> Html {
    if chart.remarks.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="record-remarks" role="status">
            { for chart.remarks.iter().map(|remark| html! { <li>{ remark.to_string() }</li> }) }
        </ul>
    }
}

/// The id of the button that opens a resource.
pub(super) fn row_id(resource: ResourceNumber) -> String {
    format!("resource-{}", resource.0)
}

fn focus_row(resource: ResourceNumber) {
    let button = gloo::utils::document().get_element_by_id(&row_id(resource));
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        // A button that cannot take the focus leaves it where it is.
        let _ = button.focus();
    }
}
