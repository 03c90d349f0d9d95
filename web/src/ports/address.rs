//! The address that the page was opened with.

/// What the address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Scheme, host and port.
    pub origin: String,
    /// The genesis hash in `#genesis=`, as text.
    pub genesis: Option<String>,
}

impl Address {
    /// That of this page.
    #[must_use]
    pub fn of_this_page() -> Self {
        let location = gloo::utils::window().location();
        let fragment = location.hash().unwrap_or_default();
        Self {
            origin: location.origin().unwrap_or_default(),
            genesis: genesis(&fragment),
        }
    }
}

/// The genesis in a fragment: `#genesis=<hash>`, alone or among others.
fn genesis(fragment: &str) -> Option<String> {
    let pairs = fragment.trim_start_matches('#').split('&');
    let mut values = pairs.filter_map(|pair| pair.strip_prefix("genesis="));
    values.next().map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genesis_is_found_among_others_and_missed_where_it_is_not() {
        assert_eq!(genesis("#genesis=ab"), Some(String::from("ab")));
        assert_eq!(genesis("#a=b&genesis=cd"), Some(String::from("cd")));
        assert_eq!(genesis("#genesiss=ab"), None);
        assert_eq!(genesis(""), None);
    }
}
