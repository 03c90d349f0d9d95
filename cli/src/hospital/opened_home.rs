//! A hospital's home, with its staff signed in.

use std::fs;

use keepwell_client::{ClientError, Hospitals};
use keepwell_keys::{HospitalId, HospitalIdentity};
use keepwell_light::{HospitalView, Interest};

use crate::{
    arguments::GlobalOptions,
    connection::{Connection, HttpSession},
    failure::{Exit, Failure},
    home::{self, Home, Owner},
    home_lock::HomeLock,
    passphrase::{passphrase, wrong_passphrase},
    relay_url::RelayUrl,
};

/// A home, and what it has verified. Lists need no more than this.
pub(super) struct HospitalHome<'a> {
    global: &'a GlobalOptions,
    home: &'a Home,
    id: HospitalId,
    relays: Vec<RelayUrl>,
    connection: Connection<'a>,
    _lock: HomeLock,
}

impl<'a> HospitalHome<'a> {
    pub(super) fn open(global: &'a GlobalOptions, home: &'a Home) -> Result<Self, Failure> {
        let Owner::Hospital { id, .. } = home.file.owner else {
            return Err(Failure::new(
                Exit::Local,
                "notAHospital",
                format!("{} is not a hospital's home.", home.directory.display()),
                "Name with --home a directory made by `keepwell network new`.",
            ));
        };
        let lock = HomeLock::take(&home.directory)?;
        Ok(Self {
            global,
            home,
            id,
            relays: home::relays(global, Some(home))?,
            connection: Connection::new(global, home)?,
            _lock: lock,
        })
    }

    /// Runs steps as the hospital, with its keys.
    pub(super) fn run<T>(
        &mut self,
        steps: impl AsyncFnOnce(&mut HttpSession<'_>, &HospitalIdentity) -> Result<T, ClientError>,
    ) -> Result<T, Failure> {
        let identity = self.identity()?;
        self.connection.run(&self.relays, async |session| {
            steps(session, &identity).await
        })
    }

    /// Reads what the chain says of the hospital. Needs no key.
    pub(super) fn view(&mut self) -> Result<HospitalView, Failure> {
        let interests = [Interest::Hospital(self.id), Interest::Directory];
        self.connection
            .run(&self.relays, async |session| session.sync(&interests).await)?;
        let view = self.connection.light.hospital(&self.id);
        view.cloned().ok_or_else(|| {
            let message = format!("{} is not known to the network.", self.id);
            Failure::new(Exit::Refused, "notEnrolled", message, "Enrol the hospital.")
        })
    }

    pub(super) fn hospitals(&self) -> Hospitals {
        Hospitals::of(&self.connection.light)
    }

    fn identity(&self) -> Result<HospitalIdentity, Failure> {
        let path = self.home.directory.join(HospitalIdentity::KIND);
        let file = fs::read(&path).map_err(|error| Failure::file(&path, "read", &error))?;
        let passphrase = passphrase(self.global)?;
        let opened = HospitalIdentity::open(&file, &passphrase);
        opened.map_err(|error| wrong_passphrase(&path, &error))
    }
}
