//! FHIR's data types (R4, "Data Types") as one line of text.
//!
//! A type is told by its fields, since JSON does not name it. What has no short form gives an empty
//! text and is found in the details.

use super::{date, decimal, references::References};
use crate::record::json::Json;

impl References {
    /// One line of text for a value of any data type.
    pub(crate) fn readable(&self, value: &Json) -> String {
        let has = |name: &str| !value.at(name).is_null();
        match value {
            Json::Null => String::new(),
            Json::Text(text) => date::shown(text),
            Json::Number(digits) => decimal::for_a_table(digits),
            Json::Bool(_) => value.scalar().to_owned(),
            Json::List(items) => self.joined(items, "; "),
            Json::Object(_) if has("reference") => self.reference(value),
            Json::Object(_) if has("coding") => self.concept(value),
            Json::Object(_) if has("numerator") => self.ratio(value),
            Json::Object(_) if has("low") || has("high") => self.range(value),
            Json::Object(_) if has("start") || has("end") => self.period(value),
            Json::Object(_) if has("family") || has("given") => self.human_name(value),
            Json::Object(_) if has("city") || has("line") || has("country") => self.address(value),
            Json::Object(_) if has("value") => self.quantity(value),
            Json::Object(_) => {
                // Coding, CodeableConcept, HumanName, Reference, Annotation, DeviceName.
                let names = ["text", "display", "name", "code"];
                let first = names.into_iter().find(|name| has(name));
                let short = first.map(|name| value.at(name)).filter(|it| is_scalar(it));
                short.map(|it| self.readable(it)).unwrap_or_default()
            }
        }
    }

    /// The readable parts, without repetitions.
    pub(crate) fn joined<'json>(
        &self,
        parts: impl IntoIterator<Item = &'json Json>,
        between: &str,
    ) -> String {
        let mut texts: Vec<String> = Vec::new();
        for part in parts {
            let text = self.readable(part);
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts.join(between)
    }

    fn reference(&self, reference: &Json) -> String {
        let target = reference.at("reference").scalar();
        let title = self.resolve(target).map_or("", |to| self.title_of(to));
        let display = reference.at("display").scalar();
        [display, title, target]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default()
            .to_owned()
    }

    fn concept(&self, concept: &Json) -> String {
        if let Some(text) = concept.at("text").text() {
            return text.to_owned();
        }
        let codings = concept.at("coding").items();
        let displays = self.joined(codings.iter().map(|coding| coding.at("display")), ", ");
        if displays.is_empty() {
            self.joined(codings.iter().map(|coding| coding.at("code")), ", ")
        } else {
            displays
        }
    }

    /// Quantity, Money, Identifier and ContactPoint: all have a value.
    fn quantity(&self, quantity: &Json) -> String {
        let comparator = quantity.at("comparator").scalar();
        let value = self.readable(quantity.at("value"));
        let unit = match quantity.at("value") {
            Json::Number(_) => ["unit", "code", "currency"]
                .into_iter()
                .map(|name| quantity.at(name).scalar())
                .find(|unit| !unit.is_empty())
                .unwrap_or_default(),
            _ => "",
        };
        format!("{comparator} {value} {unit}").trim().to_owned()
    }

    fn ratio(&self, ratio: &Json) -> String {
        let numerator = self.readable(ratio.at("numerator"));
        let denominator = self.readable(ratio.at("denominator"));
        format!("{numerator} / {denominator}")
    }

    fn range(&self, range: &Json) -> String {
        if let Some(text) = range.at("text").text() {
            return text.to_owned();
        }
        let low = self.readable(range.at("low"));
        let high = self.readable(range.at("high"));
        match (low.is_empty(), high.is_empty()) {
            (false, true) => format!("at least {low}"),
            (true, _) => format!("at most {high}"),
            (false, false) => format!("{low} to {high}"),
        }
    }

    fn period(&self, period: &Json) -> String {
        let start = self.readable(period.at("start"));
        let end = self.readable(period.at("end"));
        match (start.is_empty(), end.is_empty()) {
            (false, true) => format!("since {start}"),
            (true, _) => format!("until {end}"),
            (false, false) => format!("{start} to {end}"),
        }
    }

    fn human_name(&self, name: &Json) -> String {
        if let Some(text) = name.at("text").text() {
            return text.to_owned();
        }
        let parts = ["prefix", "given", "family", "suffix"];
        let parts = parts.into_iter().flat_map(|part| name.at(part).items());
        parts.map(Json::scalar).collect::<Vec<_>>().join(" ")
    }

    fn address(&self, address: &Json) -> String {
        if let Some(text) = address.at("text").text() {
            return text.to_owned();
        }
        let parts = ["line", "city", "district", "state", "postalCode", "country"];
        let parts = parts.into_iter().flat_map(|part| address.at(part).items());
        parts.map(Json::scalar).collect::<Vec<_>>().join(", ")
    }
}

fn is_scalar(value: &Json) -> bool {
    !matches!(value, Json::Object(_) | Json::List(_) | Json::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_data_type_has_a_line() {
        for (json, line) in [
            (
                r#"{"coding": [{"display": "A"}, {"display": "B"}]}"#,
                "A, B",
            ),
            (
                r#"{"coding": [{"code": "x", "display": "A"}], "text": "T"}"#,
                "T",
            ),
            (r#"{"coding": [{"code": "8302-2"}]}"#, "8302-2"),
            (
                r#"{"value": 57.80197974519305, "unit": "cm", "code": "cm"}"#,
                "57.80 cm",
            ),
            (
                r#"{"comparator": "<", "value": 5, "code": "mg/dL"}"#,
                "< 5 mg/dL",
            ),
            (r#"{"value": 12.50, "currency": "USD"}"#, "12.50 USD"),
            (r#"{"system": "phone", "value": "555"}"#, "555"),
            (r#"{"low": {"value": 1}, "high": {"value": 2}}"#, "1 to 2"),
            (r#"{"high": {"value": 2}}"#, "at most 2"),
            (
                r#"{"start": "2009-06-26T05:04:09-04:00"}"#,
                "since 2009-06-26 05:04",
            ),
            (r#"{"start": "2009", "end": "2010"}"#, "2009 to 2010"),
            (
                r#"{"numerator": {"value": 1, "unit": "mg"}, "denominator": {"value": 5, "unit": "ml"}}"#,
                "1 mg / 5 ml",
            ),
            (
                r#"{"prefix": ["Dr."], "given": ["A", "B"], "family": "C"}"#,
                "Dr. A B C",
            ),
            (
                r#"{"line": ["1 Main St"], "city": "X", "country": "US"}"#,
                "1 Main St, X, US",
            ),
            (r#"{"reference": "Patient/1"}"#, "Patient/1"),
            (r#"{"reference": "Patient/1", "display": "Jo"}"#, "Jo"),
            (r#"{"display": "medicaid"}"#, "medicaid"),
            (r#"[{"text": "a"}, {"text": "a"}, {"text": "b"}]"#, "a; b"),
            (r#"{"code": {"text": "nested"}}"#, ""),
            ("true", "yes"),
            ("null", ""),
        ] {
            let value = Json::read(json).unwrap();
            assert_eq!(References::default().readable(&value), line, "{json}");
        }
    }
}
