//! Why access was given, in words: HL7's value set *PurposeOfUse*.

/// What a code of it says; the code itself where it is a rare one.
pub(super) fn purpose_words(code: &str) -> &str {
    match code {
        "TREAT" => "Treatment",
        "ETREAT" => "Emergency treatment",
        "CAREMGT" => "Care management",
        "COC" => "Coordination of care",
        "HPAYMT" => "Payment",
        "HOPERAT" => "Operation of the hospital",
        "HRESCH" => "Research",
        "CLINTRCH" => "Clinical trial",
        "PUBHLTH" => "Public health",
        "PATRQT" => "Requested by the patient",
        "FAMRQT" => "Requested by the family",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::purpose_words;

    #[test]
    fn a_rare_purpose_is_shown_by_its_code() {
        assert_eq!(purpose_words("TREAT"), "Treatment");
        assert_eq!(purpose_words("HSYSADMIN"), "HSYSADMIN");
    }
}
