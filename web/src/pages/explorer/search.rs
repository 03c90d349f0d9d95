//! To a block by its index or its hash.

use yew::{AttrValue, Html, component, html, use_state_eq};
use yew_router::hooks::use_navigator;

use crate::{
    components::{Button, Field, FieldKind},
    pages::parts::{on_submit, use_text},
    route::Route,
    talk::block_choice,
};

#[component]
pub(super) fn Search() -> Html {
    let navigator = use_navigator();
    let (typed, on_typed) = use_text();
    let refused = use_state_eq(|| None::<String>);
    let search = {
        let (typed, refused) = (typed.clone(), refused.setter());
        on_submit(move || {
            if block_choice(&typed).is_none() {
                refused.set(Some(typed.clone()));
            } else if let Some(navigator) = &navigator {
                let name = typed.trim().to_ascii_lowercase();
                navigator.push(&Route::ExplorerBlock { name });
            }
        })
    };
    // Until something else is typed.
    let is_refused = refused.as_ref() == Some(&typed);
    let error = is_refused.then(|| {
        AttrValue::from("This is neither an index, such as 12, nor a hash of 64 hex digits.")
    });
    html! {
        <form class="explorer-search" role="search" onsubmit={search}>
            <Field
                id="block-name"
                kind={FieldKind::Search}
                label="Index or hash of a block"
                value={typed}
                oninput={on_typed}
                {error}
                monospaced=true
            />
            <Button label="Show the block" submit=true />
        </form>
    }
}
