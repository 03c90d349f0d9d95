//! When to dial whom again: for ever, with growing pauses, never in step with the others.
//!
//! Time and randomness come in as arguments; nothing here dials.

use core::time::Duration;

use libp2p::{PeerId, swarm::ConnectionId};
use tokio::time::Instant;

use super::Dial;

/// The pause after a first failure; it doubles with each further one.
const PAUSE_FIRST: Duration = Duration::from_millis(250);

/// The longest pause, so that a hospital that comes back is found within half a minute.
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// A connection that stood this long was a success: a peer that accepts and hangs up at once was not.
const STOOD_MIN: Duration = Duration::from_secs(10);

/// Everyone we keep dialling.
#[derive(Default)]
pub(super) struct Redial {
    targets: Vec<Target>,
}

struct Target {
    dial: Dial,
    state: State,
    failures: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting {
        until: Instant,
    },
    Resolving,
    Dialling {
        connection: ConnectionId,
    },
    Connected {
        peer: PeerId,
        since: Instant,
    },
    /// The address is our own.
    Ourselves,
}

impl Redial {
    /// Replaces the targets; those that stay keep their state. Unconnected new ones are due at once.
    pub(super) fn replace(&mut self, dials: Vec<Dial>, ourselves: PeerId, now: Instant) {
        let mut kept = std::mem::take(&mut self.targets);
        for dial in dials {
            if dial.peer == Some(ourselves) || self.target(&dial).is_some() {
                continue;
            }
            let target = match kept.iter().position(|target| target.dial == dial) {
                Some(position) => kept.swap_remove(position),
                None => Target {
                    dial,
                    state: State::Waiting { until: now },
                    failures: 0,
                },
            };
            self.targets.push(target);
        }
    }

    /// When the next target is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let until = |target: &Target| match target.state {
            State::Waiting { until } => Some(until),
            _ => None,
        };
        self.targets.iter().filter_map(until).min()
    }

    /// Takes all targets that are due: each must be answered by [`Self::dialling`] or [`Self::failed`].
    pub(super) fn take_due(&mut self, now: Instant) -> Vec<Dial> {
        let mut due = Vec::new();
        for target in &mut self.targets {
            if matches!(target.state, State::Waiting { until } if until <= now) {
                target.state = State::Resolving;
                due.push(target.dial.clone());
            }
        }
        due
    }

    /// The target is being dialled.
    pub(super) fn dialling(&mut self, dial: &Dial, connection: ConnectionId) {
        if let Some(target) = self
            .target(dial)
            .filter(|target| target.state == State::Resolving)
        {
            target.state = State::Dialling { connection };
        }
    }

    /// The target could not even be dialled.
    pub(super) fn failed(&mut self, dial: &Dial, now: Instant, random: u64) {
        if let Some(target) = self
            .target(dial)
            .filter(|target| target.state == State::Resolving)
        {
            target.fail(now, random);
        }
    }

    /// Dialling ended without a connection.
    pub(super) fn dial_failed(&mut self, connection: ConnectionId, now: Instant, random: u64) {
        if let Some(target) = self.dialled_by(connection) {
            target.fail(now, random);
        }
    }

    /// The address turned out to be our own: it is never dialled again.
    pub(super) fn found_ourselves(&mut self, connection: ConnectionId) {
        if let Some(target) = self.dialled_by(connection) {
            target.state = State::Ourselves;
        }
    }

    /// A connection stands, whoever began it; `connection` says which, where one is new.
    pub(super) fn connected(
        &mut self,
        peer: PeerId,
        connection: Option<ConnectionId>,
        now: Instant,
    ) {
        for target in &mut self.targets {
            let dialled = matches!(target.state,
                State::Dialling { connection: ours } if Some(ours) == connection);
            let already = matches!(target.state, State::Connected { .. });
            if dialled || (target.dial.peer == Some(peer) && !already) {
                target.state = State::Connected { peer, since: now };
            }
        }
    }

    /// The last connection to this peer is gone.
    pub(super) fn disconnected(&mut self, gone: PeerId, now: Instant, random: u64) {
        for target in &mut self.targets {
            if let State::Connected { peer, since } = target.state
                && peer == gone
            {
                if now.duration_since(since) >= STOOD_MIN {
                    target.failures = 0;
                }
                target.fail(now, random);
            }
        }
    }

    fn target(&mut self, dial: &Dial) -> Option<&mut Target> {
        self.targets.iter_mut().find(|target| target.dial == *dial)
    }

    fn dialled_by(&mut self, connection: ConnectionId) -> Option<&mut Target> {
        self.targets
            .iter_mut()
            .find(|target| target.state == State::Dialling { connection })
    }
}

impl Target {
    fn fail(&mut self, now: Instant, random: u64) {
        self.state = State::Waiting {
            until: now + pause(self.failures, random),
        };
        self.failures = self.failures.saturating_add(1);
    }
}

/// The pause after so many earlier failures, times a random factor from ¾ to 1¼, so that relays
/// that lost each other together do not dial in step.
fn pause(failures: u32, random: u64) -> Duration {
    let doubled = PAUSE_FIRST
        .saturating_mul(1 << failures.min(16))
        .min(PAUSE_MAX);
    let thousandths = 750 + u32::try_from(random % 501).unwrap_or(0);
    (doubled * thousandths / 1000).min(PAUSE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dial(port: u16) -> Dial {
        Dial {
            peer: None,
            address: format!("/ip4/127.0.0.1/tcp/{port}").parse().unwrap(),
        }
    }

    fn redial(dials: Vec<Dial>, now: Instant) -> Redial {
        let mut redial = Redial::default();
        redial.replace(dials, PeerId::random(), now);
        redial
    }

    #[test]
    fn pauses_double_up_to_half_a_minute_and_are_never_in_step() {
        let middle: Vec<_> = (0..9)
            .map(|failures| pause(failures, 250).as_millis())
            .collect();
        assert_eq!(
            middle,
            [250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]
        );
        assert_eq!(pause(2, 0).as_millis(), 750);
        assert_eq!(pause(2, 500).as_millis(), 1250);
        assert_eq!(pause(u32::MAX, u64::MAX), pause(16, u64::MAX));
    }

    #[test]
    fn a_target_is_dialled_again_for_ever() {
        let mut now = Instant::now();
        let mut redial = redial(vec![dial(1)], now);
        for round in 0..100 {
            let due = redial.take_due(now);
            assert_eq!(due, [dial(1)], "round {round}");
            assert_eq!(redial.next_due(), None, "it is not due twice");
            let connection = ConnectionId::new_unchecked(round);
            redial.dialling(&dial(1), connection);
            redial.dial_failed(connection, now, 7);
            let next = redial.next_due().unwrap();
            assert!(next > now && next <= now + PAUSE_MAX);
            now = next;
        }
    }

    #[test]
    fn a_peer_that_hangs_up_at_once_is_dialled_less_and_less() {
        let mut now = Instant::now();
        let mut redial = redial(vec![dial(1)], now);
        let peer = PeerId::random();
        let mut pauses = Vec::new();
        for (round, stood) in [1, 1, 1, 60, 1].into_iter().enumerate() {
            redial.take_due(now);
            let connection = ConnectionId::new_unchecked(round);
            redial.dialling(&dial(1), connection);
            redial.connected(peer, Some(connection), now);
            assert_eq!(redial.next_due(), None);
            now += Duration::from_secs(stood);
            redial.disconnected(peer, now, 250);
            pauses.push(redial.next_due().unwrap().duration_since(now).as_millis());
            now = redial.next_due().unwrap();
        }
        assert_eq!(
            pauses,
            [250, 500, 1000, 250, 500],
            "sixty seconds wiped the slate"
        );
    }

    #[test]
    fn an_inbound_connection_counts_for_a_named_target() {
        let now = Instant::now();
        let peer = PeerId::random();
        let named = Dial {
            peer: Some(peer),
            ..dial(1)
        };
        let mut redial = redial(vec![named.clone()], now);
        redial.connected(peer, Some(ConnectionId::new_unchecked(9)), now);
        assert_eq!(redial.take_due(now), []);
        redial.disconnected(peer, now, 0);
        assert_eq!(redial.take_due(now + PAUSE_MAX), [named]);
    }

    #[test]
    fn we_never_dial_ourselves_twice() {
        let now = Instant::now();
        let ourselves = PeerId::random();
        let mut redial = Redial::default();
        let known = Dial {
            peer: Some(ourselves),
            ..dial(1)
        };
        redial.replace(vec![known, dial(2), dial(2)], ourselves, now);
        assert_eq!(redial.take_due(now), [dial(2)]);
        let connection = ConnectionId::new_unchecked(1);
        redial.dialling(&dial(2), connection);
        redial.found_ourselves(connection);
        assert_eq!(redial.next_due(), None);
        redial.replace(vec![dial(2), dial(3)], ourselves, now);
        assert_eq!(
            redial.take_due(now),
            [dial(3)],
            "a target that stays keeps its state"
        );
    }
}
