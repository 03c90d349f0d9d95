//! Lies, told one at a time by a relay that is honest otherwise.

use std::{
    sync::{Mutex, PoisonError},
    thread,
};

use anyhow::{Context as _, ensure};

use crate::{Alteration, Answer, Proxy, Question, alterations};

/// What is asked in the course of a verb, and one answer to it altered.
pub struct Lie {
    /// What is asked.
    pub question: Question,
    /// What is told.
    pub alteration: Alteration,
}

impl Lie {
    /// Each question that was heard and was answered in JSON, with each alteration of its answer.
    pub fn all(heard: &[(Question, Answer)], others: &[String]) -> Vec<Self> {
        let mut questions: Vec<&Question> = Vec::new();
        let mut all = Vec::new();
        for (question, answer) in heard {
            if questions.contains(&question) {
                continue;
            }
            questions.push(question);
            let Some(answer) = answer.json() else {
                continue;
            };
            let altered = alterations(&answer, others).into_iter();
            all.extend(altered.map(|alteration| Self {
                question: question.clone(),
                alteration,
            }));
        }
        all
    }

    /// A relay that tells it whenever it is asked this.
    ///
    /// # Errors
    /// If there is no port for it.
    pub fn told_before(&self, relay: &str) -> anyhow::Result<Proxy> {
        let (question, place) = (self.question.clone(), self.alteration.place.clone());
        let value = self.alteration.value.pointer(&place).cloned();
        let value = value.context("the place is there")?;
        Proxy::before(relay, move |asked, answer| {
            // Who signs in has each time another challenge to sign.
            let is_body = asked.body == question.body || question.path == "/v1/tokens";
            let is_it = asked.path == question.path && is_body;
            let mut said = answer.json().filter(|_| is_it);
            match said.as_mut().and_then(|said| said.pointer_mut(&place)) {
                Some(part) => *part = value.clone(),
                None => return answer,
            }
            answer.with_body(said.unwrap_or_default().to_string())
        })
    }

    /// What is asked, without its query.
    pub fn path(&self) -> &str {
        let path = self.question.path.split('?').next();
        path.unwrap_or_default()
    }

    /// The place, and what was done to it.
    pub fn told(&self) -> String {
        let Alteration { place, how, .. } = &self.alteration;
        format!("{place} {how}")
    }

    /// Whether it is one of these: a path, how what was told starts, and a reason.
    pub fn is_among(&self, known: &[(&str, &str, &str)]) -> bool {
        known
            .iter()
            .any(|(path, told, _)| self.path() == *path && self.told().starts_with(told))
    }
}

/// Tries all lies, two at a time.
///
/// # Errors
/// If a lie ends in one; it tells each that does.
pub fn in_turn(
    lies: &[Lie],
    try_one: impl Fn(usize, &Lie) -> anyhow::Result<String> + Sync,
) -> anyhow::Result<Vec<String>> {
    let (waiting, endings) = (Mutex::new(lies.iter().enumerate()), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let Some((number, lie)) = waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .next()
            else {
                return;
            };
            let ending =
                try_one(number, lie).with_context(|| format!("{} {}", lie.path(), lie.told()));
            endings
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(ending);
        }
    };
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(work);
        }
    });
    let endings = endings.into_inner().unwrap_or_else(PoisonError::into_inner);
    let wrong = endings.iter().filter_map(|ending| ending.as_ref().err());
    let wrong: Vec<_> = wrong.map(|error| format!("{error:#}")).collect();
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    endings.into_iter().collect()
}
