//! What a hospital may open records for, in words.

/// The codes of HL7 v3's value set PurposeOfUse that a patient can choose from, the usual ones
/// first.
pub(crate) const PURPOSES: [(&str, &str); 11] = [
    ("TREAT", "Treatment"),
    ("ETREAT", "Emergency treatment"),
    ("CAREMGT", "Coordinating my care"),
    ("PATRQT", "I asked for it"),
    ("FAMRQT", "My family asked for it"),
    ("HPAYMT", "Payment"),
    ("COVERAGE", "Finding out what my insurance covers"),
    ("HRESCH", "Research"),
    ("CLINTRCH", "A clinical trial"),
    ("PUBHLTH", "Public health"),
    ("HOPERAT", "Running the hospital"),
];

/// What a code says; the code itself where it is none of the list.
pub(crate) fn purpose_words(code: &str) -> &str {
    let found = PURPOSES.iter().find(|(known, _)| *known == code);
    found.map_or(code, |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use keepwell_ledger::transaction::PurposeCode;

    use super::*;

    #[test]
    fn every_purpose_can_be_signed() {
        for (code, _) in PURPOSES {
            assert!(code.parse::<PurposeCode>().is_ok(), "{code}");
        }
        assert_eq!(PURPOSES[0].0, PurposeCode::treatment().as_str());
    }

    #[test]
    fn a_code_of_another_list_is_shown_as_it_is() {
        assert_eq!(purpose_words("ETREAT"), "Emergency treatment");
        assert_eq!(purpose_words("BTG"), "BTG");
    }
}
