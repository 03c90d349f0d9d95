//! The header as a table, a page at a time.

use std::rc::Rc;

use yew::{Callback, Html, Properties, component, html, use_state};

use crate::record::dicom::{Element, Study};

/// How many elements a page has: about as many as a common header has beside its private ones.
const PAGE_ELEMENTS: usize = 100;
const HEADINGS: [&str; 4] = ["Tag", "Keyword", "VR", "Value"];

#[derive(Clone, PartialEq, Properties)]
pub(super) struct HeaderTableProps {
    pub(super) study: Rc<Study>,
}

#[component]
pub(super) fn HeaderTable(props: &HeaderTableProps) -> Html {
    let shown_max = use_state(|| PAGE_ELEMENTS);
    let elements = &props.study.elements;
    let shown = elements.len().min(*shown_max);
    let on_more = {
        let shown_max = shown_max.clone();
        Callback::from(move |_| shown_max.set(*shown_max + PAGE_ELEMENTS))
    };
    let label = format!("Header ({} elements)", elements.len());
    html! {
        <details class="record-section" open=true>
            <summary><h2>{ &label }</h2></summary>
            <div class="record-scroll" tabindex="0" role="region" aria-label={label.clone()}>
                <table>
                    <caption>{ "Header" }</caption>
                    <thead>
                        <tr>{ for HEADINGS.map(|it| html! { <th scope="col">{ it }</th> }) }</tr>
                    </thead>
                    <tbody>{ for elements.iter().take(shown).map(row) }</tbody>
                </table>
            </div>
            if shown < elements.len() {
                <p class="record-count" role="status">
                    { format!("{shown} of {} shown", elements.len()) }
                </p>
                <button type="button" class="button record-more" onclick={on_more}>
                    { "Show more of the header" }
                </button>
            }
        </details>
    }
}

/// What lies in a sequence is marked as the standard's own tables mark it: `>` for each level.
fn row(element: &Element) -> Html {
    let nesting = ">".repeat(element.depth);
    html! {
        <tr>
            <th scope="row" class="record-tag">{ format!("{nesting}{}", element.tag) }</th>
            <td>{ &element.keyword }</td>
            <td>{ &element.vr }</td>
            <td class="record-text">{ &element.value }</td>
        </tr>
    }
}
