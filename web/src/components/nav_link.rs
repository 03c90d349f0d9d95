//! A way to go, which says whether one is there already.

use yew::{AttrValue, Html, MouseEvent, Properties, component, html};
use yew_router::{Routable, hooks::use_navigator};

use super::{Icon, Picture};

#[derive(Clone, PartialEq, Properties)]
pub(super) struct NavLinkProps<R: Routable> {
    pub(super) to: R,
    pub(super) label: AttrValue,
    #[prop_or_default]
    pub(super) icon: Option<Icon>,
    /// Whether the page is there, or at an address below.
    pub(super) current: bool,
}

/// Like the router's own link, but that one cannot say `aria-current`.
#[component]
pub(super) fn NavLink<R: Routable + 'static>(props: &NavLinkProps<R>) -> Html {
    let navigator = use_navigator();
    let onclick = {
        let to = props.to.clone();
        move |event: MouseEvent| {
            // With a key held, the person wants another window: the browser's own business.
            if event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key() {
                return;
            }
            if let Some(navigator) = &navigator {
                event.prevent_default();
                navigator.push(&to);
            }
        }
    };
    html! {
        <a href={props.to.to_path()} aria-current={props.current.then_some("page")} {onclick}>
            if let Some(icon) = props.icon {
                <Picture {icon} />
            }
            { &props.label }
        </a>
    }
}
