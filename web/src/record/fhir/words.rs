//! FHIR's names in a reader's words.

/// `clinicalStatus` as `Clinical status`, `BodyStructure` as `Body structure`; words that are not
/// in camel case stay as they are.
pub(crate) fn spaced(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut after_lower = false;
    for (place, c) in name.chars().enumerate() {
        if place == 0 {
            words.extend(c.to_uppercase());
        } else if c.is_ascii_uppercase() && after_lower {
            words.push(' ');
            words.push(c.to_ascii_lowercase());
        } else {
            words.push(c);
        }
        after_lower = c.is_ascii_lowercase();
    }
    words
}

/// A code such as `vital-signs` or `entered_in_error` as words. Anything with a capital or a space
/// in it was written for people and stays.
pub(crate) fn of_code(code: &str) -> String {
    let is_code = code
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_'));
    if is_code {
        code.replace(['-', '_'], " ")
    } else {
        code.to_owned()
    }
}

/// The heading over many resources of a kind: `Claim` as `Claims`.
pub(crate) fn plural(kind: &str) -> String {
    let words = spaced(kind);
    if let Some(stem) = words.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'o', 'u'])
    {
        return format!("{stem}ies");
    }
    // "Coverage" and the like take an s; "Diagnostics" has one.
    if words.ends_with('s') {
        words
    } else {
        format!("{words}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spaced() {
        for (name, words) in [
            ("clinicalStatus", "Clinical status"),
            ("ExplanationOfBenefit", "Explanation of benefit"),
            ("id", "Id"),
            ("valueCodeableConcept", "Value codeable concept"),
            ("", ""),
        ] {
            assert_eq!(spaced(name), words);
        }
    }

    #[test]
    fn codes_become_words_and_words_stay() {
        assert_eq!(of_code("vital-signs"), "vital signs");
        assert_eq!(of_code("Hib (PRP-OMP)"), "Hib (PRP-OMP)");
        assert_eq!(of_code("8302-2"), "8302-2");
    }

    #[test]
    fn kinds_have_plurals() {
        assert_eq!(plural("SupplyDelivery"), "Supply deliveries");
        assert_eq!(plural("ImagingStudy"), "Imaging studies");
        assert_eq!(plural("Claim"), "Claims");
    }
}
