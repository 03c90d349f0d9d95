//! Every way to alter one place of a JSON value: what a relay could say instead of the truth.

use serde_json::Value;

/// A text longer than this is a proof or a transaction in hex digits: its ends are altered too.
const SHORT_TEXT_MAX: usize = 128;

/// A value with one place altered.
#[derive(Clone, Debug)]
pub struct Alteration {
    /// The place, as a JSON pointer.
    pub place: String,
    /// What was done to it.
    pub how: &'static str,
    /// All of the value, altered.
    pub value: Value,
}

/// All alterations of a value: of each number, text and flag, and of the order and length of each
/// list. Of a list's items the first and the last are altered. A text is also replaced by those of
/// `others` that are of its kind: what stands before the first `1` is the same, as in ids.
pub fn alterations(value: &Value, others: &[String]) -> Vec<Alteration> {
    let mut all = Vec::new();
    walk(value, "", others, &mut |place, how, altered| {
        let mut whole = value.clone();
        if let Some(part) = whole.pointer_mut(place) {
            *part = altered;
        }
        if whole != *value {
            let place = place.to_owned();
            let value = whole;
            all.push(Alteration { place, how, value });
        }
    });
    all
}

fn walk(
    value: &Value,
    place: &str,
    others: &[String],
    found: &mut impl FnMut(&str, &'static str, Value),
) {
    match value {
        Value::Null => found(place, "filled", Value::from("00")),
        Value::Bool(flag) => found(place, "negated", Value::from(!flag)),
        Value::Number(number) => {
            let Some(number) = number.as_u64() else {
                return;
            };
            found(place, "one more", Value::from(number.saturating_add(1)));
            found(place, "one less", Value::from(number.saturating_sub(1)));
        }
        Value::String(text) => alter_text(text, others, &mut |how, altered| {
            found(place, how, Value::from(altered));
        }),
        Value::Array(items) => {
            alter_list(items, &mut |how, altered| {
                found(place, how, Value::from(altered));
            });
            let last = items.len().saturating_sub(1);
            for (index, item) in items.iter().enumerate() {
                if index == 0 || index == last {
                    walk(item, &format!("{place}/{index}"), others, found);
                }
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                walk(field, &format!("{place}/{name}"), others, found);
            }
        }
    }
}

fn alter_text(text: &str, others: &[String], found: &mut impl FnMut(&'static str, String)) {
    let length = text.chars().count();
    found(
        "its middle character another",
        with_other_character(text, length / 2),
    );
    if length > SHORT_TEXT_MAX {
        found("its first character another", with_other_character(text, 0));
        found(
            "its last character another",
            with_other_character(text, length - 1),
        );
        found("cut short", text.chars().take(length - 2).collect());
        found("made longer", format!("{text}00"));
    } else if length >= 32 && text.chars().all(|one| one.is_ascii_hexdigit()) {
        found("all zeros", "0".repeat(length));
    }
    let kind = |text: &str| text.split_once('1').map(|(kind, _)| kind.to_owned());
    let of_its_kind = |other: &&String| kind(other) == kind(text) && *other != text;
    if let Some(other) = others.iter().find(of_its_kind) {
        found("another's", other.clone());
    }
}

/// Another hex digit for a hex digit, another letter for a letter.
fn with_other_character(text: &str, position: usize) -> String {
    let characters = text.chars().enumerate();
    let altered = characters.map(|(at, character)| match character {
        '0' if at == position => '1',
        _ if at == position => '0',
        kept => kept,
    });
    altered.collect()
}

fn alter_list(items: &[Value], found: &mut impl FnMut(&'static str, Vec<Value>)) {
    let [first, .., last] = items else {
        if let [only] = items {
            found("emptied", Vec::new());
            found("doubled", vec![only.clone(), only.clone()]);
        }
        return;
    };
    let with = |more: &Value| items.iter().cloned().chain([more.clone()]).collect();
    let but_last = items.len() - 1;
    found("without its first", items.iter().skip(1).cloned().collect());
    found(
        "without its last",
        items.iter().take(but_last).cloned().collect(),
    );
    found("emptied", Vec::new());
    found("its last twice", with(last));
    found("its first again at its end", with(first));
    found("turned round", items.iter().rev().cloned().collect());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_place_is_altered_and_nothing_else() {
        let value = json!({ "a": [{ "n": 0 }, { "n": 1 }], "id": "h1x", "none": null });
        let all = alterations(&value, &["p1y".to_owned(), "h1y".to_owned()]);
        let told: Vec<_> = all
            .iter()
            .map(|one| (one.place.as_str(), one.how))
            .collect();
        assert_eq!(
            told,
            [
                ("/a", "without its first"),
                ("/a", "without its last"),
                ("/a", "emptied"),
                ("/a", "its last twice"),
                ("/a", "its first again at its end"),
                ("/a", "turned round"),
                ("/a/0/n", "one more"),
                ("/a/1/n", "one more"),
                ("/a/1/n", "one less"),
                ("/id", "its middle character another"),
                ("/id", "another's"),
                ("/none", "filled"),
            ]
        );
        for one in all {
            let mut restored = one.value.clone();
            *restored.pointer_mut(&one.place).unwrap() = value.pointer(&one.place).unwrap().clone();
            assert_eq!(restored, value);
            assert_ne!(one.value, value);
        }
    }
}
