//! `keepwell-relay`: hosts a hospital's node.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::Parser;
use keepwell_relay::{
    files::FilesLocation,
    page::Origin,
    peers::Multiaddr,
    service::{Service, ServiceError, Settings},
    tls::TlsFiles,
};
use tracing_subscriber::EnvFilter;

/// Hosts a hospital's full node: mines and checks blocks with the other hospitals, keeps sealed
/// files, and answers patients and staff over HTTP. It holds no key that opens a record.
#[derive(Parser)]
#[command(name = "keepwell-relay", version, after_help = EXAMPLE)]
struct Arguments {
    /// The data directory; made if it is not there, and locked while the relay runs
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The network's genesis file, from `keepwell network new`
    #[arg(long, value_name = "FILE")]
    genesis: PathBuf,
    /// The host's keys (node and custody), from `keepwell network new`
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// Where the light-client API listens
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8701")]
    listen: SocketAddr,
    /// Where other nodes connect
    #[arg(
        long,
        value_name = "MULTIADDR",
        default_value = "/ip4/127.0.0.1/tcp/9701"
    )]
    p2p: Multiaddr,
    /// Another node to connect to, besides the genesis file's; may be repeated
    #[arg(long = "peer", value_name = "MULTIADDR")]
    peers: Vec<Multiaddr>,
    /// Where sealed files are kept: a folder, or s3://bucket/prefix?endpoint=URL where the relay
    /// was built with the feature `s3` [default: DIR/files]
    #[arg(long, value_name = "URL")]
    files: Option<FilesLocation>,
    /// The built page, from `cargo xtask build` [default: the folder `page` beside this program,
    /// if it is there]
    #[arg(long, value_name = "DIR")]
    page: Option<PathBuf>,
    /// Where pages reach this relay, https://relay.hospital.example: told in /v1/peers, and allowed
    /// to the page besides the addresses in the directory
    #[arg(long, value_name = "URL")]
    advertise: Option<Origin>,
    /// Speak TLS with this certificate (PEM, those that lead to a root after it). Without it, put a
    /// proxy before the relay that does, and that sets X-Forwarded-Proto: https; over plain HTTP
    /// the page works on this machine only
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// One JSON object a line instead of text
    #[arg(long)]
    log_json: bool,
}

const EXAMPLE: &str = "\
Example:
  keepwell network new --hospital 'North Hospital' --hospital 'South Hospital' --out net
  keepwell-relay --data north-data --genesis net/genesis.toml --keys net/north-hospital/host.keys

Log levels come from KEEPWELL_LOG, such as info or keepwell_relay=debug.";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log(arguments.log_json);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the runtime cannot start");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the relay has stopped");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), ServiceError> {
    let tls = arguments.tls_cert.zip(arguments.tls_key);
    let is_tls = tls.is_some();
    let page = arguments.page.or_else(beside_this_program);
    let has_page = page.is_some();
    let service = Service::start(Settings {
        data: arguments.data,
        genesis: arguments.genesis,
        keys: arguments.keys,
        listen: arguments.listen,
        p2p: arguments.p2p,
        peers: arguments.peers,
        files: arguments.files,
        page,
        advertise: arguments.advertise,
        tls: tls.map(|(certificate, key)| TlsFiles { certificate, key }),
    })
    .await?;
    let chain = &service.host().chain;
    let address = service.address().unwrap_or(arguments.listen);
    if !is_tls && !address.ip().is_loopback() {
        tracing::warn!(
            %address,
            "the API answers plain HTTP to other machines: tokens can be read on the way. Give \
             --tls-cert and --tls-key, or listen on a loopback address, behind a proxy that speaks \
             TLS"
        );
    }
    if !has_page {
        tracing::info!("the page is not served: --page names the folder that holds it");
    }
    tracing::info!(
        %address,
        tls = is_tls,
        page = has_page,
        hospital_id = %chain.hospital_id(),
        genesis = %chain.genesis_hash(),
        head = chain.head().index.0,
        "the relay is ready"
    );
    service.run(asked_to_stop()).await?;
    tracing::info!("the relay has stopped as asked");
    Ok(())
}

/// Where a packaged relay has its page.
fn beside_this_program() -> Option<PathBuf> {
    let folder = std::env::current_exe().ok()?.with_file_name("page");
    folder.is_dir().then_some(folder)
}

/// Ready when the process is interrupted or terminated. Asked once more, it ends at once: what it
/// has promised is on disk.
async fn asked_to_stop() {
    signalled().await;
    tracing::info!("the relay stops; ask once more to end it at once");
    tokio::spawn(async {
        signalled().await;
        tracing::warn!("the relay was ended at once");
        std::process::exit(130);
    });
}

async fn signalled() {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => drop(terminated.recv().await),
        Err(error) => {
            tracing::warn!(%error, "SIGTERM will not be noticed");
            std::future::pending().await
        }
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

fn start_log(json: bool) {
    let filter = EnvFilter::try_from_env("KEEPWELL_LOG");
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if json { log.json().init() } else { log.init() }
}
