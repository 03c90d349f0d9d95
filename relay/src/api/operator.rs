//! `/v1/mine`: what only this relay's own hospital may ask.

use axum::{Json, extract::State};
use keepwell_wire::api::HeadAnswer;

use super::{
    Api, ApiError,
    authority::{SignedInHospital, forbidden},
    status::head_answer,
};
use crate::host::blocking;

/// `POST /v1/mine`: a block is to be mined now, even an empty one. Answers with the head as it is
/// before: the block comes when it is found.
pub(super) async fn mine(
    State(api): State<Api>,
    SignedInHospital(hospital_id): SignedInHospital,
) -> Result<Json<HeadAnswer>, ApiError> {
    if hospital_id != api.host.chain.hospital_id() {
        let detail = "only the hospital that runs this relay may ask it to mine";
        return Err(forbidden("operatorOnly", detail));
    }
    let peers = u32::try_from(api.host.peers.connected().len()).unwrap_or(u32::MAX);
    let head = blocking(&api.host.chain, move |chain| {
        chain.mine_now()?;
        head_answer(chain, peers)
    });
    Ok(Json(head.await?))
}
