//! Whether a browser would trust the page that was asked for: browsers give a page cryptography
//! only over TLS, or from the machine they run on (Secure Contexts, section 3.1).

use std::net::IpAddr;

use axum::http::{HeaderMap, Uri, header, uri::Authority};

/// Says a proxy that speaks TLS. Believed of anyone: who forges it gets a page that cannot work,
/// and harms nobody.
const FORWARDED_PROTOCOL: &str = "x-forwarded-proto";

/// `is_tls`: this relay speaks TLS itself.
pub(super) fn is_protected(is_tls: bool, uri: &Uri, headers: &HeaderMap) -> bool {
    is_tls || came_over_https(headers) || is_this_machine(uri, headers)
}

fn came_over_https(headers: &HeaderMap) -> bool {
    let value = headers.get(FORWARDED_PROTOCOL);
    let protocols = value.and_then(|value| value.to_str().ok());
    // Each proxy adds the one it was asked by: the browser's is the first.
    let first = protocols.and_then(|protocols| protocols.split(',').next());
    first.is_some_and(|protocol| protocol.trim().eq_ignore_ascii_case("https"))
}

fn is_this_machine(uri: &Uri, headers: &HeaderMap) -> bool {
    let named = || {
        let value = headers.get(header::HOST)?.to_str().ok()?;
        value.parse::<Authority>().ok()
    };
    let Some(authority) = uri.authority().cloned().or_else(named) else {
        return false;
    };
    let host = authority.host().to_ascii_lowercase();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked(host: &'static str, forwarded: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(protocol) = forwarded {
            headers.insert(FORWARDED_PROTOCOL, HeaderValue::from_static(protocol));
        }
        is_protected(false, &Uri::from_static("/"), &headers)
    }

    #[test]
    fn this_machine_needs_no_tls() {
        for host in [
            "localhost",
            "LOCALHOST:8701",
            "north.localhost:8701",
            "127.0.0.1:8701",
            "127.1.2.3",
            "[::1]:8701",
        ] {
            assert!(asked(host, None), "{host}");
        }
    }

    #[test]
    fn other_names_need_it() {
        for host in [
            "hospital.test",
            "192.0.2.7:8701",
            "localhost.hospital.test",
            "[2001:db8::1]",
            "",
            "not a host",
        ] {
            assert!(!asked(host, None), "{host}");
            assert!(!asked(host, Some("http")), "{host}");
            assert!(asked(host, Some("HTTPS, http")), "{host}");
            assert!(!asked(host, Some("http, https")), "{host}");
        }
    }
}
