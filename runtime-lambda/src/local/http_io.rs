//! A small HTTP/1 server, the same for both APIs.

use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

pub(super) type Reply = Response<Full<Bytes>>;

/// Beyond this a body is not even read to its end; the connection breaks.
const MAX_DRAINED: usize = 256 << 20;

/// Answers requests until the task is dropped, and with it every connection.
pub(super) async fn serve<A, F>(listener: TcpListener, answer: A)
where
    A: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Reply> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(serve_one(stream, answer.clone())); }
                // Out of file descriptors, most likely: others may close theirs meanwhile.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve_one<A, F>(stream: TcpStream, answer: A)
where
    A: Fn(Request<Incoming>) -> F,
    F: Future<Output = Reply>,
{
    // Small answers must not wait for an acknowledgement. Without the option they are slow, not wrong.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let reply = answer(request);
        async { Ok::<_, Infallible>(reply.await) }
    });
    // A connection that breaks is the other side's business; whoever waits for its answer has a deadline.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// Why a body could not be had.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BodyError {
    /// It is longer than allowed; it was read to its end, so that the sender listens to the answer.
    TooLarge,
    /// The sender went away.
    Broken,
}

/// Reads a whole body of at most `limit` bytes.
pub(super) async fn whole(mut body: Incoming, limit: usize) -> Result<Bytes, BodyError> {
    let mut read = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
        length += data.len();
        if length > MAX_DRAINED {
            return Err(BodyError::Broken);
        }
        if length <= limit {
            read.extend_from_slice(&data);
        }
    }
    if length > limit { Err(BodyError::TooLarge) } else { Ok(read.into()) }
}

/// A reply of JSON.
pub(super) fn json(status: u16, body: impl Into<Bytes>) -> Reply {
    Response::builder()
        .status(status)
        .header("Content-Type", "application/json")
        .body(Full::new(body.into()))
        .expect("status codes here are constants")
}
