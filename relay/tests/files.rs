//! Sealed files, in memory and in a local folder: what becomes visible, what is refused.

#[cfg(test)]
mod files_world;

use std::collections::BTreeSet;

use bytes::Bytes;
use files_world::{CHUNK, FILE_MAX, NOW, SealedFile, World, worlds};
use futures::{StreamExt, TryStreamExt};
use keepwell_primitives::{Hash, Milliseconds, Timestamp};
use keepwell_relay::files::{Completed, Files, FilesError};
use object_store::{ObjectStore, ObjectStoreExt};

#[tokio::test]
async fn an_uploaded_file_is_read_back_by_any_range() {
    for World { files, .. } in worlds() {
        for size in [1, 99, 100, 101, 250, 300] {
            let file = SealedFile::of(size);
            assert_eq!(file.upload(&files).await, Ok(Completed::Now));
            assert_eq!(files.size(file.blob_id).await, Ok(size as u64));
            assert_eq!(files.leaves(file.blob_id).await, Ok(file.leaves.clone()));
            for (start, end) in [
                (0, size),
                (0, 0),
                (size, size),
                (size / 3, size / 2),
                (0, 1),
            ] {
                let read = file.read(&files, start as u64..end as u64).await;
                assert_eq!(read.as_deref(), Ok(&file.bytes[start..end]));
            }
        }
    }
}

#[tokio::test]
async fn an_upload_resumes_with_what_is_missing() {
    for World { files, .. } in worlds() {
        let file = SealedFile::of(250);
        assert_eq!(files.have(file.blob_id).await, Ok(None));
        let begun = file.begin(&files).await.unwrap();
        assert_eq!(
            (begun.size, begun.chunk_bytes, begun.chunks),
            (250, CHUNK, 3)
        );
        assert_eq!(begun.have, BTreeSet::new());
        file.write(&files, 2).await.unwrap();
        file.write(&files, 0).await.unwrap();
        file.write(&files, 0).await.unwrap();
        let resumed = file.begin(&files).await.unwrap();
        assert_eq!(resumed.have, [0, 2].into());
        assert!(!resumed.is_complete);
        let missing = FilesError::Incomplete {
            got: 2,
            expected: 3,
            first_missing: 1,
        };
        assert_eq!(file.complete(&files).await, Err(missing));
        file.write(&files, 1).await.unwrap();
        assert_eq!(file.complete(&files).await, Ok(Completed::Now));
        assert_eq!(file.complete(&files).await, Ok(Completed::Before));
        let done = file.begin(&files).await.unwrap();
        assert_eq!((done.have, done.is_complete), ([0, 1, 2].into(), true));
    }
}

#[tokio::test]
async fn a_file_is_invisible_until_it_is_complete() {
    for World { files, .. } in worlds() {
        let file = SealedFile::of(250);
        file.begin(&files).await.unwrap();
        for index in 0..3 {
            file.write(&files, index).await.unwrap();
        }
        let not_found = FilesError::NotFound {
            blob_id: file.blob_id,
        };
        assert_eq!(files.size(file.blob_id).await, Err(not_found.clone()));
        assert_eq!(files.leaves(file.blob_id).await, Err(not_found.clone()));
        assert_eq!(file.read(&files, 0..10).await, Err(not_found));
    }
}

#[tokio::test]
async fn chunks_that_are_not_the_file_are_deleted_as_a_whole() {
    for World { files, store, .. } in worlds() {
        let file = SealedFile::of(250);
        let forged = SealedFile {
            blob_id: Hash::untagged(b"another"),
            ..file.clone()
        };
        let refused = FilesError::NotThatFile {
            blob_id: forged.blob_id,
        };
        assert_eq!(forged.upload(&files).await, Err(refused));
        assert_eq!(files.have(forged.blob_id).await, Ok(None));
        assert_eq!(store.list(None).count().await, 0, "nothing is left");
        let no_upload = FilesError::NoUpload {
            blob_id: forged.blob_id,
        };
        assert_eq!(forged.write(&files, 0).await, Err(no_upload.clone()));
        assert_eq!(forged.complete(&files).await, Err(no_upload));
    }
}

#[tokio::test]
async fn a_wrong_chunk_is_refused_and_changes_nothing() {
    for World { files, .. } in worlds() {
        let file = SealedFile::of(250);
        let blob_id = file.blob_id;
        let write = |index, bytes: Vec<u8>| files.write_chunk(blob_id, index, bytes.into());
        assert_eq!(
            write(0, vec![1]).await,
            Err(FilesError::NoUpload { blob_id })
        );
        file.begin(&files).await.unwrap();
        let beyond = FilesError::ChunkIndex { got: 3, chunks: 3 };
        assert_eq!(write(3, vec![1; 50]).await, Err(beyond));
        for (index, length, expected) in [(0, 99, 100), (0, 101, 100), (2, 100, 50), (1, 0, 100)] {
            let wrong = FilesError::ChunkLength {
                index,
                got: length as u64,
                expected,
            };
            assert_eq!(write(index, vec![0; length]).await, Err(wrong));
        }
        file.write(&files, 0).await.unwrap();
        let differs = |refused| matches!(refused, Err(FilesError::ChunkDiffers { index: 0, .. }));
        assert!(differs(write(0, vec![9; 100]).await));
        assert_eq!(files.have(blob_id).await.unwrap().unwrap().have, [0].into());
        file.upload(&files).await.unwrap();
        assert!(
            differs(write(0, vec![9; 100]).await),
            "also once it is complete"
        );
        assert_eq!(file.write(&files, 0).await, Ok(()));
        assert_eq!(file.read(&files, 0..250).await, Ok(file.bytes));
    }
}

#[tokio::test]
async fn sizes_are_bounded_and_cannot_change() {
    for World { files, .. } in worlds() {
        let blob_id = Hash::untagged(b"file");
        for got in [0, FILE_MAX + 1, u64::MAX] {
            let refused = FilesError::FileSize {
                got,
                limit: FILE_MAX,
            };
            assert_eq!(files.begin_or_resume(blob_id, got, NOW).await, Err(refused));
        }
        files.begin_or_resume(blob_id, 250, NOW).await.unwrap();
        let differs = FilesError::SizeDiffers {
            got: 251,
            expected: 250,
        };
        assert_eq!(files.begin_or_resume(blob_id, 251, NOW).await, Err(differs));
    }
}

#[tokio::test]
async fn a_range_beyond_the_file_is_refused() {
    for World { files, .. } in worlds() {
        let file = SealedFile::of(250);
        file.upload(&files).await.unwrap();
        for (start, end) in [(0, 251), (251, 251), (20, 10), (u64::MAX, u64::MAX)] {
            let refused = FilesError::Range {
                start,
                end,
                size: 250,
            };
            assert_eq!(file.read(&files, start..end).await, Err(refused));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_uploads_of_one_file_at_once_are_fine() {
    for World { files, .. } in worlds() {
        let file = SealedFile::of(2950);
        let upload = || {
            let (file, files) = (file.clone(), files.clone());
            tokio::spawn(async move { file.upload(&files).await })
        };
        let uploads: Vec<_> = (0..4).map(|_| upload()).collect();
        let mut ended = Vec::new();
        for upload in uploads {
            ended.push(upload.await.unwrap().unwrap());
        }
        assert_eq!(
            ended.iter().filter(|end| **end == Completed::Now).count(),
            1,
            "{ended:?}"
        );
        assert_eq!(file.read(&files, 0..2950).await, Ok(file.bytes));
    }
}

#[tokio::test]
async fn stale_uploads_expire_and_whole_files_stay() {
    for World { files, store, .. } in worlds() {
        let (whole, stale) = (SealedFile::of(250), SealedFile::of(251));
        whole.upload(&files).await.unwrap();
        stale.begin(&files).await.unwrap();
        stale.write(&files, 0).await.unwrap();
        let day = Milliseconds::DAY;
        let in_an_hour = Timestamp(NOW.0 + Milliseconds::HOUR.0);
        assert_eq!(files.expire(in_an_hour, day).await, Ok(vec![]));
        // The chunk was written by the real clock, so the day after is the real one.
        let the_day_after = Timestamp(NOW.0.max(files_world::clock().0) + day.0 + 60_000);
        assert_eq!(
            files.expire(the_day_after, day).await,
            Ok(vec![stale.blob_id])
        );
        assert_eq!(files.have(stale.blob_id).await, Ok(None));
        assert_eq!(whole.read(&files, 0..250).await, Ok(whole.bytes.clone()));
        assert_eq!(
            store.list(None).count().await,
            1 + 3,
            "a manifest and its chunks"
        );

        files.abandon(whole.blob_id).await.unwrap();
        assert_eq!(whole.read(&files, 0..250).await, Ok(whole.bytes));
    }
}

/// Stops at every object that an upload writes or deletes, as a crash would, and starts anew.
#[tokio::test]
async fn a_crash_at_any_point_shows_no_half_file_and_the_upload_goes_on() {
    for World { store, .. } in worlds() {
        let mut crashes = 0;
        for writes_before_crash in 0.. {
            let file = SealedFile::of(200 + writes_before_crash);
            let failing = files_world::crash_after(store.clone(), writes_before_crash);
            let ended = file.upload(&failing).await;
            let files = files_world::over(store.clone());
            if ended.is_ok() {
                break;
            }
            crashes += 1;
            match file.read(&files, 0..file.bytes.len() as u64).await {
                Ok(bytes) => assert_eq!(bytes, file.bytes, "visible means whole"),
                Err(error) => assert_eq!(
                    error,
                    FilesError::NotFound {
                        blob_id: file.blob_id
                    }
                ),
            }
            file.upload(&files).await.unwrap();
            assert_eq!(
                file.read(&files, 0..file.bytes.len() as u64).await,
                Ok(file.bytes.clone())
            );
            files
                .expire(Timestamp(u64::MAX), Milliseconds(0))
                .await
                .unwrap();
            assert_eq!(file.read(&files, 0..1).await, Ok(file.bytes[..1].to_vec()));
        }
        assert!(
            crashes >= 5,
            "a mark, its chunks, the manifest, the end of the mark: {crashes}"
        );
    }
}

#[tokio::test]
async fn what_the_disk_lost_ends_the_stream_with_an_error() {
    for World { files, store, .. } in worlds() {
        let file = SealedFile::of(450);
        file.upload(&files).await.unwrap();
        let chunk = files_world::chunk_path(&file, 2);
        store
            .put(&chunk, Bytes::from_static(b"short").into())
            .await
            .unwrap();
        let read: Vec<_> = files
            .read_range(file.blob_id, 0..450)
            .await
            .unwrap()
            .collect()
            .await;
        assert_eq!(read.len(), 3, "two chunks, an error, and no more");
        assert!(matches!(
            &read[2],
            Err(FilesError::Damaged { .. } | FilesError::Storage { .. })
        ));
    }
}

#[tokio::test]
async fn a_folder_keeps_its_files_when_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let location = dir
        .path()
        .join("not/yet/there")
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let file = SealedFile::of(250);
    let open = || Files::open(&location, files_world::config()).unwrap();
    let files = open();
    file.begin(&files).await.unwrap();
    file.write(&files, 1).await.unwrap();
    drop(files);
    assert_eq!(file.begin(&open()).await.unwrap().have, [1].into());
    file.upload(&open()).await.unwrap();
    let read: Vec<Bytes> = open()
        .read_range(file.blob_id, 0..250)
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(read.concat(), file.bytes);
}
