//! The patient at the head of a record.

use yew::{Callback, Html, Properties, component, html};

use super::chart::row_id;
use crate::record::fhir::{patient::Patient, resource::ResourceNumber};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct PatientPanelProps {
    pub(crate) patient: Patient,
    pub(crate) on_open: Callback<ResourceNumber>,
}

#[component]
pub(crate) fn PatientPanel(props: &PatientPanelProps) -> Html {
    let patient = &props.patient;
    let resource = patient.resource;
    let onclick = props.on_open.reform(move |_| resource);
    html! {
        <section class="record-patient" aria-label={format!("Patient: {}", patient.name)}>
            <h2>{ &patient.name }</h2>
            <dl class="record-facts">
                { for patient.facts.iter().map(|(label, text)| html! {
                    <div><dt>{ *label }</dt><dd>{ text }</dd></div>
                }) }
            </dl>
            <button type="button" id={row_id(resource)} class="record-link" {onclick}>
                { format!("All about {}", patient.name) }
            </button>
        </section>
    }
}
