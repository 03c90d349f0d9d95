//! How the engine is heard.

use std::cell::RefCell;

use crate::talk::{JobId, News, Report, Stage};

type Listener = Box<dyn Fn(Report)>;

/// To whoever listens: the page, once it has connected.
#[derive(Default)]
pub(super) struct Voice(RefCell<Option<Listener>>);

/// A command at work.
pub(super) struct Job<'a> {
    pub(super) id: JobId,
    pub(super) voice: &'a Voice,
}

impl Voice {
    pub(super) fn found(&self, listener: impl Fn(Report) + 'static) {
        self.0.replace(Some(Box::new(listener)));
    }

    /// Tells what has changed.
    pub(super) fn tell(&self, news: News) {
        self.say(Report { job: None, news });
    }

    fn say(&self, report: Report) {
        if let Some(listener) = &*self.0.borrow() {
            listener(report);
        }
    }
}

impl Job<'_> {
    /// Tells what comes of the command.
    pub(super) fn tell(&self, news: News) {
        self.voice.say(Report {
            job: Some(self.id),
            news,
        });
    }

    /// Tells how far it is.
    pub(super) fn progress(&self, stage: Stage, done: u64, all: u64) {
        self.tell(News::Progress { stage, done, all });
    }
}
