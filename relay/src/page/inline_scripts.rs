//! The scripts that stand in a page's own text. A policy that allows no others names each by its
//! hash (Content Security Policy Level 3, section 2.3.1).

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

/// `sha256-…` of every inline script, in their order.
pub(super) fn hashes(html: &str) -> Vec<String> {
    inline_scripts(html).map(hash).collect()
}

fn hash(script: &str) -> String {
    // A browser reads line ends as line feeds before it hashes.
    let script = script.replace("\r\n", "\n").replace('\r', "\n");
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(script)))
}

/// What stands between `<script>` and `</script>`, where no `src` names another file. One in a
/// comment is taken for a script, too; nothing runs by that.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            let (_, after) = split_ignoring_case(rest, "<script")?;
            let (attributes, body) = split_tag(after)?;
            let (script, after) = split_ignoring_case(body, "</script")?;
            rest = after;
            let is_script = attributes.is_empty() || attributes.starts_with(is_space);
            if is_script && !has_source(attributes) {
                return Some(script);
            }
        }
    })
}

/// Splits a tag's attributes from what follows its `>`; one in quotes ends nothing.
fn split_tag(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (position, character) in text.char_indices() {
        match (quote, character) {
            (None, '>') => return Some((text.get(..position)?, text.get(position + 1..)?)),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

fn has_source(attributes: &str) -> bool {
    let names = attributes.split(is_space);
    names
        .map(|attribute| attribute.split('=').next().unwrap_or_default())
        .any(|name| name.eq_ignore_ascii_case("src"))
}

fn split_ignoring_case<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    // ASCII only, so that every position is the same in both.
    let at = text.to_ascii_lowercase().find(separator)?;
    Some((text.get(..at)?, text.get(at + separator.len()..)?))
}

fn is_space(character: char) -> bool {
    character.is_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_in_the_page_are_found_and_others_are_not() {
        for (html, scripts) in [
            ("<p>none</p>", &[][..]),
            ("<script>a()</script>", &["a()"]),
            ("<script type=\"module\">\nb()\n</script>", &["\nb()\n"]),
            ("<SCRIPT data-x='>'>c()</SCRIPT >", &["c()"]),
            (
                "<script src=\"x.js\"></script><script>d()</script>",
                &["d()"],
            ),
            ("<script defer SRC=x.js></script>", &[]),
            (
                "<script>é(1)</script><script>f()</script>",
                &["é(1)", "f()"],
            ),
            ("<script>never closed", &[]),
        ] {
            assert_eq!(inline_scripts(html).collect::<Vec<_>>(), scripts, "{html}");
        }
    }

    /// The example of Content Security Policy Level 3, section 8.2.
    #[test]
    fn hash_is_the_one_of_the_specification() {
        assert_eq!(
            hashes("<script>alert('Hello, world.');</script>"),
            ["sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="]
        );
    }

    #[test]
    fn line_ends_do_not_change_the_hash() {
        assert_eq!(
            hashes("<script>a()\r\nb()</script>"),
            hashes("<script>a()\nb()</script>")
        );
    }
}
