//! `/v1/challenges` and `/v1/tokens`: a signed challenge is exchanged for a short-lived token.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::{Json, extract::State, http::StatusCode};
use keepwell_keys::{PatientId, PublicKey, SignatureCheck, signing_digest};
use keepwell_primitives::{Hash, Milliseconds, Timestamp};
use keepwell_wire::api::{
    CHALLENGE_DOMAIN, Challenge, ChallengeQuestion, Role, Token, TokenQuestion,
};
use rand_core::{OsRng, RngCore};

use super::{Api, ApiError, question::Question};
use crate::{
    chain::{Chain, ChainError},
    clock,
    host::blocking,
};

/// A challenge is signed by a program, at once.
const CHALLENGE_FOR: Milliseconds = Milliseconds(60_000);

/// A token outlasts an upload of some hours over a slow line only if it is renewed.
const TOKEN_FOR: Milliseconds = Milliseconds(15 * 60_000);

/// Challenges and tokens kept at once: above what one relay's patients need, far below what
/// memory holds.
const KEPT_MAX: usize = 65_536;

/// Who was challenged, and who is signed in. In memory: a restart signs everybody out.
#[derive(Default)]
pub struct Tokens {
    challenges: Mutex<Kept<Hash>>,
    tokens: Mutex<Kept<String>>,
}

/// At most so many at once: the oldest makes room for the next, so that whoever floods the relay
/// with sign-ins keeps nobody else out who signs at once.
struct Kept<K> {
    by_name: HashMap<K, (Role, Timestamp)>,
    /// In the order they came, which is the order they expire in.
    order: VecDeque<(Timestamp, K)>,
}

impl<K> Default for Kept<K> {
    fn default() -> Self {
        Self {
            by_name: HashMap::new(),
            order: VecDeque::new(),
        }
    }
}

impl<K: std::hash::Hash + Eq + Clone> Kept<K> {
    fn insert(&mut self, name: K, role: Role, expires_at: Timestamp, now: Timestamp) {
        while let Some((oldest, _)) = self.order.front() {
            if now < *oldest && self.order.len() < KEPT_MAX {
                break;
            }
            if let Some((_, name)) = self.order.pop_front() {
                self.by_name.remove(&name);
            }
        }
        self.order.push_back((expires_at, name.clone()));
        self.by_name.insert(name, (role, expires_at));
    }
}

/// `POST /v1/challenges`.
pub(super) async fn challenge(
    State(api): State<Api>,
    Question(question): Question<ChallengeQuestion>,
) -> Result<Json<Challenge>, ApiError> {
    let mut bytes = [0; 32];
    OsRng.fill_bytes(&mut bytes);
    let now = clock::now();
    let (challenge, expires_at) = (Hash(bytes), now + CHALLENGE_FOR);
    lock(&api.tokens.challenges).insert(challenge, question.role, expires_at, now);
    Ok(Json(Challenge {
        challenge,
        expires_at,
    }))
}

/// `POST /v1/tokens`.
pub(super) async fn token(
    State(api): State<Api>,
    Question(question): Question<TokenQuestion>,
) -> Result<Json<Token>, ApiError> {
    // Taken out whatever comes of it: a challenge is good for one try.
    let challenged = lock(&api.tokens.challenges)
        .by_name
        .remove(&question.challenge);
    let is_known = challenged
        .is_some_and(|(role, expires_at)| role == question.role && clock::now() < expires_at);
    if !is_known {
        return Err(unauthorized(
            "challengeUnknown",
            "the challenge is unknown, used or too old",
        )
        .hint("ask for another challenge"));
    }
    let check = SignatureCheck {
        public_key: question.public_key,
        digest: signing_digest(
            CHALLENGE_DOMAIN,
            &api.host.chain.genesis_hash(),
            question.challenge.as_bytes(),
        ),
        signature: question.signature,
    };
    check.verify().map_err(|_| {
        unauthorized(
            "challengeSignature",
            "the challenge was not signed by the key it came with",
        )
    })?;
    let expected = blocking(&api.host.chain, move |chain| current_key(chain, &question)).await?;
    if expected != Some(question.public_key) {
        return Err(unauthorized(
            "notTheirKey",
            "the key is not the current key of that id",
        ));
    }
    let mut bytes = [0; 32];
    OsRng.fill_bytes(&mut bytes);
    let now = clock::now();
    let (token, expires_at) = (hex::encode(bytes), now + TOKEN_FOR);
    lock(&api.tokens.tokens).insert(token.clone(), question.role, expires_at, now);
    Ok(Json(Token { token, expires_at }))
}

impl Tokens {
    /// As whom a token acts; none if it is unknown or too old.
    pub fn role(&self, token: &str, now: Timestamp) -> Option<Role> {
        let tokens = lock(&self.tokens);
        tokens
            .by_name
            .get(token)
            .filter(|(_, expires_at)| now < *expires_at)
            .map(|(role, _)| *role)
    }
}

/// The key that must have signed. A patient without an account is known by the id alone.
fn current_key(chain: &Chain, question: &TokenQuestion) -> Result<Option<PublicKey>, ChainError> {
    let state = chain.head_state()?;
    Ok(match question.role {
        Role::Patient(id) => match state.account(&id)? {
            Some(account) => Some(account.public_key),
            None => (PatientId::of(&question.public_key) == id).then_some(question.public_key),
        },
        Role::Hospital(id) => state
            .hospital(&id)?
            .filter(|h| h.is_active())
            .map(|h| h.public_keys.authority),
    })
}

fn unauthorized(code: &str, detail: &str) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, code, detail)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_sign_in_finds_a_place_however_many_there_are() {
        let mut kept = Kept::default();
        let role = Role::Patient(PatientId::from_bytes([1; 32]));
        let now = Timestamp(1_000);
        let many = u32::try_from(KEPT_MAX).unwrap() + 1;
        for name in 0..many {
            kept.insert(name, role, now + CHALLENGE_FOR, now);
        }
        assert_eq!(kept.by_name.len(), KEPT_MAX);
        assert!(!kept.by_name.contains_key(&0));
        assert!(kept.by_name.contains_key(&(many - 1)));

        let later = now + CHALLENGE_FOR;
        kept.insert(many, role, later + CHALLENGE_FOR, later);
        assert_eq!(kept.by_name.len(), 1, "what has expired is forgotten");
    }
}
