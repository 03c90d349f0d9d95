//! What a relay's own hospital may ask of it.

use keepwell_keys::HospitalIdentity;
use keepwell_wire::api::{HeadAnswer, Role};

use crate::{ClientError, Clock, Relay, Session, api};

/// Has the relay mine a block now, even an empty one. Answers with the relay's head as it was: the
/// block comes when it is found.
///
/// # Errors
/// Those of the relay; `operatorOnly` where it is another hospital's.
pub async fn mine<R: Relay, C: Clock>(
    session: &Session<'_, R, C>,
    identity: &HospitalIdentity,
) -> Result<HeadAnswer, ClientError> {
    let role = Role::Hospital(identity.id());
    let token = session.token(role, &identity.authority).await?;
    api::mine(session.relay, &token).await
}
