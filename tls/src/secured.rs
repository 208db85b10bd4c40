//! A stream of tokio with a session around it.

use std::io::{self, IoSlice};
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::session::Session;

/// As large as the largest record of TLS, and its frame.
const ROOM: usize = (16 << 10) + 512;

/// A stream over TLS.
#[derive(Debug)]
pub struct Secured<S> {
    stream: S,
    session: Session,
    /// From the stream, not yet taken by the session.
    came: Waiting,
    /// Given by the session, not yet gone through the stream.
    goes: Waiting,
    ended: bool,
}

#[derive(Debug)]
struct Waiting {
    bytes: Box<[u8]>,
    /// What of them waits.
    range: Range<usize>,
}

impl Waiting {
    fn nothing() -> Self {
        Self { bytes: vec![0; ROOM].into(), range: 0..0 }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Secured<S> {
    /// Agrees with the server.
    pub(crate) async fn connect(session: Session, stream: S) -> io::Result<Self> {
        let mut this = Self { stream, session, came: Waiting::nothing(), goes: Waiting::nothing(), ended: false };
        std::future::poll_fn(|context| this.poll_agree(context)).await?;
        Ok(this)
    }

    fn poll_agree(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.session.agreeing() {
            ready!(self.poll_send(context))?;
            ready!(self.poll_take(context))?;
        }
        self.poll_send(context)
    }

    /// Sends all that the session has for the server.
    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            while !self.goes.range.is_empty() {
                let bytes = &self.goes.bytes[self.goes.range.clone()];
                match ready!(Pin::new(&mut self.stream).poll_write(context, bytes))? {
                    0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    sent => self.goes.range.start += sent,
                }
            }
            self.goes.range = 0..self.session.give(&mut self.goes.bytes)?;
            if self.goes.range.is_empty() {
                return Pin::new(&mut self.stream).poll_flush(context);
            }
        }
    }

    /// Writes as many parts as there is room for.
    fn write(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut whole = 0;
        for part in parts {
            let written = self.session.write(part)?;
            whole += written;
            if written < part.len() {
                break;
            }
        }
        Ok(whole)
    }

    /// Lets the session take something from the server.
    fn poll_take(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.came.range.is_empty() {
            let mut room = ReadBuf::new(&mut self.came.bytes);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut room))?;
            self.came.range = 0..room.filled().len();
            if self.came.range.is_empty() {
                // A server that says no goodbye may have been cut off by somebody else.
                return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
            }
        }
        let taken = self.session.take(&self.came.bytes[self.came.range.clone()]);
        if taken.is_err() {
            // The server may as well know why.
            let _ = self.poll_send(context);
        }
        match taken? {
            0 => Poll::Ready(Err(io::Error::other("TLS takes no bytes and has none"))),
            taken => {
                self.came.range.start += taken;
                Poll::Ready(Ok(()))
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Secured<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if let Some(read) = this.session.read(buffer.initialize_unfilled())? {
                buffer.advance(read);
                return Poll::Ready(Ok(()));
            }
            // An answer to new keys goes with what is written next: who writes may be another task, which the stream wakes.
            ready!(this.poll_take(context))?;
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Secured<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        loop {
            let written = this.write(parts)?;
            let sent = this.poll_send(context)?;
            if written > 0 || parts.iter().all(|part| part.is_empty()) {
                return Poll::Ready(Ok(written));
            }
            ready!(sent);
        }
    }

    /// Parts need not be one: who sends a head and a body need not copy them together.
    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().poll_send(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.ended {
            this.session.end();
            this.ended = true;
        }
        ready!(this.poll_send(context))?;
        Pin::new(&mut this.stream).poll_shutdown(context)
    }
}
