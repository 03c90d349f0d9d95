//! The origin of a relay's API: scheme, host and perhaps a port.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use ureq::http::Uri;

/// `http://host[:port]` or `https://host[:port]`, without a path and without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct RelayUrl(String);

impl RelayUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The relay of a hospital on this machine.
    pub(crate) fn on_this_machine(port: u16) -> Self {
        Self(format!("http://localhost:{port}"))
    }

    /// Is it on this machine? Then no proxy stands between.
    pub(crate) fn is_loopback(&self) -> bool {
        let uri: Option<Uri> = self.0.parse().ok();
        let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Display for RelayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RelayUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let uri: Uri = text
            .parse()
            .map_err(|error| format!("{text:?} is not a URL: {error}"))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(format!(
                "a relay's URL starts with http:// or https://, not {text:?}"
            ));
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(format!(
                "a relay's URL ends after its host and port, this goes on: {text:?}"
            ));
        }
        Ok(Self(String::from(text.trim_end_matches('/'))))
    }
}

impl TryFrom<String> for RelayUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<RelayUrl> for String {
    fn from(url: RelayUrl) -> Self {
        url.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_is_taken_and_anything_after_it_refused() {
        let url: RelayUrl = "http://localhost:8701/".parse().unwrap();
        assert_eq!(url.as_str(), "http://localhost:8701");
        for text in [
            "",
            "localhost:8701",
            "ftp://a",
            "http://",
            "http://a/v1",
            "http://a?b",
            "http://a b",
        ] {
            assert!(text.parse::<RelayUrl>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for (text, expected) in [
            ("http://localhost:1", true),
            ("http://127.0.0.2", true),
            ("http://[::1]:1", true),
            ("http://localhost.example", false),
            ("http://10.0.0.1", false),
        ] {
            let url: RelayUrl = text.parse().unwrap();
            assert_eq!(url.is_loopback(), expected, "{text}");
        }
    }
}
