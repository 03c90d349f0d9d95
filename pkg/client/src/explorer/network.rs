//! Who is there: hospitals from the proved directory, and the nodes a relay says it talks to.

use alloc::vec::Vec;

use keepwell_light::{Interest, LightClient};
use keepwell_wire::api::{HospitalEntry, PeerEntry};

use crate::{ClientError, Clock, Hospitals, NamedHospital, Relay, Session, api};

/// Every hospital ever enrolled, proved.
///
/// # Errors
/// Those of [`Session::sync`].
pub async fn hospitals<R: Relay, C: Clock>(
    session: &mut Session<'_, R, C>,
) -> Result<Vec<HospitalEntry>, ClientError> {
    session.sync(&[Interest::Directory]).await?;
    Ok(Hospitals::of(session.light)
        .all()
        .iter()
        .map(entry)
        .collect())
}

/// The nodes that a relay says it is connected to. That they are is its word; their names are those
/// of the verified directory.
///
/// # Errors
/// Those of the relay.
pub async fn peers(relay: &impl Relay, light: &LightClient) -> Result<Vec<PeerEntry>, ClientError> {
    let hospitals = Hospitals::of(light);
    let answer = api::peers(relay).await?;
    let named = answer.peers.into_iter().map(|peer| PeerEntry {
        name: hospitals.name_of(&peer.hospital_id),
        ..peer
    });
    Ok(named.collect())
}

fn entry(named: &NamedHospital) -> HospitalEntry {
    let hospital = &named.hospital;
    HospitalEntry {
        id: named.id,
        name: hospital.name_text(),
        keys: hospital.public_keys,
        urls: hospital.addresses.url_texts().collect(),
        peers: hospital.addresses.peer_texts().collect(),
        status: hospital.status,
    }
}
