//! The whole service of one relay: opened in order, stopped in order.

use std::{
    fs,
    future::Future,
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::serve::Listener;
use keepwell_keys::{HostKeys, HostKeysError};
use keepwell_ledger::genesis::{Genesis, GenesisError};
use keepwell_primitives::{Milliseconds, limits};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tokio_rustls::TlsAcceptor;

use crate::{
    api::{self, Api, Tokens},
    chain::{Chain, ChainError},
    clock,
    custodian::{Custodian, CustodianError},
    files::{Files, FilesConfig, FilesError, FilesLocation},
    host::{self, Directory, Host, HostError},
    page::{Origin, Page, PageError, Site},
    peers::{Dial, Multiaddr, NodeSecret, Peers, PeersConfig, StartError},
    replica,
    store::{Store, StoreError},
    tls::{TlsError, TlsFiles, TlsListener},
};

/// How often files without a second relay are offered again.
const REPLICATE_EVERY: std::time::Duration = std::time::Duration::from_secs(5);

/// How often uploads are looked through for those that nobody finishes.
const EXPIRE_EVERY: std::time::Duration = std::time::Duration::from_secs(60 * 60);

/// An upload that got no chunk for so long is deleted: a client that means to go on comes back
/// within a day.
const UPLOAD_FOR: Milliseconds = Milliseconds::DAY;

/// How long answers under way are waited for when the relay stops.
const DRAIN_FOR: std::time::Duration = std::time::Duration::from_secs(3);

/// What a relay is started with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The data directory: the chain store, and sealed files unless they lie elsewhere.
    pub data: PathBuf,
    /// The genesis file.
    pub genesis: PathBuf,
    /// The host's keys.
    pub keys: PathBuf,
    /// Where the API listens.
    pub listen: SocketAddr,
    /// Where other nodes reach this one.
    pub p2p: Multiaddr,
    /// Whom to connect to besides the genesis file's addresses.
    pub peers: Vec<Multiaddr>,
    /// Where sealed files are kept, if not in the data directory.
    pub files: Option<FilesLocation>,
    /// The folder that holds the built page, if it is served.
    pub page: Option<PathBuf>,
    /// Where pages reach this relay, if it is told.
    pub advertise: Option<Origin>,
    /// With what the API speaks TLS, if it does.
    pub tls: Option<TlsFiles>,
}

/// Why a relay does not start, or has stopped.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are what the message says of them")]
pub enum ServiceError {
    /// A file that it was given cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    /// The genesis file is wrong.
    #[error("{}: {error}", path.display())]
    Genesis { path: PathBuf, error: GenesisError },
    /// The keys file is wrong.
    #[error("{}: {error}", path.display())]
    Keys { path: PathBuf, error: HostKeysError },
    /// The keys are of no hospital of this network.
    #[error("the node key in {} belongs to no hospital of the genesis file", path.display())]
    NotEnrolled { path: PathBuf },
    /// The folder of the page holds none.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The files for TLS are wrong.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The data directory cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The node cannot be opened, or its store failed.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The file store cannot be opened.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The peers cannot be started.
    #[error(transparent)]
    Peers(#[from] StartError),
    /// The API's address is taken or cannot be used.
    #[error("{address} cannot be listened on: {error}")]
    Listen {
        address: SocketAddr,
        error: io::Error,
    },
    /// The host stopped.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The custodian stopped.
    #[error(transparent)]
    Custodian(#[from] CustodianError),
    /// The API stopped.
    #[error("the API stopped: {0}")]
    Api(io::Error),
    /// A task panicked.
    #[error("a part of the relay stopped: {0}")]
    Stopped(String),
}

/// A relay that runs.
pub struct Service {
    host: Host,
    site: Arc<Site>,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    hosting: JoinHandle<Result<(), HostError>>,
    custody: JoinHandle<Result<(), CustodianError>>,
    replicating: JoinHandle<Result<(), ChainError>>,
    expiring: JoinHandle<()>,
}

impl Service {
    /// Opens everything; when this returns, the API's address is bound.
    ///
    /// # Errors
    /// [`ServiceError`], by what could not be opened.
    pub async fn start(settings: Settings) -> Result<Self, ServiceError> {
        let genesis = read_genesis(&settings.genesis)?;
        let keys = read_keys(&settings.keys)?;
        let node_public_key = keys.node.public_key();
        let enrolled = genesis.hospitals().iter();
        let mut enrolled = enrolled.filter(|(_, h)| h.public_keys.node == node_public_key);
        let hospital_id = enrolled.next().map(|(id, _)| *id);
        let hospital_id = hospital_id.ok_or_else(|| ServiceError::NotEnrolled {
            path: settings.keys.clone(),
        })?;
        let tls = settings.tls.as_ref().map(TlsFiles::acceptor).transpose()?;
        let page = settings.page.as_deref().map(Page::open).transpose()?;
        let site = Site::new(page, settings.advertise.clone(), tls.is_some());
        let listener =
            TcpListener::bind(settings.listen)
                .await
                .map_err(|error| ServiceError::Listen {
                    address: settings.listen,
                    error,
                })?;
        let store = Store::open(settings.data.join("chain"))?;
        let files = open_files(&settings)?;
        let directory = Directory::of(&genesis)?;
        let chain = Chain::open(genesis, hospital_id, keys.node.clone(), store)?;
        let mut dial = directory.dial().to_vec();
        dial.extend(settings.peers.iter().cloned().map(Dial::from));
        let mut node_secret = *keys.node.expose_secret();
        let (peers, events) = Peers::start(PeersConfig {
            node_secret: NodeSecret::from_bytes(&mut node_secret)?,
            listen: settings.p2p.clone(),
            dial,
            allowed: directory.allowed(),
            network: chain.genesis_hash().to_string(),
        })
        .await?;
        let custodian = Custodian::new(chain.clone(), keys.node.clone(), keys.custody.clone());
        let host = Host {
            chain,
            peers,
            directory: Arc::new(directory),
            files,
            fetching: Arc::default(),
            custodian,
        };
        let hosting = host::start(host.clone(), events)?;
        let custody = tokio::spawn(host.custodian.clone().run(host.clone()));
        let replicating = tokio::spawn(replicate(host.clone()));
        let expiring = tokio::spawn(expire_uploads(host.files.clone()));
        Ok(Self {
            host,
            site: Arc::new(site),
            listener,
            tls,
            hosting,
            custody,
            replicating,
            expiring,
        })
    }

    /// What the relay hosts.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Where the API listens, with the real port where 0 was asked for.
    ///
    /// # Errors
    /// The system's.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` is ready, or until a part fails.
    ///
    /// # Errors
    /// [`ServiceError`] of the part that failed: the process should end then.
    pub async fn run(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServiceError> {
        let Self {
            host,
            site,
            listener,
            tls,
            mut hosting,
            mut custody,
            mut replicating,
            expiring,
        } = self;
        let (stopping, stopped) = watch::channel(false);
        let api = Api {
            host: host.clone(),
            tokens: Arc::new(Tokens::default()),
            site,
            stopping: stopped.clone(),
        };
        let mut serving = match tls {
            Some(acceptor) => serve(TlsListener::new(listener, acceptor), api, stopped),
            None => serve(listener, api, stopped),
        };
        let result = tokio::select! {
            () = stop => Ok(()),
            served = &mut serving => match served {
                Ok(served) => served.map_err(ServiceError::Api),
                Err(error) => Err(ServiceError::Stopped(error.to_string())),
            },
            ended = &mut hosting => flatten(ended),
            ended = &mut custody => flatten(ended),
            ended = &mut replicating => flatten(ended),
        };
        stopping.send_replace(true);
        if !serving.is_finished() && tokio::time::timeout(DRAIN_FOR, &mut serving).await.is_err() {
            tracing::warn!("some answers were not finished when the relay stopped");
            serving.abort();
        }
        custody.abort();
        replicating.abort();
        expiring.abort();
        host.peers.shutdown().await;
        hosting.abort();
        // The task holds the miner, whose thread ends with it.
        let _ = hosting.await;
        result
    }
}

/// Answers whoever connects, until it is to stop and all answers are given.
fn serve<L>(listener: L, api: Api, mut stopped: watch::Receiver<bool>) -> JoinHandle<io::Result<()>>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    let serving = axum::serve(listener, api::router(api));
    let serving = serving.with_graceful_shutdown(async move {
        // An error is the end of the service, too.
        let _ = stopped.wait_for(|stopping| *stopping).await;
    });
    tokio::spawn(serving.into_future())
}

async fn replicate(host: Host) -> Result<(), ChainError> {
    let mut every = tokio::time::interval(REPLICATE_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        replica::replicate(&host).await?;
    }
}

async fn expire_uploads(files: Files) {
    let mut every = tokio::time::interval(EXPIRE_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        match files.expire(clock::now(), UPLOAD_FOR).await {
            Ok(expired) if expired.is_empty() => {}
            Ok(expired) => {
                tracing::info!(
                    count = expired.len(),
                    "uploads that nobody finished were deleted"
                );
            }
            Err(error) => tracing::error!(%error, "unfinished uploads cannot be looked through"),
        }
    }
}

fn flatten<E: Into<ServiceError>>(
    ended: Result<Result<(), E>, tokio::task::JoinError>,
) -> Result<(), ServiceError> {
    match ended {
        Ok(result) => result.map_err(Into::into),
        Err(error) => Err(ServiceError::Stopped(error.to_string())),
    }
}

fn open_files(settings: &Settings) -> Result<Files, FilesError> {
    let folder = || FilesLocation::Folder(settings.data.join("files"));
    let location = settings.files.clone().unwrap_or_else(folder);
    let config = FilesConfig {
        chunk_bytes: limits::BLOB_CHUNK_BYTES as u64,
        file_bytes_max: limits::BLOB_BYTES_MAX,
        leaf: |index, chunk| keepwell_custody::blob_leaf(index, chunk).0,
    };
    Files::open(&location, config)
}

fn read_genesis(path: &Path) -> Result<Genesis, ServiceError> {
    let wrong = |error| ServiceError::Genesis {
        path: path.to_owned(),
        error,
    };
    Genesis::from_toml(&read(path)?).map_err(wrong)
}

fn read_keys(path: &Path) -> Result<HostKeys, ServiceError> {
    let text = zeroize::Zeroizing::new(read(path)?);
    let wrong = |error| ServiceError::Keys {
        path: path.to_owned(),
        error,
    };
    HostKeys::from_file_text(&text).map_err(wrong)
}

fn read(path: &Path) -> Result<String, ServiceError> {
    fs::read_to_string(path).map_err(|error| ServiceError::Read {
        path: path.to_owned(),
        error,
    })
}
