//! A text as the machine has it, behind a button.

use yew::{AttrValue, Callback, Html, Properties, component, html, use_state};

/// A longer text is cut: laying out one line more costs a phone more than it tells. The whole of
/// it is in the saved file.
const SHOWN_BYTES_MAX: usize = 512 * 1024;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RawProps {
    /// Of the text within the document, for the button to name what it controls.
    pub(crate) id: AttrValue,
    /// What is behind the button: "raw JSON".
    pub(crate) name: AttrValue,
    /// Made only when it is to be shown.
    pub(crate) text: Callback<(), String>,
}

#[component]
pub(crate) fn Raw(props: &RawProps) -> Html {
    let shown = use_state(|| false);
    let id = &props.id;
    let onclick = {
        let shown = shown.clone();
        Callback::from(move |_| shown.set(!*shown))
    };
    let verb = if *shown { "Hide" } else { "Show" };
    html! {
        <div class="record-raw">
            <button type="button" class="button" aria-expanded={shown.to_string()} aria-controls={id.clone()} {onclick}>
                { format!("{verb} {}", props.name) }
            </button>
            <div id={id.clone()} hidden={!*shown}>
                if *shown { { text(&props.text.emit(()), &props.name) } }
            </div>
        </div>
    }
}

fn text(text: &str, name: &AttrValue) -> Html {
    let (start, is_cut) = start(text, SHOWN_BYTES_MAX);
    html! {
        <>
            <pre class="record-scroll" tabindex="0" role="region" aria-label={name.clone()}>
                { start }
            </pre>
            if is_cut {
                <p>{ "This is only its start. Save the file to see all of it." }</p>
            }
        </>
    }
}

/// As many whole characters as fit in `bytes_max`, and whether that leaves some out.
fn start(text: &str, bytes_max: usize) -> (&str, bool) {
    let end = text.floor_char_boundary(bytes_max);
    (text.get(..end).unwrap_or(text), end < text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_falls_between_characters() {
        assert_eq!(start("aä", 2), ("a", true));
        assert_eq!(start("aä", 3), ("aä", false));
        assert_eq!(start("", 3), ("", false));
    }
}
