//! The light client, and the rows that the device keeps of it.

use keepwell_ledger::genesis::Genesis;
use keepwell_light::{LightClient, Stored};
use keepwell_primitives::Timestamp;

use crate::ports::database::{Database, DatabaseError, Store};

/// What was verified.
pub(super) struct Chain {
    /// The state machine.
    pub(super) light: LightClient,
    /// When a relay's head was verified last.
    pub(super) verified_at: Option<Timestamp>,
    /// What is in the database.
    kept: Stored,
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
        if let Ok(light) = LightClient::restore(genesis.clone(), &kept) {
            return Ok(Self {
                light,
                verified_at: None,
                kept,
            });
        }
        database.clear(Store::Chain).await?;
        Ok(Self {
            light: LightClient::new(genesis),
            verified_at: None,
            kept: Stored::default(),
        })
    }

    /// Back to knowing the genesis alone.
    pub(super) fn forget(&mut self) {
        self.light = LightClient::new(self.light.network().clone());
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
        Ok(())
    }
}

fn rows(stored: &Stored) -> std::collections::BTreeMap<&str, &[u8]> {
    stored.rows().collect()
}
