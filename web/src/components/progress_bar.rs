//! How far something is.

use yew::{AttrValue, Html, Properties, component, html};

/// What [`ProgressBar`] is told.
#[derive(Clone, PartialEq, Properties)]
pub struct ProgressBarProps {
    /// What is under way, and the bar's name.
    pub label: AttrValue,
    /// How much is done, in the unit of `all`.
    pub done: u64,
    /// How much there is; 0 if that is not known yet.
    pub all: u64,
    /// How far it is in words, where a percentage says too little.
    #[prop_or_default]
    pub text: Option<AttrValue>,
}

/// The browser's own progress bar under a line of text.
#[component]
pub fn ProgressBar(props: &ProgressBarProps) -> Html {
    let percent = percent(props.done, props.all);
    let text = props
        .text
        .clone()
        .or_else(|| percent.map(|percent| format!("{percent} %").into()));
    html! {
        <div class="progress">
            <div class="progress-line">
                <span>{ &props.label }</span>
                <span>{ text }</span>
            </div>
            <progress aria-label={&props.label} max="100" value={percent.map(|percent| percent.to_string())} />
        </div>
    }
}

/// Rounded down, so that it says 100 only when all is done.
fn percent(done: u64, all: u64) -> Option<u128> {
    u128::from(done.min(all))
        .saturating_mul(100)
        .checked_div(u128::from(all))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_hundred_percent_is_all_of_it() {
        assert_eq!(percent(0, 3), Some(0));
        assert_eq!(percent(u64::MAX - 1, u64::MAX), Some(99));
        assert_eq!(percent(u64::MAX, u64::MAX), Some(100));
        assert_eq!(percent(4, 3), Some(100));
    }

    #[test]
    fn of_nothing_known_no_percentage_is_told() {
        assert_eq!(percent(0, 0), None);
    }
}
