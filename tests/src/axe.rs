//! Accessibility mistakes that a program can find, by axe-core: WCAG 2.0 and 2.1, levels A and AA.
//!
//! WebDriver puts the script into the page, so that a page's content security policy has no say.

use anyhow::{Context as _, bail};
use fantoccini::Client;
use serde::Deserialize;

/// Version and source are in `tests/axe/README.md`.
const AXE: &str = include_str!("../axe/axe.min.js");

/// Gives what was violated to WebDriver when it is known.
const RUN: &str = r#"
    const done = arguments[arguments.length - 1];
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
    axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }).then(
        found => done({
            checked: found.passes.length,
            violations: found.violations.map(({ id, impact, help, nodes }) => ({
                id, impact, help, targets: nodes.map(node => node.target.join(" ")),
            })),
        }),
        error => done({ error: String(error) }),
    );
"#;

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Outcome {
    Looked {
        checked: usize,
        violations: Vec<Violation>,
    },
    Failed {
        error: String,
    },
}

#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    impact: Option<String>,
    help: String,
    targets: Vec<String>,
}

/// # Errors
///
/// If the page has anything serious or critical, each named with where it is; or if axe does not
/// run.
pub(crate) async fn check(client: &Client) -> anyhow::Result<()> {
    client
        .execute(AXE, vec![])
        .await
        .context("axe-core does not load")?;
    let answer = client
        .execute_async(RUN, vec![])
        .await
        .context("axe-core does not answer")?;
    let violations = match serde_json::from_value(answer)? {
        Outcome::Failed { error } => bail!("axe-core does not run: {error}"),
        Outcome::Looked { checked: 0, .. } => bail!("axe-core found nothing to look at"),
        Outcome::Looked { violations, .. } => violations,
    };
    let serious: Vec<_> = violations
        .iter()
        .filter(|violation| matches!(violation.impact.as_deref(), Some("serious" | "critical")))
        .map(|violation| {
            let Violation {
                id, help, targets, ..
            } = violation;
            format!("{id} ({help}): {}", targets.join(", "))
        })
        .collect();
    if !serious.is_empty() {
        bail!("not accessible:\n{}", serious.join("\n"));
    }
    Ok(())
}
