//! One file of the page: its bytes, plain and compressed, and how long a browser may keep it.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

/// How many hexadecimal digits in a name make it a name of its contents. The build's have 16, with
/// leading zeros left out.
const HASH_DIGITS_MIN: usize = 12;

/// A file that the page loads, or the page itself.
#[derive(Debug)]
pub(super) struct Asset {
    pub(super) media_type: &'static str,
    /// Other contents have another name, so that a browser need never ask again.
    pub(super) is_immutable: bool,
    /// Of the contents, for a browser to ask whether what it has is still that.
    pub(super) tag: String,
    pub(super) plain: Bytes,
    pub(super) brotli: Option<Bytes>,
}

impl Asset {
    /// `index` is the page's text. Only what it names may be kept for good: the script of a worker
    /// carries the policy that the worker lives under, and that follows the directory.
    pub(super) fn new(path: &str, plain: Bytes, brotli: Option<Bytes>, index: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        Self {
            media_type: media_type(name),
            is_immutable: names_its_contents(name) && index.contains(name),
            tag: short_hash(&plain),
            plain,
            brotli,
        }
    }
}

/// Enough of a SHA-256 to tell versions apart.
pub(super) fn short_hash(bytes: &[u8]) -> String {
    let mut digits = hex::encode(Sha256::digest(bytes));
    digits.truncate(16);
    digits
}

fn names_its_contents(name: &str) -> bool {
    let is_hash = |part: &str| {
        part.len() >= HASH_DIGITS_MIN && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    name.split(['-', '_', '.']).any(is_hash)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_of_contents_that_the_page_itself_names_is_kept_for_good() {
        let index = "import init from '/keepwell-web-a1b2c3d4e5f60718.js'";
        for (path, is_immutable) in [
            ("/keepwell-web-a1b2c3d4e5f60718.js", true),
            ("/engine-a1b2c3d4e5f60718.js", false),
            ("/keepwell-web.js", false),
            ("/index.html", false),
        ] {
            let asset = Asset::new(path, Bytes::new(), None, index);
            assert_eq!(asset.is_immutable, is_immutable, "{path}");
        }
    }
}
