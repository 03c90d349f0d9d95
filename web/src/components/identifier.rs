//! A long identifier, shown by its ends.

use yew::{AttrValue, Html, Properties, component, html};

/// So much is shown in front: the kind (`kwp1`) and eight characters.
const START: usize = 12;
/// So much is shown at the end: the checksum of a bech32m id.
const END: usize = 6;

/// What [`Identifier`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct IdentifierProps {
    /// The whole of it.
    pub value: AttrValue,
}

/// All of it is in the page, and its middle is only not shown: so it is read aloud, found and
/// copied as a whole.
#[component]
pub fn Identifier(props: &IdentifierProps) -> Html {
    let (start, middle, end) = shortened(&props.value);
    html! {
        <code class="identifier" title={&props.value} translate="no">
            <span class="identifier-start">{ start }</span>
            if !middle.is_empty() {
                <span class="identifier-middle visually-hidden">{ middle }</span>
            }
            <span>{ end }</span>
        </code>
    }
}

/// Start, middle and end, which joined are the value. What is not much longer than its ends has no
/// middle.
fn shortened(value: &str) -> (&str, &str, &str) {
    let starts: Vec<usize> = value.char_indices().map(|(at, _)| at).collect();
    if starts.len() <= START + END + 4 {
        return (value, "", "");
    }
    let (Some(&middle), Some(&end)) = (starts.get(START), starts.get(starts.len() - END)) else {
        return (value, "", "");
    };
    let (front, end) = value.split_at(end);
    let (start, middle) = front.split_at(middle);
    (start, middle, end)
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_long_one_is_shown_by_its_ends() {
        let value = "kwp1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs0abcde";
        let (start, middle, end) = shortened(value);
        assert_eq!((start, end), ("kwp1qyqszqgp", "0abcde"));
        assert_eq!([start, middle, end].concat(), value);
    }

    #[test]
    fn a_short_one_is_shown_whole() {
        assert_eq!(
            shortened("kwp1qyqszqgpqyqszqgpqy"),
            ("kwp1qyqszqgpqyqszqgpqy", "", "")
        );
        assert_eq!(shortened(""), ("", "", ""));
    }

    #[test]
    fn no_character_is_cut_in_two() {
        let value = "é".repeat(40);
        let (start, middle, end) = shortened(&value);
        assert_eq!(
            [start, middle, end].map(|part| part.chars().count()),
            [12, 22, 6]
        );
    }
}
