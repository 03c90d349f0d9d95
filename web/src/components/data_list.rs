//! Terms and their values.

use yew::{AttrValue, Html, Properties, component, html};

/// What [`DataList`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct DataListProps {
    /// Terms and their values, in their order.
    pub entries: Vec<(AttrValue, Html)>,
}

/// A description list: values beside their terms where there is room, else below.
#[component]
pub fn DataList(props: &DataListProps) -> Html {
    html! {
        <dl class="data-list">
            { for props.entries.iter().map(|(term, value)| html! {
                <div><dt>{ term }</dt><dd>{ value.clone() }</dd></div>
            }) }
        </dl>
    }
}
