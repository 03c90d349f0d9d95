//! Files on the browser's disk: one that a person chose and then changed, and those that a spool
//! lies in.

use js_sys::{AsyncIterator, IteratorNext, Reflect};
use keepwell_web::ports::thrown::Thrown;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions,
    FileSystemSyncAccessHandle, StorageManager,
};

/// A file as a person would choose it.
pub(crate) struct Chosen {
    handle: FileSystemFileHandle,
    pub(crate) file: Blob,
}

impl Chosen {
    pub(crate) async fn of(name: &str, content: &[u8]) -> Result<Self, Thrown> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let handle = root().await?.get_file_handle_with_options(name, &options);
        let handle = JsFuture::from(handle).await?.unchecked_into();
        write(&handle, content).await?;
        let file = JsFuture::from(handle.get_file()).await?.unchecked_into();
        Ok(Self { handle, file })
    }

    /// Changes it behind the back of who has chosen it.
    pub(crate) async fn write(&self, content: &[u8]) -> Result<(), Thrown> {
        write(&self.handle, content).await
    }

    /// For changing a part of it, at a moment of one's own.
    pub(crate) async fn access(&self) -> Result<FileSystemSyncAccessHandle, Thrown> {
        let access = JsFuture::from(self.handle.create_sync_access_handle()).await?;
        Ok(access.unchecked_into())
    }
}

/// How many scratch files there are.
pub(crate) async fn scratch_files() -> Result<usize, Thrown> {
    let folder = root().await?.get_directory_handle("scratch");
    let folder: FileSystemDirectoryHandle = JsFuture::from(folder).await?.unchecked_into();
    let names: AsyncIterator = folder.keys();
    let mut count = 0;
    loop {
        let next: IteratorNext = JsFuture::from(names.next()?).await?.unchecked_into();
        if next.done() {
            return Ok(count);
        }
        count += 1;
    }
}

async fn write(handle: &FileSystemFileHandle, content: &[u8]) -> Result<(), Thrown> {
    let access = JsFuture::from(handle.create_sync_access_handle()).await?;
    let access: FileSystemSyncAccessHandle = access.unchecked_into();
    access.truncate_with_f64(content.len() as f64)?;
    access.write_with_js_u8_array(&content.into())?;
    access.flush()?;
    access.close();
    Ok(())
}

async fn root() -> Result<FileSystemDirectoryHandle, Thrown> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let storage: StorageManager = Reflect::get(&navigator, &"storage".into())?.unchecked_into();
    Ok(JsFuture::from(storage.get_directory())
        .await?
        .unchecked_into())
}
