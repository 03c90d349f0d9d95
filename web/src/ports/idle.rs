//! Notices when nobody has touched the page for a while.

use std::{cell::Cell, rc::Rc};

use gloo::{
    events::{EventListener, EventListenerOptions},
    timers::callback::Interval,
};

/// How often is looked. A page in the background is slowed down by its browser, and looks as soon
/// as it is shown again.
const LOOK_EVERY_MS: u32 = 5_000;

/// What counts as a touch.
const TOUCHES: [&str; 4] = ["pointerdown", "keydown", "wheel", "touchstart"];

/// Watches until dropped.
pub struct IdleWatch {
    _listeners: Vec<EventListener>,
    _interval: Interval,
}

impl IdleWatch {
    /// Calls `on_idle` once nobody has touched the page for `after_ms` milliseconds, and again for
    /// each such time.
    pub fn start(after_ms: f64, on_idle: impl Fn() + 'static) -> Self {
        let touched = Rc::new(Cell::new(js_sys::Date::now()));
        let look = {
            let touched = touched.clone();
            Rc::new(move || {
                let now = js_sys::Date::now();
                if now - touched.get() >= after_ms {
                    touched.set(now);
                    on_idle();
                }
            })
        };
        let document = gloo::utils::document();
        let mut listeners: Vec<EventListener> = TOUCHES
            .into_iter()
            .map(|kind| {
                let (touched, look) = (touched.clone(), look.clone());
                let options = EventListenerOptions::run_in_capture_phase();
                EventListener::new_with_options(&document, kind, options, move |_| {
                    // The touch that wakes a sleeping device comes too late.
                    look();
                    touched.set(js_sys::Date::now());
                })
            })
            .collect();
        let shown = look.clone();
        listeners.push(EventListener::new(
            &document,
            "visibilitychange",
            move |_| {
                shown();
            },
        ));
        Self {
            _listeners: listeners,
            _interval: Interval::new(LOOK_EVERY_MS, move || look()),
        }
    }
}
