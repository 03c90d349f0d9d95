//! What a hospital's staff do: issue records, see what was issued, and open what was granted.

mod granted;
mod granted_record;
mod issue;
mod issued;
mod parts;

pub(crate) use granted::Granted;
pub(crate) use granted_record::GrantedRecord;
pub(crate) use issue::Issue;
pub(crate) use issued::Issued;
