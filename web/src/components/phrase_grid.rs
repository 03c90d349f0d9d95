//! The words of a recovery phrase, to be written down.

use yew::{AttrValue, Html, Properties, component, html};

/// What [`PhraseGrid`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct PhraseGridProps {
    /// The list's name.
    #[prop_or(AttrValue::Static("Recovery phrase"))]
    pub label: AttrValue,
    /// The words, in their order.
    pub words: Vec<AttrValue>,
}

/// A numbered list. A browser that translates pages must leave it alone: a translated word
/// restores nothing.
#[component]
pub fn PhraseGrid(props: &PhraseGridProps) -> Html {
    html! {
        <ol class="phrase-grid" role="list" aria-label={&props.label} translate="no">
            { for props.words.iter().map(|word| html! { <li>{ word }</li> }) }
        </ol>
    }
}
