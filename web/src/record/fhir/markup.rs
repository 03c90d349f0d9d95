//! The text of a narrative (FHIR R4, "Narrative": XHTML), without its markup.
//!
//! A record's XHTML never becomes part of the page, not even sanitized: it was written elsewhere,
//! and all it says is in its text.

/// Elements that end a line.
const BLOCKS: [&str; 10] = [
    "p", "div", "br", "li", "tr", "table", "h1", "h2", "h3", "ul",
];

/// Its text; elements that stand on lines of their own are on such.
pub(crate) fn text(xhtml: &str) -> String {
    let mut lines = String::new();
    let mut rest = xhtml;
    while let Some((before, after)) = rest.split_once('<') {
        push(&mut lines, before);
        let Some((tag, after)) = after.split_once('>') else {
            // No tag after all.
            lines.push('<');
            push(&mut lines, after);
            rest = "";
            break;
        };
        let name = tag.trim_start_matches('/');
        let name = name.split([' ', '/', '\n', '\t']).next();
        if name.is_some_and(|name| BLOCKS.contains(&name.to_ascii_lowercase().as_str())) {
            lines.push('\n');
        } else if name == Some("td") || name == Some("th") {
            push(&mut lines, " ");
        }
        rest = after;
    }
    push(&mut lines, rest);
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// White space of XHTML is one space.
fn push(lines: &mut String, text: &str) {
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&#160;", " ")
        // Last, so that `&amp;lt;` stays `&lt;`.
        .replace("&amp;", "&");
    for c in text.chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !lines.ends_with([' ', '\n']) {
            lines.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_leaves_only_its_text() {
        for (xhtml, expected) in [
            (
                "<div xmlns=\"http://www.w3.org/1999/xhtml\">Care for a\n fracture.<br/>Activities: \
                 <ul><li>Rest</li><li>A &amp; B</li></ul></div>",
                "Care for a fracture.\nActivities:\nRest\nA & B",
            ),
            ("<b>bold</b> &amp;lt;", "bold &lt;"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
            ("1 < 2", "1 < 2"),
            ("", ""),
        ] {
            assert_eq!(text(xhtml), expected);
        }
    }
}
