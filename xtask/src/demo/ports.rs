//! Whether the demo's ports are free, before anything is started.

use std::net::TcpListener;

use anyhow::bail;

use super::place::{Network, p2p_port};

pub(super) fn check_free(network: &Network) -> anyhow::Result<()> {
    for hospital in &network.hospitals {
        for port in [hospital.port, p2p_port(hospital.port)] {
            if let Err(error) = TcpListener::bind(("127.0.0.1", port)) {
                bail!(
                    "port {port} of {} cannot be used ({error}): stop what listens there, or \
                     choose other ports with --port and --fresh, or --port and --data",
                    hospital.name
                );
            }
        }
    }
    Ok(())
}
