//! Whether the demo's ports are free, before anything is made or started.

use std::net::TcpListener;

use anyhow::bail;

use super::place::p2p_port;

pub(super) fn check_free(first_port: u16, hospitals: u8) -> anyhow::Result<()> {
    for port in (first_port..).take(hospitals.into()) {
        for port in [port, p2p_port(port)] {
            if let Err(error) = TcpListener::bind(("127.0.0.1", port)) {
                bail!(
                    "port {port} cannot be used ({error}): stop what listens there, or choose \
                     other ports with --port (and another folder with --data, if the demo was \
                     made here before)"
                );
            }
        }
    }
    Ok(())
}
