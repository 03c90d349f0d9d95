//! Rows and columns.

use yew::{AttrValue, Html, Properties, component, html};

/// What [`Table`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct TableProps {
    /// What the table is, and its name.
    pub caption: AttrValue,
    /// The names of the columns.
    pub columns: Vec<AttrValue>,
    /// The cells of each row, as many as there are columns. The first names its row.
    pub rows: Vec<Vec<Html>>,
}

/// A table that scrolls by itself where it is wider than the page. The frame it scrolls in can take
/// the focus, so that the arrow keys move it.
#[component]
pub fn Table(props: &TableProps) -> Html {
    html! {
        <div class="table-scroll" role="region" aria-label={&props.caption} tabindex="0">
            <table class="table">
                <caption>{ &props.caption }</caption>
                <thead>
                    <tr>
                        { for props.columns.iter().map(|name| html! { <th scope="col">{ name }</th> }) }
                    </tr>
                </thead>
                <tbody>{ for props.rows.iter().map(|cells| row(cells)) }</tbody>
            </table>
        </div>
    }
}

fn row(cells: &[Html]) -> Html {
    let Some((first, others)) = cells.split_first() else {
        return Html::default();
    };
    html! {
        <tr>
            <th scope="row">{ first.clone() }</th>
            { for others.iter().map(|cell| html! { <td>{ cell.clone() }</td> }) }
        </tr>
    }
}
