//! A media type as the text that stands for it everywhere else.

use keepwell_seal::MediaType;
use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de::Error as _};

pub(super) fn serialize<S: Serializer>(
    media_type: &MediaType,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    media_type.as_str().serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<MediaType, D::Error> {
    let text = String::deserialize(deserializer)?;
    let found = MediaType::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text);
    found.ok_or_else(|| D::Error::custom("no media type of a record"))
}
