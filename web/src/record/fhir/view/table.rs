//! A table of resources, folded or open, a page at a time.

use web_sys::HtmlInputElement;
use yew::{Callback, Html, InputEvent, Properties, TargetCast, component, html, use_state};

use super::{chart::row_id, shared::SharedChart};
use crate::record::fhir::{
    resource::ResourceNumber,
    table::{Row, Table},
};

/// How many rows a page has. Bundles hold hundreds of observations and claims, and a phone draws
/// this many at once without a pause.
const PAGE_ROWS: usize = 50;
/// A table with more rows than this is filtered by text; fewer are found by eye.
const UNFILTERED_ROWS_MAX: usize = 10;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct TableViewProps {
    pub(crate) chart: SharedChart,
    /// Which of the chart's tables.
    pub(crate) number: usize,
    pub(crate) on_open: Callback<ResourceNumber>,
}

#[component]
pub(crate) fn TableView(props: &TableViewProps) -> Html {
    let wanted = use_state(String::new);
    let shown_max = use_state(|| PAGE_ROWS);
    let Some(table) = props.chart.tables.get(props.number) else {
        return Html::default();
    };
    let matching = table.matching(&wanted);
    let shown = matching.len().min(*shown_max);
    let on_filter = {
        let (wanted, shown_max) = (wanted.clone(), shown_max.clone());
        Callback::from(move |text| {
            wanted.set(text);
            shown_max.set(PAGE_ROWS);
        })
    };
    let on_more = {
        let shown_max = shown_max.clone();
        Callback::from(move |_| shown_max.set(*shown_max + PAGE_ROWS))
    };
    let label = format!("{} ({})", table.caption, table.rows.len());
    html! {
        <details class="record-section" open={table.first_read}>
            <summary><h2>{ &label }</h2></summary>
            { filter(table, &wanted, on_filter) }
            // Takes the focus, so that the keyboard can scroll it sideways.
            <div class="record-scroll" tabindex="0" role="region" aria-label={label.clone()}>
                <table>
                    <caption>{ &table.caption }</caption>
                    <thead>
                        <tr>
                            { for table.headings.iter().map(|heading| html! {
                                <th scope="col">{ *heading }</th>
                            }) }
                        </tr>
                    </thead>
                    <tbody>
                        { for matching.iter().take(shown).map(|row| view(row, &props.on_open)) }
                    </tbody>
                </table>
            </div>
            { count(table, shown, matching.len()) }
            if shown < matching.len() {
                <button type="button" class="button record-more" onclick={on_more}>
                    { format!("Show more {}", table.caption.to_lowercase()) }
                </button>
            }
        </details>
    }
}

fn view(row: &Row, on_open: &Callback<ResourceNumber>) -> Html {
    let resource = row.resource;
    let onclick = on_open.reform(move |_| resource);
    let mut cells = row.cells.iter();
    html! {
        <tr key={resource.0}>
            <th scope="row">
                <button type="button" id={row_id(resource)} class="record-link" {onclick}>
                    { cells.next().cloned().unwrap_or_default() }
                </button>
            </th>
            { for cells.map(|cell| html! { <td>{ cell }</td> }) }
        </tr>
    }
}

fn filter(table: &Table, wanted: &str, on_filter: Callback<String>) -> Html {
    if table.rows.len() <= UNFILTERED_ROWS_MAX {
        return Html::default();
    }
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            on_filter.emit(input.value());
        }
    });
    html! {
        <label class="record-filter">
            <span>{ format!("Filter {}", table.caption.to_lowercase()) }</span>
            <input type="search" value={wanted.to_owned()} autocomplete="off" {oninput} />
        </label>
    }
}

fn count(table: &Table, shown: usize, matching: usize) -> Html {
    let all = table.rows.len();
    if shown == all {
        return Html::default();
    }
    let text = if matching == all {
        format!("{shown} of {all} shown")
    } else {
        format!("{shown} of {matching} shown that match, {all} in all")
    };
    html! { <p class="record-count" role="status">{ text }</p> }
}
