//! What a hospital may open now beside what it may open after: a new grant replaces the old one as
//! a whole.

use keepwell_primitives::Timestamp;
use yew::{AttrValue, Html, html};

use crate::{
    components::{Section, Table},
    pages::sharing::terms::{coverage_words, custodian_words, end_words},
    ports::dates,
    state::{GrantEnd, GrantForm, Offer, end_of, purpose_words},
    talk::{CoverageLine, GrantLine, KnownNetwork},
};

pub(super) fn comparison(
    form: &GrantForm,
    offer: &Offer<'_>,
    old: &GrantLine,
    known: &KnownNetwork,
    now: Timestamp,
) -> Html {
    let hospital = known.name_of(&old.hospital_id);
    let end = match form.expires_at(now, dates::end_of_day(&form.day)) {
        Ok(Timestamp::MAX) => end_words(GrantEnd::WhenRevoked),
        Ok(end) => end_words(GrantEnd::At(end)),
        Err(_) => html! { { "Not chosen yet" } },
    };
    let coverage = match form.coverage(offer) {
        CoverageLine::Records(records) if records.is_empty() => {
            html! { { "Not chosen yet" } }
        }
        coverage => coverage_words(&coverage, offer.persona),
    };
    let purpose = |code: &str| html! { { purpose_words(code) } };
    let text = |words: String| html! { { words } };
    let row =
        |term: &'static str, before: Html, after: Html| vec![html! { { term } }, before, after];
    let rows = vec![
        row("Until", end_words(end_of(old, now)), end),
        row(
            "Records",
            coverage_words(&old.coverage, offer.persona),
            coverage,
        ),
        row("Purpose", purpose(&old.purpose), purpose(&form.purpose)),
        row(
            "Custodians",
            text(custodian_words(&old.custodians, old.threshold, known)),
            text(custodian_words(
                &form.custodians(offer),
                form.threshold(offer),
                known,
            )),
        ),
    ];
    let columns: Vec<AttrValue> = vec!["Terms".into(), "Now".into(), "After".into()];
    html! {
        <Section heading="What changes">
            <p>
                { format!(
                    "{hospital} may open this set already. What you send replaces that as a whole.",
                ) }
            </p>
            <Table caption={format!("What {hospital} may open")} {columns} {rows} />
        </Section>
    }
}
