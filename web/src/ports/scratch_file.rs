//! A file of the origin's private file system that lasts as long as its owner: room for many
//! bytes outside of memory. Only a dedicated worker can have one, and some browsers' private
//! windows offer none.
//!
//! A page that is closed cannot clean up, so what is left over goes when the next one is created:
//! the browser refuses to remove what another page holds open. Nothing may be written here that
//! must stay secret.

use js_sys::{AsyncIterator, IteratorNext, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Crypto, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemSyncAccessHandle,
    StorageManager,
};

use super::thrown::Thrown;

/// Where they all lie.
const FOLDER: &str = "scratch";

/// Closed and removed when dropped.
pub struct ScratchFile {
    folder: FileSystemDirectoryHandle,
    name: String,
    access: FileSystemSyncAccessHandle,
}

impl ScratchFile {
    /// A new file with room for `size_bytes`.
    ///
    /// # Errors
    /// `NotSupportedError` where there is no such file system, `QuotaExceededError` where there is
    /// no room; what else the browser threw.
    pub async fn create(size_bytes: u64) -> Result<Self, Thrown> {
        let folder = folder().await?;
        remove_left_over(&folder).await?;
        let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
        let name: String = crypto.unchecked_into::<Crypto>().random_uuid();
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let file = folder.get_file_handle_with_options(&name, &options);
        let file: FileSystemFileHandle = JsFuture::from(file).await?.unchecked_into();
        offered(&file, "createSyncAccessHandle")?;
        let access = JsFuture::from(file.create_sync_access_handle()).await?;
        let created = Self {
            folder,
            name,
            access: access.unchecked_into(),
        };
        created.access.truncate_with_f64(as_f64(size_bytes))?;
        Ok(created)
    }

    /// Writes all of `bytes` from `offset` on.
    ///
    /// # Errors
    /// `QuotaExceededError`; what else the browser threw.
    pub fn write(&self, offset: u64, bytes: &Uint8Array) -> Result<(), Thrown> {
        let written = self
            .access
            .write_with_js_u8_array_and_options(bytes, &at(offset))?;
        if written != f64::from(bytes.length()) {
            return Err(Thrown::new("QuotaExceededError", "the disk is full"));
        }
        Ok(())
    }

    /// Reads as many bytes as `target` holds, from `offset` on.
    ///
    /// # Errors
    /// `NotReadableError` where there are fewer; what else the browser threw.
    pub fn read(&self, offset: u64, target: &mut [u8]) -> Result<(), Thrown> {
        let read = self
            .access
            .read_with_u8_array_and_options(target, &at(offset))?;
        if read != as_f64(target.len() as u64) {
            return Err(Thrown::new("NotReadableError", "it ends too early"));
        }
        Ok(())
    }
}

impl Drop for ScratchFile {
    fn drop(&mut self) {
        self.access.close();
        let removed = self.folder.remove_entry(&self.name);
        spawn_local(async move {
            // If not now, then before the next one.
            let _: Result<_, _> = JsFuture::from(removed).await;
        });
    }
}

async fn folder() -> Result<FileSystemDirectoryHandle, Thrown> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into())?;
    let storage = Reflect::get(&navigator, &"storage".into())?;
    offered(&storage, "getDirectory")?;
    let root = JsFuture::from(storage.unchecked_into::<StorageManager>().get_directory()).await?;
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    let folder = root
        .unchecked_into::<FileSystemDirectoryHandle>()
        .get_directory_handle_with_options(FOLDER, &options);
    Ok(JsFuture::from(folder).await?.unchecked_into())
}

async fn remove_left_over(folder: &FileSystemDirectoryHandle) -> Result<(), Thrown> {
    let names: AsyncIterator = folder.keys();
    loop {
        let next = JsFuture::from(names.next()?).await?;
        let next: IteratorNext = next.unchecked_into();
        let Some(name) = next.value().as_string() else {
            return Ok(());
        };
        // Another page's, held open, stays.
        let _: Result<_, _> = JsFuture::from(folder.remove_entry(&name)).await;
    }
}

/// That an object has a method, before it is called.
fn offered(object: &JsValue, method: &str) -> Result<(), Thrown> {
    let is_offered = object.is_object() && Reflect::get(object, &method.into())?.is_function();
    if is_offered {
        return Ok(());
    }
    Err(Thrown::new("NotSupportedError", method))
}

fn at(offset: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at_f64(as_f64(offset));
    options
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sealed file is far below 2⁵³ bytes"
)]
fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}
