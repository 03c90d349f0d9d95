//! What a browser's question says of the answers that it takes.

use axum::http::{HeaderMap, HeaderName, header};

/// Does it ask for a page, not for a part of one?
pub(super) fn asks_for_html(headers: &HeaderMap) -> bool {
    listed(headers, header::ACCEPT)
        .any(|(kind, weight)| kind.eq_ignore_ascii_case("text/html") && weight > 0.0)
}

/// Does it take an answer compressed by Brotli?
pub(super) fn takes_brotli(headers: &HeaderMap) -> bool {
    listed(headers, header::ACCEPT_ENCODING)
        .any(|(coding, weight)| coding.eq_ignore_ascii_case("br") && weight > 0.0)
}

/// Does it have what carries this tag? Compared weakly, as RFC 9110 has it for If-None-Match.
pub(super) fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || bare(known) == bare(tag))
}

/// The names in a list with weights, `br;q=0.5, gzip`.
fn listed(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = (&str, f32)> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            (name, weight.map_or(1.0, |text| text.parse().unwrap_or(0.0)))
        })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn with(name: HeaderName, value: &'static str) -> HeaderMap {
        [(name, HeaderValue::from_static(value))]
            .into_iter()
            .collect()
    }

    #[test]
    fn brotli_is_taken_where_it_is_named_and_not_refused() {
        for (value, takes) in [
            ("gzip, deflate, br, zstd", true),
            ("BR;q=0.1", true),
            ("br; q=0", false),
            ("br;q=x", false),
            ("gzip, brotli", false),
            ("", false),
        ] {
            let headers = with(header::ACCEPT_ENCODING, value);
            assert_eq!(takes_brotli(&headers), takes, "{value}");
        }
        assert!(!takes_brotli(&HeaderMap::new()));
    }

    #[test]
    fn only_who_names_html_asks_for_a_page() {
        for (value, asks) in [
            ("text/html,application/xhtml+xml,*/*;q=0.8", true),
            ("*/*", false),
            ("application/json", false),
            ("text/html;q=0", false),
        ] {
            assert_eq!(asks_for_html(&with(header::ACCEPT, value)), asks, "{value}");
        }
    }

    #[test]
    fn tags_are_compared_weakly_and_one_by_one() {
        for (value, has) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
        ] {
            let headers = with(header::IF_NONE_MATCH, value);
            assert_eq!(has_already(&headers, "\"a\""), has, "{value}");
        }
    }
}
