//! Origins: scheme, host and port of an address, in a form that stands in a policy and changes
//! nothing but what it names.

use std::{fmt, str::FromStr};

use url::{Host, Url};

/// `https://host:port`, of characters that a policy takes for an origin and for nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(String);

/// Why a text is no address of a relay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are what the message says of them")]
pub enum OriginError {
    /// It is no URL.
    #[error("{got:?} is no URL: {reason}")]
    NotUrl { got: String, reason: String },
    /// It is a URL that browsers load no page from.
    #[error("{got:?} begins with {scheme:?}, not with http or https")]
    Scheme { got: String, scheme: String },
    /// Its host has characters that mean something else in a policy.
    #[error("{got:?} names a host that is neither a domain nor an IPv4 address")]
    Host { got: String },
    /// There is more than scheme, host and port.
    #[error("{got:?} is more than an origin: expected {expected:?}")]
    More { got: String, expected: String },
}

impl Origin {
    /// The origin of any address.
    ///
    /// # Errors
    /// [`OriginError`], all but [`OriginError::More`].
    pub fn of(address: &str) -> Result<Self, OriginError> {
        Self::of_url(address).map(|(origin, _)| origin)
    }

    /// Is it one that browsers trust with cryptography from any machine?
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of_url(address: &str) -> Result<(Self, Url), OriginError> {
        let got = || address.to_owned();
        let url = Url::parse(address).map_err(|error| OriginError::NotUrl {
            got: got(),
            reason: error.to_string(),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OriginError::Scheme {
                got: got(),
                scheme: url.scheme().to_owned(),
            });
        }
        // A URL's domain may hold `;`, `,` and `*`, which a policy would read as more than a host.
        // It has no form for an IPv6 address.
        let is_plain = match url.host() {
            Some(Host::Domain(domain)) => domain
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')),
            Some(Host::Ipv4(_)) => true,
            Some(Host::Ipv6(_)) | None => false,
        };
        if !is_plain {
            return Err(OriginError::Host { got: got() });
        }
        Ok((Self(url.origin().ascii_serialization()), url))
    }
}

/// Strict: nothing but an origin, as an operator writes it.
impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let (origin, url) = Self::of_url(text)?;
        if url.as_str() != format!("{origin}/") {
            return Err(OriginError::More {
                got: text.to_owned(),
                expected: origin.0,
            });
        }
        Ok(origin)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_has_its_origin() {
        for (address, origin) in [
            ("https://north.example", "https://north.example"),
            ("https://north.example:443/a?b#c", "https://north.example"),
            ("http://localhost:8701/", "http://localhost:8701"),
            ("HTTPS://North.Example:8443", "https://north.example:8443"),
            ("http://192.0.2.7:80", "http://192.0.2.7"),
            ("https://user:secret@north.example", "https://north.example"),
        ] {
            assert_eq!(Origin::of(address).unwrap().as_str(), origin);
        }
    }

    #[test]
    fn address_that_would_say_more_than_an_origin_is_refused() {
        for address in [
            "",
            "north.example",
            "https://*",
            "https://*.example",
            "https://a;script-src",
            "https://a,b",
            "https://'self'",
            "https://a b",
            "https://[2001:db8::1]",
            "data:text/html,x",
            "javascript:alert(1)",
            "file:///etc",
            "https://\r\nx",
        ] {
            let origin = Origin::of(address);
            // A URL parser drops line ends: what is left must be a host alone.
            let is_host = origin.as_ref().is_ok_and(|o| o.as_str() == "https://x");
            assert!(origin.is_err() || is_host, "{address:?}: {origin:?}");
        }
    }

    #[test]
    fn operator_gives_an_origin_and_nothing_else() {
        assert_eq!(
            "https://north.example/".parse::<Origin>(),
            "https://north.example".parse()
        );
        for text in [
            "https://north.example/page",
            "https://me@north.example",
            "https://a/#b",
        ] {
            let parsed = text.parse::<Origin>();
            assert!(
                matches!(parsed, Err(OriginError::More { .. })),
                "{parsed:?}"
            );
        }
    }
}
