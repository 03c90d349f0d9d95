//! `keepwell network …`

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Subcommand};

use crate::relay_url::RelayUrl;

const EXAMPLES: &str = "\
Examples:
  Four hospitals on this machine, their relays on ports 8701 to 8704:
    keepwell network new --hospital Alder --hospital Birch --hospital Cedar --hospital Dogwood \\
      --out net

  A hospital with an address of its own:
    keepwell network new --out net \\
      --hospital 'St. Mary=https://keepwell.stmary.example,/dns4/keepwell.stmary.example/tcp/9701'

What it makes:
  net/genesis.toml                  what the network agrees on; give it to everybody
  net/alder/home/identity.keepwell  the staff's keys, under the passphrase; never on the relay's host
  net/alder/home/home.toml          what the home is of, and its relay
  net/alder/home/genesis.toml       a copy
  net/alder/host.keys               the relay's keys, for its host alone";

#[derive(Debug, Subcommand)]
pub(crate) enum NetworkVerb {
    /// Make the genesis and the keys of a new network.
    ///
    /// DIR must not exist or be empty; it appears whole or not at all. All homes get the same
    /// passphrase: hospitals that are apart each make their own.
    #[command(after_help = EXAMPLES)]
    New(NetworkNew),
}

#[derive(Debug, Args)]
pub(crate) struct NetworkNew {
    /// A hospital by its name, and where its relay will be; give one for each hospital.
    ///
    /// Without an address the relay is on this machine: port N, and N + 1000 for other relays.
    #[arg(
        long = "hospital",
        required = true,
        value_name = "NAME[=URL,MULTIADDR]"
    )]
    pub(crate) hospitals: Vec<HospitalSpec>,
    /// The port of the first hospital without an address; the next one has the next port.
    #[arg(long, value_name = "N", default_value = "8701")]
    pub(crate) first_port: u16,
    /// The directory to make.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// A hospital as it is named on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HospitalSpec {
    pub(crate) name: String,
    /// Where it is, if not on this machine.
    pub(crate) addresses: Option<HospitalAddresses>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HospitalAddresses {
    pub(crate) url: RelayUrl,
    /// Where other nodes reach it; checked by the relay when it starts.
    pub(crate) multiaddr: String,
}

impl FromStr for HospitalSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, addresses) = match text.split_once('=') {
            Some((name, addresses)) => (name.trim(), Some(parse_addresses(addresses)?)),
            None => (text.trim(), None),
        };
        if name.is_empty() {
            return Err(String::from("a hospital has a name"));
        }
        Ok(Self {
            name: String::from(name),
            addresses,
        })
    }
}

fn parse_addresses(text: &str) -> Result<HospitalAddresses, String> {
    let Some((url, multiaddr)) = text.split_once(',') else {
        return Err(String::from(
            "after the = stand a URL and a multiaddress with a comma between them",
        ));
    };
    let multiaddr = multiaddr.trim();
    if !multiaddr.starts_with('/') {
        return Err(format!(
            "a multiaddress starts with a slash, such as /ip4/127.0.0.1/tcp/9701, not {multiaddr:?}"
        ));
    }
    Ok(HospitalAddresses {
        url: url.trim().parse()?,
        multiaddr: String::from(multiaddr),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hospital_has_a_name_and_maybe_its_addresses() {
        assert_eq!(
            "Alder".parse(),
            Ok(HospitalSpec {
                name: String::from("Alder"),
                addresses: None
            })
        );
        assert_eq!(
            "St. Mary = https://a.example , /dns4/a.example/tcp/1".parse(),
            Ok(HospitalSpec {
                name: String::from("St. Mary"),
                addresses: Some(HospitalAddresses {
                    url: "https://a.example".parse().unwrap(),
                    multiaddr: String::from("/dns4/a.example/tcp/1"),
                })
            })
        );
    }

    #[test]
    fn half_a_hospital_is_refused() {
        for text in [
            "",
            " ",
            "=http://a,/ip4/1.2.3.4/tcp/1",
            "A=",
            "A=http://a",
            "A=http://a,1.2.3.4:1",
            "A=a,/ip4/1.2.3.4/tcp/1",
        ] {
            assert!(text.parse::<HospitalSpec>().is_err(), "{text:?}");
        }
    }
}
