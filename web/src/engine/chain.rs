//! The light client, and the rows that the device keeps of it.

use keepwell_client::Outbox;
use keepwell_ledger::genesis::Genesis;
use keepwell_light::{LightClient, Stored};
use keepwell_primitives::Timestamp;

use crate::ports::database::{Database, DatabaseError, Store};

/// The row of the outbox.
const OUTBOX: &str = "outbox";

/// What was verified, and what was sent.
pub(super) struct Chain {
    /// The state machine.
    pub(super) light: LightClient,
    /// What was sent and is not settled.
    pub(super) outbox: Outbox,
    /// When a relay's head was verified last.
    pub(super) verified_at: Option<Timestamp>,
    /// What is in the database.
    kept: Stored,
    kept_outbox: Outbox,
}

impl Chain {
    /// Takes up what the device has kept. What cannot be read is verified anew: nothing is lost but
    /// time.
    pub(super) async fn restore(
        genesis: Genesis,
        database: &Database,
    ) -> Result<Self, DatabaseError> {
        let kept = match database.rows(Store::Chain).await {
            Ok(rows) => Stored::from_rows(rows),
            Err(DatabaseError::NotBytes { .. }) => Stored::default(),
            Err(error) => return Err(error),
        };
        // What was sent and cannot be read is not sent again; whether it was mined, the chain says.
        let outbox = database.row(Store::Outbox, OUTBOX).await?;
        let outbox = outbox.and_then(|bytes| Outbox::from_bytes(&bytes, &genesis.hash()).ok());
        let outbox = outbox.unwrap_or_default();
        let (light, kept) = match LightClient::restore(genesis.clone(), &kept) {
            Ok(light) => (light, kept),
            Err(_) => {
                database.clear(Store::Chain).await?;
                (LightClient::new(genesis), Stored::default())
            }
        };
        Ok(Self {
            light,
            kept_outbox: outbox.clone(),
            outbox,
            verified_at: None,
            kept,
        })
    }

    /// Back to knowing the genesis alone.
    pub(super) fn forget(&mut self) {
        self.light = LightClient::new(self.light.network().clone());
        self.outbox = Outbox::default();
        self.verified_at = None;
    }

    /// Keeps what has changed since the last time, in one step.
    pub(super) async fn keep(&mut self, database: &Database) -> Result<(), DatabaseError> {
        let now = self.light.stored();
        let (before, after) = (rows(&self.kept), rows(&now));
        let gone = before.keys().filter(|key| !after.contains_key(*key));
        let written = after
            .iter()
            .filter(|(key, bytes)| before.get(*key) != Some(bytes));
        let changes: Vec<(&str, Option<&[u8]>)> = gone
            .map(|key| (*key, None))
            .chain(written.map(|(key, bytes)| (*key, Some(*bytes))))
            .collect();
        if !changes.is_empty() {
            database.change(Store::Chain, changes).await?;
            self.kept = now;
        }
        if self.outbox != self.kept_outbox {
            let bytes = self.outbox.to_bytes();
            database
                .change(Store::Outbox, [(OUTBOX, Some(bytes.as_slice()))])
                .await?;
            self.kept_outbox = self.outbox.clone();
        }
        Ok(())
    }
}

fn rows(stored: &Stored) -> std::collections::BTreeMap<&str, &[u8]> {
    stored.rows().collect()
}
