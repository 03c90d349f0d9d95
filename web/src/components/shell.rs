//! The frame around every page: the mark, where the page stands with its relay, and the ways to go.
//!
//! It knows no address by itself: the routes are a type parameter. After a change of address the
//! focus goes to the page's content, as it would after loading a document.

use web_sys::HtmlElement;
use yew::{
    AttrValue, Html, NodeRef, Properties, component, html, use_effect_with, use_mut_ref,
    use_node_ref,
};
use yew_router::{Routable, components::Link, hooks::use_route};

use super::{Icon, nav_link::NavLink};

/// One way to go.
#[derive(Clone, Debug, PartialEq)]
pub struct NavItem<R> {
    /// Where it leads.
    pub to: R,
    /// Its name, one or two short words.
    pub label: AttrValue,
    /// Its picture.
    pub icon: Icon,
}

/// What [`Shell`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct ShellProps<R: Routable> {
    /// Where the mark leads.
    pub home: R,
    /// The ways to go, at most five: more have no room on a phone. None, and there is no bar.
    #[prop_or_default]
    pub navigation: Vec<NavItem<R>>,
    /// How the page stands with its relay, in a line.
    #[prop_or_default]
    pub status: Html,
    /// The page.
    pub children: Html,
}

/// The frame. It must be inside a router.
#[component]
pub fn Shell<R: Routable + 'static>(props: &ShellProps<R>) -> Html {
    let main = use_node_ref();
    let drawn_at = use_mut_ref(|| None::<String>);
    let path = use_route::<R>()
        .map(|route| route.to_path())
        .unwrap_or_default();
    use_effect_with((path.clone(), main.clone()), move |(path, main)| {
        let before = drawn_at.borrow_mut().replace(path.clone());
        // The document that was just loaded has the focus where it belongs.
        if before.is_some_and(|before| before != *path) {
            start_reading_at(main);
        }
    });
    let skip = {
        let main = main.clone();
        move |event: yew::MouseEvent| {
            // A fragment in the address would be taken for the network's.
            event.prevent_default();
            start_reading_at(&main);
        }
    };
    html! {
        <div class="shell">
            <a class="skip-link" href="#main" onclick={skip}>{ "Skip to the content" }</a>
            <header class="shell-header">
                <Link<R> classes="shell-mark" to={props.home.clone()}>{ mark() }{ "Keepwell" }</Link<R>>
                <div class="shell-status">{ props.status.clone() }</div>
            </header>
            { navigation(&props.navigation, &path) }
            <main id="main" class="shell-main" tabindex="-1" ref={main}>{ props.children.clone() }</main>
        </div>
    }
}

fn start_reading_at(main: &NodeRef) {
    if let Some(main) = main.cast::<HtmlElement>() {
        // It cannot fail for an element of the document; and if it did, reading would start on top.
        let _ = main.focus();
    }
    gloo::utils::window().scroll_to_with_x_and_y(0.0, 0.0);
}

fn navigation<R: Routable + 'static>(items: &[NavItem<R>], path: &str) -> Html {
    if items.is_empty() {
        return Html::default();
    }
    html! {
        <nav class="shell-navigation" aria-label="Main">
            <ul>{ for items.iter().map(|item| navigation_item(item, path)) }</ul>
        </nav>
    }
}

fn navigation_item<R: Routable + 'static>(item: &NavItem<R>, path: &str) -> Html {
    html! {
        <li>
            <NavLink<R>
                to={item.to.clone()}
                label={item.label.clone()}
                icon={Some(item.icon)}
                current={leads_to(&item.to.to_path(), path)}
            />
        </li>
    }
}

/// Whether a way to go leads to this address, or to one above it. Everything is below the start,
/// so that one leads nowhere else.
fn leads_to(item: &str, path: &str) -> bool {
    path == item
        || (item != "/"
            && path
                .strip_prefix(item)
                .is_some_and(|rest| rest.starts_with('/')))
}

/// The mark of `web/icons/keepwell.svg`, in the colours of the page.
fn mark() -> Html {
    html! {
        <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect class="shell-mark-ground" width="32" height="32" rx="8" />
            <path class="shell-mark-sign" d="M16 25.5c-4.6-2.6-8-5.6-8-10V9.3l8-2.8 8 2.8v6.2c0 4.4-3.4 7.4-8 10zM12.4 15.6l2.7 2.8 4.9-5.3" />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::leads_to;

    #[test]
    fn a_way_to_go_is_current_at_its_address_and_below() {
        assert!(leads_to("/records", "/records"));
        assert!(leads_to("/records", "/records/7"));
        assert!(!leads_to("/records", "/records-of-others"));
        assert!(leads_to("/", "/"));
        assert!(!leads_to("/", "/records"));
    }
}
