//! How long a visit card can be used.

use keepwell_primitives::Milliseconds;

/// From the moment it is made: a day, so that a card shown at the desk still opens the scope when
/// the report is written in the evening, and one found later opens nothing.
pub const CARD_VALID_FOR: Milliseconds = Milliseconds::DAY;
