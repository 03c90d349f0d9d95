//! The ways between the pages of one part.

use yew::{AttrValue, Html, Properties, component, html};
use yew_router::Routable;

use super::nav_link::NavLink;

/// What [`SubNavigation`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct SubNavigationProps<R: Routable> {
    /// Its name, unlike that of any other navigation on the page.
    pub label: AttrValue,
    /// Where each way leads, what it is called, and whether the page is there or below.
    pub ways: Vec<(R, AttrValue, bool)>,
}

/// Links in a row, which breaks where it is wider than the page.
#[component]
pub fn SubNavigation<R: Routable + 'static>(props: &SubNavigationProps<R>) -> Html {
    html! {
        <nav class="sub-navigation" aria-label={&props.label}>
            <ul>
                { for props.ways.iter().map(|(to, label, current)| html! {
                    <li><NavLink<R> to={to.clone()} {label} current={*current} /></li>
                }) }
            </ul>
        </nav>
    }
}
