//! How much a browser loads before the page works: what the page names, and the engine that it
//! starts at once. A program that waits until somebody needs it is not in this.

use std::{fmt, fs, path::Path};

use anyhow::Context as _;

use super::compressed;

/// What the engine's files are called: a worker's name is not made of its contents.
const ENGINE: &str = "keepwell-engine";

/// What must stay under this: half of what comparable light clients take, `docs/protocol.md`,
/// section 10.
const BYTES_GOAL: u64 = 350_000;

/// What a browser loads first, in bytes as a relay sends them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FirstLoad {
    page: u64,
    engine: u64,
}

/// Of the page in this folder, after it was compressed.
///
/// # Errors
///
/// If a file cannot be read.
pub(super) fn of(folder: &Path) -> anyhow::Result<FirstLoad> {
    let index = folder.join("index.html");
    let text = fs::read_to_string(&index).with_context(|| format!("{}", index.display()))?;
    let mut load = FirstLoad::default();
    for file in compressed::files(folder)? {
        let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        // Those are counted with what they stand for.
        if name.ends_with(".br") {
            continue;
        }
        let compressed = fs::metadata(compressed::beside(&file));
        let bytes = compressed.or_else(|_| fs::metadata(&file))?.len();
        if name == "index.html" || text.contains(name) {
            load.page += bytes;
        } else if is_the_engines(name) {
            load.engine += bytes;
        }
    }
    Ok(load)
}

/// `keepwell-engine.js`, `keepwell-engine_bg.wasm`, `keepwell-engine_loader.js`.
fn is_the_engines(name: &str) -> bool {
    let rest = name.strip_prefix(ENGINE);
    let is_program = name.ends_with(".js") || name.ends_with(".wasm");
    is_program && rest.is_some_and(|rest| rest.starts_with(['.', '_', '-']))
}

impl fmt::Display for FirstLoad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.page + self.engine;
        write!(
            f,
            "first load: {total} bytes by Brotli ({} the page, {} the engine)",
            self.page, self.engine
        )?;
        if total > BYTES_GOAL {
            write!(f, ", over the goal of {BYTES_GOAL}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what fails there fails the test")]
mod tests {
    use super::*;

    #[test]
    fn page_and_engine_are_counted_as_sent_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [
            ("index.html", "<script src=\"/web-1.js\">".to_owned()),
            ("index.html.br", "x".repeat(10)),
            ("web-1.js", "x".repeat(5000)),
            ("web-1.js.br", "x".repeat(20)),
            ("keepwell-engine.js", "x".repeat(100)),
            ("keepwell-engine_bg.wasm", "x".repeat(9000)),
            ("keepwell-engine_bg.wasm.br", "x".repeat(200)),
            ("dicom.js", "x".repeat(1000)),
            ("keepwell-engineer.js", "x".repeat(1000)),
        ] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let load = of(folder.path()).unwrap();
        assert_eq!(
            load,
            FirstLoad {
                page: 30,
                engine: 300
            }
        );
        assert_eq!(
            load.to_string(),
            "first load: 330 bytes by Brotli (30 the page, 300 the engine)"
        );
    }
}
