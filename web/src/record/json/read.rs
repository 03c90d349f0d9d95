//! From text to [`Json`].

use std::fmt;

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::{error::Category, value::RawValue};

use super::Json;

/// How deep lists and objects may nest. Synthea's bundles nest 11 deep; reading and drawing recurse
/// once for each level, on a stack of 1 MiB.
pub(crate) const DEPTH_MAX: usize = 64;

/// Why a text is not JSON that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JsonError {
    #[error("it breaks the rules of JSON in line {line}, column {column}")]
    Syntax { line: usize, column: usize },
    #[error("it ends in the middle, in line {line}")]
    Truncated { line: usize },
    #[error("one of its texts is not valid Unicode")]
    NotUnicode,
    #[error("it nests deeper than {max} levels")]
    TooDeep { max: usize },
}

impl Json {
    /// Reads a whole document; a byte order mark before it is passed over, as when its kind is told.
    pub(crate) fn read(text: &str) -> Result<Self, JsonError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        // Checks the syntax of all of it, without recursion.
        let document: &RawValue = serde_json::from_str(text).map_err(syntax)?;
        value(document, 0)
    }
}

fn syntax(error: serde_json::Error) -> JsonError {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => JsonError::Truncated { line },
        _ => JsonError::Syntax { line, column },
    }
}

/// Each level is cut into its parts, and these are read in turn: text is passed over once for each
/// level it lies in, and a number keeps its digits.
fn value(raw: &RawValue, depth: usize) -> Result<Json, JsonError> {
    if depth > DEPTH_MAX {
        return Err(JsonError::TooDeep { max: DEPTH_MAX });
    }
    let text = raw.get();
    // The syntax is known to be right: what is left to fail is text with half a surrogate pair.
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let Fields(fields) = part(text)?;
            let fields = fields
                .into_iter()
                .map(|(name, raw)| Ok((name, value(raw, depth + 1)?)));
            Json::Object(fields.collect::<Result<_, JsonError>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = part(text)?;
            let items = items.into_iter().map(|raw| value(raw, depth + 1));
            Json::List(items.collect::<Result<_, _>>()?)
        }
        Some(b'"') => Json::Text(part(text)?),
        Some(b't') => Json::Bool(true),
        Some(b'f') => Json::Bool(false),
        Some(b'n') => Json::Null,
        _ => Json::Number(text.to_owned()),
    })
}

fn part<'text, T: Deserialize<'text>>(text: &'text str) -> Result<T, JsonError> {
    serde_json::from_str(text).map_err(|_| JsonError::NotUnicode)
}

/// The fields of an object in their order.
struct Fields<'text>(Vec<(String, &'text RawValue)>);

impl<'text> Deserialize<'text> for Fields<'text> {
    fn deserialize<D: Deserializer<'text>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'text> Visitor<'text> for InOrder {
            type Value = Fields<'text>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'text>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_numbers_their_digits() {
        let json = Json::read(r#"{"b": 1.50, "a": [1e400, -0, 123456789012345678901234567890]}"#);
        let number = |digits: &str| Json::Number(digits.to_owned());
        assert_eq!(
            json.unwrap(),
            Json::Object(vec![
                ("b".to_owned(), number("1.50")),
                (
                    "a".to_owned(),
                    Json::List(vec![
                        number("1e400"),
                        number("-0"),
                        number("123456789012345678901234567890"),
                    ])
                ),
            ])
        );
    }

    #[test]
    fn texts_lose_their_escapes() {
        let json = Json::read(r#" "\u00c1ngel \ud83d\ude42 \"x\"\n" "#);
        assert_eq!(json.unwrap(), Json::Text("Ángel 🙂 \"x\"\n".to_owned()));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        for (text, error) in [
            ("", JsonError::Truncated { line: 1 }),
            ("{\"a\":\n [1, 2", JsonError::Truncated { line: 2 }),
            ("{\"a\" 1}", JsonError::Syntax { line: 1, column: 6 }),
            ("{} {}", JsonError::Syntax { line: 1, column: 4 }),
            ("[01]", JsonError::Syntax { line: 1, column: 3 }),
            (r#"{"a": "\ud800"}"#, JsonError::NotUnicode),
        ] {
            assert_eq!(Json::read(text), Err(error), "{text}");
        }
    }

    #[test]
    fn nesting_ends_at_the_limit_and_no_stack_overflows() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::read(&nested(DEPTH_MAX + 1)).is_ok());
        for depth in [DEPTH_MAX + 2, 1_000_000] {
            assert_eq!(
                Json::read(&nested(depth)),
                Err(JsonError::TooDeep { max: DEPTH_MAX })
            );
        }
    }
}
