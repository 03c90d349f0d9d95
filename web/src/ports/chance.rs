//! Chance for what is no secret: which words of a phrase are asked for again.

/// `count` different numbers below `below`, ascending.
#[must_use]
pub fn some_below(below: usize, count: usize) -> Vec<usize> {
    let mut left: Vec<usize> = (0..below).collect();
    let mut chosen = Vec::new();
    while chosen.len() < count && !left.is_empty() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "from 0 up to a small number"
        )]
        let place = (js_sys::Math::random() * left.len() as f64) as usize;
        chosen.push(left.swap_remove(place.min(left.len() - 1)));
    }
    chosen.sort_unstable();
    chosen
}
