//! A certificate and its key, as PEM files.

use std::{fs, path::PathBuf, sync::Arc};

use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject as _},
    },
};
use zeroize::Zeroizing;

/// Where certificate and key are.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate, with those that lead to a root after it.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Why a relay cannot speak TLS with these files.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are what the message says of them")]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    Read {
        path: PathBuf,
        error: std::io::Error,
    },
    /// The first file holds no certificate.
    #[error("--tls-cert: {} holds no certificate as PEM", path.display())]
    NoCertificate { path: PathBuf },
    /// A file is no PEM from start to end.
    #[error("{} is no PEM file: {error}", path.display())]
    Pem { path: PathBuf, error: pem::Error },
    /// The second file holds no key.
    #[error("--tls-key: {} holds no private key as PEM", path.display())]
    NoKey { path: PathBuf },
    /// They do not belong together, or one is of a kind that is not known.
    #[error("{} and {} cannot be used together: {error}", files.certificate.display(), files.key.display())]
    Pair {
        files: TlsFiles,
        error: rustls::Error,
    },
}

impl TlsFiles {
    /// Reads both.
    ///
    /// # Errors
    /// [`TlsError`], by what is wrong with which.
    pub fn acceptor(&self) -> Result<TlsAcceptor, TlsError> {
        let certificates = self.certificates()?;
        let key = self.key()?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|config| {
                let config = config.with_no_client_auth();
                config.with_single_cert(certificates, key)
            });
        let mut config = config.map_err(|error| TlsError::Pair {
            files: self.clone(),
            error,
        })?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let path = &self.certificate;
        let text = read(path)?;
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
        let certificates = certificates.map_err(|error| TlsError::Pem {
            path: path.clone(),
            error,
        })?;
        if certificates.is_empty() {
            return Err(TlsError::NoCertificate { path: path.clone() });
        }
        Ok(certificates)
    }

    fn key(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        let path = self.key.clone();
        let text = Zeroizing::new(read(&path)?);
        PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
            pem::Error::NoItemsFound => TlsError::NoKey { path },
            error => TlsError::Pem { path, error },
        })
    }
}

fn read(path: &PathBuf) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|error| TlsError::Read {
        path: path.clone(),
        error,
    })
}
