//! Which relay is asked about a hospital's patients and records: that hospital's own, unless the
//! patient has allowed another (`docs/protocol.md`, sections 3 and 7).

use keepwell_client::Hospitals;
use keepwell_keys::HospitalId;
use keepwell_light::LightClient;

use super::desk::Desk;
use crate::{
    ports::fetch::FetchRelay,
    talk::{Failure, FailureClass},
};

impl Desk {
    /// The page's own relay.
    pub(super) fn own_relay(&self) -> FetchRelay {
        FetchRelay::new(&self.origin.borrow())
    }

    /// The relay to ask about a hospital, and whether it is another's.
    pub(super) async fn relay_for(
        &self,
        hospital_id: &HospitalId,
    ) -> Result<(FetchRelay, bool), Failure> {
        if self.elsewhere.borrow().contains(hospital_id) {
            return Ok((self.own_relay(), true));
        }
        let origin = self.origin.borrow().clone();
        let address = self
            .light(|light| address(light, hospital_id, &origin))
            .await?;
        let address = address.ok_or_else(|| Failure {
            class: FailureClass::Unreachable,
            code: String::from("noAddress"),
            message: String::from("That hospital's relay has no address in the directory."),
            hint: String::from("Ask another hospital's relay, if you agree."),
            relay: None,
        })?;
        Ok((FetchRelay::new(&address), false))
    }
}

/// The hospital whose relay is at this origin.
pub(super) fn at_origin(hospitals: &Hospitals, origin: &str) -> Option<HospitalId> {
    let mut all = hospitals.all().iter();
    let found = all.find(|named| {
        let mut urls = named.hospital.addresses.url_texts();
        urls.any(|url| is_same_place(&url, origin))
    });
    found.map(|named| named.id)
}

/// Where a hospital's relay is: here, if this is it, else at the first address of its leaf.
fn address(light: &LightClient, hospital_id: &HospitalId, origin: &str) -> Option<String> {
    let hospitals = Hospitals::of(light);
    let named = hospitals.by_id(hospital_id)?;
    let urls: Vec<String> = named.hospital.addresses.url_texts().collect();
    if urls.iter().any(|url| is_same_place(url, origin)) {
        return Some(String::from(origin));
    }
    urls.into_iter().next()
}

/// Do two addresses name one relay? A machine calls itself by several names.
fn is_same_place(url: &str, origin: &str) -> bool {
    place(url) == place(origin)
}

fn place(url: &str) -> String {
    let url = url.trim_end_matches('/').to_lowercase();
    for name in ["//127.0.0.1:", "//[::1]:"] {
        if let Some((scheme, port)) = url.split_once(name) {
            return format!("{scheme}//localhost:{port}");
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_has_three_names_and_other_machines_one() {
        assert!(is_same_place(
            "http://127.0.0.1:8701/",
            "http://localhost:8701"
        ));
        assert!(is_same_place("http://[::1]:8701", "http://localhost:8701"));
        assert!(!is_same_place(
            "http://127.0.0.1:8702",
            "http://localhost:8701"
        ));
        assert!(!is_same_place("https://a.example", "http://a.example"));
        assert!(is_same_place("https://A.example/", "https://a.example"));
    }
}
