//! A real store whose power goes out after so many writes: from then on nothing is written.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use futures::{StreamExt, stream::BoxStream};
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, path::Path,
};

#[derive(Debug)]
pub(crate) struct Crashing {
    store: Arc<dyn ObjectStore>,
    writes_left: Arc<AtomicUsize>,
}

impl Crashing {
    pub(crate) fn new(store: Arc<dyn ObjectStore>, writes: usize) -> Self {
        Self {
            store,
            writes_left: Arc::new(AtomicUsize::new(writes)),
        }
    }
}

fn take_write(left: &AtomicUsize) -> Result<()> {
    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
        left.checked_sub(1)
    })
    .map(drop)
    .map_err(|_| Error::Generic {
        store: "crashing",
        source: "the power is out".into(),
    })
}

impl fmt::Display for Crashing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crashing({})", self.store)
    }
}

#[async_trait]
impl ObjectStore for Crashing {
    async fn put_opts(&self, at: &Path, payload: PutPayload, o: PutOptions) -> Result<PutResult> {
        take_write(&self.writes_left)?;
        self.store.put_opts(at, payload, o).await
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        take_write(&self.writes_left)?;
        self.store.put_multipart_opts(at, options).await
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        self.store.get_opts(at, options).await
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        let left = Arc::clone(&self.writes_left);
        let paths = paths.map(move |path| take_write(&left).and(path)).boxed();
        self.store.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.store.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.store.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        take_write(&self.writes_left)?;
        self.store.copy_opts(from, to, options).await
    }
}
