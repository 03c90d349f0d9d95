//! The built page, served on loopback as any file server would: every unknown address is the page.

use std::{env, net::Ipv4Addr, path::PathBuf};

use anyhow::{Context as _, ensure};
use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};
use tower_http::services::{ServeDir, ServeFile};
use url::Url;

/// Serves until dropped.
#[derive(Debug)]
pub struct Site {
    origin: Url,
    server: JoinHandle<()>,
}

impl Site {
    /// Serves the folder that `KEEPWELL_DIST` names, on a free port.
    ///
    /// # Errors
    ///
    /// If the variable is not set or names no built page, or no port is free.
    pub async fn serve_dist() -> anyhow::Result<Self> {
        let folder = env::var_os("KEEPWELL_DIST").map(PathBuf::from).context(
            "KEEPWELL_DIST is not set: run this test by `cargo xtask test`, which builds the page",
        )?;
        let page = folder.join("index.html");
        ensure!(page.is_file(), "{} is no file", page.display());

        let files = ServeDir::new(folder).fallback(ServeFile::new(page));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let router = Router::new().fallback_service(files);
        Ok(Self {
            origin: Url::parse(&format!("http://localhost:{port}/"))?,
            server: tokio::spawn(async move {
                // Ends with the test; a failure shows as a page that does not load.
                let _ = axum::serve(listener, router).await;
            }),
        })
    }

    /// The address of a path that starts with a slash.
    ///
    /// # Errors
    ///
    /// If the path makes no address.
    pub fn url(&self, path: &str) -> anyhow::Result<Url> {
        Ok(self.origin.join(path)?)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}
