//! A relay's server-sent events: they say only that there is something new.

use gloo::events::EventListener;
use web_sys::EventSource;

/// A stream that reconnects by itself, open until dropped.
pub struct Events {
    source: EventSource,
    _listeners: Vec<EventListener>,
}

impl Events {
    /// Listens at the relay of this origin. `on_news` hears of every new block and of every item in
    /// a mailbox, and whenever the relay can be reached again.
    #[must_use]
    pub fn of(origin: &str, on_news: impl Fn() + Clone + 'static) -> Option<Self> {
        let source = EventSource::new(&format!("{origin}/v1/events")).ok()?;
        let listeners = ["open", "block", "mailbox"].map(|kind| {
            let on_news = on_news.clone();
            EventListener::new(&source, kind, move |_| on_news())
        });
        Some(Self {
            source,
            _listeners: listeners.into(),
        })
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.source.close();
    }
}
