//! How a request and its response lie on a stream: a big-endian u32 length, then that many bytes.
//!
//! The length is checked before a byte of the body is read, and the body's memory grows as it
//! arrives, so a peer that announces much and sends nothing takes nothing.

use std::io;

use async_trait::async_trait;
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::{StreamProtocol, request_response};

use super::limits::MESSAGE_BYTES_MAX;

/// Length-prefixed opaque bytes, both ways.
#[derive(Clone, Default)]
pub(super) struct BytesCodec;

#[async_trait]
impl request_response::Codec for BytesCodec {
    type Protocol = StreamProtocol;
    type Request = Vec<u8>;
    type Response = Vec<u8>;

    async fn read_request<T>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Vec<u8>>
    where
        T: AsyncRead + Unpin + Send,
    {
        read(io).await
    }

    async fn read_response<T>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Vec<u8>>
    where
        T: AsyncRead + Unpin + Send,
    {
        read(io).await
    }

    async fn write_request<T>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        bytes: Vec<u8>,
    ) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        write(io, &bytes).await
    }

    async fn write_response<T>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        bytes: Vec<u8>,
    ) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        write(io, &bytes).await
    }
}

async fn read(io: &mut (impl AsyncRead + Unpin + Send)) -> io::Result<Vec<u8>> {
    let mut prefix = [0; 4];
    io.read_exact(&mut prefix).await?;
    let length = u64::from(u32::from_be_bytes(prefix));
    if length > MESSAGE_BYTES_MAX as u64 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{length} bytes announced, at most {MESSAGE_BYTES_MAX} are read"),
        ));
    }
    let mut bytes = Vec::new();
    let got = io.take(length).read_to_end(&mut bytes).await?;
    if got as u64 != length {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            format!("{length} bytes announced, {got} came"),
        ));
    }
    Ok(bytes)
}

async fn write(io: &mut (impl AsyncWrite + Unpin + Send), bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len())
        .ok()
        .filter(|_| bytes.len() <= MESSAGE_BYTES_MAX)
        .ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "more than one message holds")
        })?;
    io.write_all(&length.to_be_bytes()).await?;
    io.write_all(bytes).await?;
    io.flush().await
}

#[cfg(test)]
mod tests {
    use futures::{executor::block_on, io::Cursor};

    use super::*;

    fn error_of(wire: &[u8]) -> io::ErrorKind {
        block_on(read(&mut Cursor::new(wire))).unwrap_err().kind()
    }

    #[test]
    fn bytes_come_back_as_they_went() {
        let mut wire = Cursor::new(Vec::new());
        block_on(write(&mut wire, b"a record")).unwrap();
        assert_eq!(wire.get_ref().as_slice(), b"\0\0\0\x08a record");
        wire.set_position(0);
        assert_eq!(block_on(read(&mut wire)).unwrap(), b"a record");
    }

    #[test]
    fn too_long_or_cut_short_is_an_error() {
        assert_eq!(
            error_of(&[0xff, 0xff, 0xff, 0xff]),
            io::ErrorKind::InvalidData
        );
        assert_eq!(error_of(b"\0\0\0\x08a rec"), io::ErrorKind::UnexpectedEof);
        assert_eq!(error_of(b"\0\0"), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_message_beyond_the_limit_is_not_sent() {
        let bytes = vec![0; MESSAGE_BYTES_MAX + 1];
        let refused = block_on(write(&mut Cursor::new(Vec::new()), &bytes)).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
    }
}
