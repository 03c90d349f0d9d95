//! Names in addresses, looked up with the system's resolver just before dialling: an address in
//! the genesis file outlives the machine behind it.

use std::io;

use libp2p::{Multiaddr, multiaddr::Protocol};

/// The numeric addresses of `/dns/…/tcp/…`, `/dns4/…` or `/dns6/…`; a numeric address as it is.
///
/// # Errors
/// The name is unknown or the resolver failed, or a name is not followed by a TCP port.
pub(super) async fn resolve(address: &Multiaddr) -> io::Result<Vec<Multiaddr>> {
    let mut parts = address.iter();
    let (name, want_v4, want_v6) = match parts.next() {
        Some(Protocol::Dns(name)) => (name, true, true),
        Some(Protocol::Dns4(name)) => (name, true, false),
        Some(Protocol::Dns6(name)) => (name, false, true),
        _ => return Ok(vec![address.clone()]),
    };
    let Some(Protocol::Tcp(port)) = parts.next() else {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{address} has no TCP port after its name"),
        ));
    };
    let found = tokio::net::lookup_host((name.as_ref(), port)).await?;
    let resolved: Vec<_> = found
        .filter(|socket| if socket.is_ipv4() { want_v4 } else { want_v6 })
        .map(|socket| Multiaddr::from(socket.ip()).with(Protocol::Tcp(port)))
        .collect();
    if resolved.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            format!("{address} has no address"),
        ));
    }
    Ok(resolved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_becomes_numbers_and_numbers_stay() {
        let named: Multiaddr = "/dns4/localhost/tcp/9400".parse().unwrap();
        let number: Multiaddr = "/ip4/127.0.0.1/tcp/9400".parse().unwrap();
        assert_eq!(resolve(&named).await.unwrap(), vec![number.clone()]);
        assert_eq!(resolve(&number).await.unwrap(), [number]);
    }

    #[tokio::test]
    async fn a_name_without_a_port_is_an_error() {
        let address: Multiaddr = "/dns4/localhost".parse().unwrap();
        assert_eq!(
            resolve(&address).await.unwrap_err().kind(),
            io::ErrorKind::InvalidInput
        );
    }
}
