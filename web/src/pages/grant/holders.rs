//! Who holds the parts of the key: for whoever wants to decide that too.

use yew::{AttrValue, Callback, Html, html};

use crate::{
    components::{Checkbox, Select},
    state::{Edit, GrantForm, Offer},
    talk::HospitalLine,
};

pub(super) fn holders(form: &GrantForm, offer: &Offer<'_>, edit: &Callback<Edit>) -> Html {
    let custodians = form.custodians(offer);
    let line = |hospital: &HospitalLine| {
        let (id, chosen) = (hospital.id, custodians.clone());
        let onchange = edit.reform(move |is_ticked| {
            let mut chosen = chosen.clone();
            if is_ticked {
                chosen.insert(id);
            } else {
                chosen.remove(&id);
            }
            Edit::Custodians(chosen)
        });
        let is_issuer = id == offer.persona.hospital_id;
        html! {
            <Checkbox
                key={id.to_string()}
                id={format!("custodian-{id}")}
                label={hospital.name.clone()}
                explanation={is_issuer.then_some("It issued the records, so it knows them anyway.")}
                checked={custodians.contains(&id)}
                {onchange}
            />
        }
    };
    let counts: Vec<(AttrValue, AttrValue)> = (1..=offer.custodians(form.to).count())
        .map(|count| (count.to_string().into(), count.to_string().into()))
        .collect();
    let choose = {
        let edit = edit.clone();
        Callback::from(move |count: String| {
            if let Ok(count) = count.parse() {
                edit.emit(Edit::Threshold(count));
            }
        })
    };
    html! {
        <details class="more">
            <summary>{ "Advanced: who holds the key" }</summary>
            <div class="stack">
                <p>
                    { "The key is split among custodians. They hand out their parts only while you \
                       allow it, and also while you are offline. None can open anything alone. The \
                       hospital that you let in is never one of them." }
                </p>
                <fieldset class="choice">
                    <legend>{ "Custodians" }</legend>
                    { for offer.custodians(form.to).map(line) }
                </fieldset>
                <Select
                    id="grant-threshold"
                    label="How many of them must answer?"
                    hint="The others may be out. If so many of them work together with the hospital \
                          that you let in, they can open the whole set behind your back."
                    options={counts}
                    value={form.threshold(offer).to_string()}
                    onchange={choose}
                />
            </div>
        </details>
    }
}
