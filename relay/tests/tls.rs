//! A relay that speaks TLS itself, with a certificate made for the test.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests: what fails there fails the test"
)]

mod api_world;

use std::{fs, net::TcpStream, path::Path, sync::Arc};

use keepwell_relay::{
    service::ServiceError,
    tls::{TlsError, TlsFiles},
};
use rcgen::generate_simple_self_signed;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer},
};

use api_world::World;

/// Writes a certificate for localhost and its key.
fn pair(folder: &Path, name: &str) -> (TlsFiles, CertificateDer<'static>) {
    let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = TlsFiles {
        certificate: folder.join(format!("{name}.crt")),
        key: folder.join(format!("{name}.key")),
    };
    fs::write(&files.certificate, made.cert.pem()).unwrap();
    fs::write(&files.key, made.key_pair.serialize_pem()).unwrap();
    (files, made.cert.der().clone())
}

/// Asks over TLS, trusting this certificate alone.
async fn ask(world: &World, trusted: CertificateDer<'static>, question: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = tokio::net::TcpStream::connect(world.address).await.unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    let name = "localhost".try_into().unwrap();
    let mut stream = connector.connect(name, stream).await.unwrap();
    stream.write_all(question.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // The end of a connection without a word of farewell is an error to TLS, not to HTTP.
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

#[test]
fn page_of_a_relay_with_a_certificate_works_under_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page");
    fs::create_dir(&page).unwrap();
    fs::write(page.join("index.html"), "the page").unwrap();
    let (files, certificate) = pair(folder.path(), "north");
    let world = World::start_with(&[], |settings| {
        settings.page = Some(page);
        settings.tls = Some(files);
    })
    .unwrap();
    // One that says nothing holds up no other.
    let _silent = TcpStream::connect(world.address).unwrap();
    let question = "GET / HTTP/1.1\r\nHost: hospital.test\r\nConnection: close\r\n\r\n";
    let answer = world.runtime.block_on(ask(&world, certificate, question));
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("the page"), "{answer}");
}

#[test]
fn relay_does_not_start_with_files_that_are_no_pair() {
    let folder = tempfile::tempdir().unwrap();
    let (north, _) = pair(folder.path(), "north");
    let (south, _) = pair(folder.path(), "south");
    let empty = folder.path().join("empty");
    fs::write(&empty, "").unwrap();
    let broken = folder.path().join("broken");
    fs::write(&broken, "-----BEGIN CERTIFICATE-----\n???\n").unwrap();
    let start = |certificate: &Path, key: &Path| {
        let files = TlsFiles {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
        };
        let started = World::start_with(&[], |settings| settings.tls = Some(files));
        match started.err() {
            Some(ServiceError::Tls(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let error = start(&north.certificate, &south.key);
    assert!(matches!(error, TlsError::Pair { .. }), "{error}");
    let error = start(&empty, &north.key);
    assert!(matches!(error, TlsError::NoCertificate { .. }), "{error}");
    let error = start(&broken, &north.key);
    assert!(matches!(error, TlsError::Pem { .. }), "{error}");
    let error = start(&north.certificate, &north.certificate);
    assert!(matches!(error, TlsError::NoKey { .. }), "{error}");
    let error = start(&north.certificate, &folder.path().join("nowhere"));
    assert!(matches!(error, TlsError::Read { .. }), "{error}");
}
