//! From [`Json`] to text, indented for reading.

use std::fmt;

use super::Json;

/// Two spaces a level; empty lists and objects on one line.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self, 0)
    }
}

fn write(f: &mut fmt::Formatter<'_>, json: &Json, depth: usize) -> fmt::Result {
    match json {
        Json::Null => f.write_str("null"),
        Json::Bool(truth) => write!(f, "{truth}"),
        Json::Number(digits) => f.write_str(digits),
        Json::Text(text) => write_text(f, text),
        Json::List(items) if items.is_empty() => f.write_str("[]"),
        Json::Object(fields) if fields.is_empty() => f.write_str("{}"),
        Json::List(items) => {
            f.write_str("[")?;
            for (place, item) in items.iter().enumerate() {
                start_line(f, place, depth + 1)?;
                write(f, item, depth + 1)?;
            }
            end_lines(f, depth, "]")
        }
        Json::Object(fields) => {
            f.write_str("{")?;
            for (place, (name, value)) in fields.iter().enumerate() {
                start_line(f, place, depth + 1)?;
                write_text(f, name)?;
                f.write_str(": ")?;
                write(f, value, depth + 1)?;
            }
            end_lines(f, depth, "}")
        }
    }
}

fn start_line(f: &mut fmt::Formatter<'_>, place: usize, depth: usize) -> fmt::Result {
    let comma = if place > 0 { "," } else { "" };
    write!(f, "{comma}\n{:indent$}", "", indent = 2 * depth)
}

fn end_lines(f: &mut fmt::Formatter<'_>, depth: usize, bracket: &str) -> fmt::Result {
    write!(f, "\n{:indent$}{bracket}", "", indent = 2 * depth)
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let quoted = serde_json::to_string(text).map_err(|_| fmt::Error)?;
    f.write_str(&quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_written_the_same() {
        let text =
            "{\n  \"b\": [\n    1.50,\n    \"\\\"\\n\"\n  ],\n  \"a\": {},\n  \"c\": null\n}";
        assert_eq!(Json::read(text).unwrap().to_string(), text);
    }
}
