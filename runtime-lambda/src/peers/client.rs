//! One lean HTTP/1.1 client per sandbox: connections are made when they are needed, and kept for the next request.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::response::Parts;
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use peer_contract_core::ErrorCode;

use super::Unreached;
use super::connect::{Connector, Origin};

/// Plain or over TLS.
#[derive(Default)]
pub(crate) struct Client {
    connector: Connector,
    idle: Mutex<BTreeMap<Origin, Vec<Idle>>>,
}

type Connection = SendRequest<Full<Bytes>>;

struct Idle {
    connection: Connection,
    since: Instant,
}

impl Client {
    /// Sends a request and reads the whole answer, within `limit` bytes and `timeout` in all.
    pub(crate) async fn send(
        &self,
        request: Request<Bytes>,
        limit: usize,
        timeout: Duration,
    ) -> Result<(Parts, Bytes), Unreached> {
        match tokio::time::timeout(timeout, self.exchange(request, limit)).await {
            Ok(answer) => answer,
            Err(_) => {
                let message = format!("the peer did not answer within {} ms", timeout.as_millis());
                Err(Unreached::retryable(ErrorCode::PeerUnreachable, message))
            }
        }
    }

    async fn exchange(&self, request: Request<Bytes>, limit: usize) -> Result<(Parts, Bytes), Unreached> {
        let origin = Origin::of(request.uri())?;
        let (connection, answer) = self.ask(&origin, in_origin(&origin, request)?).await?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, limit).collect().await.map_err(|error| cut_off(&*error, limit))?;
        self.keep(origin, connection);
        Ok((head, body.to_bytes()))
    }

    /// Over a connection that is there, or else over a new one.
    async fn ask(
        &self,
        origin: &Origin,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(Connection, Response<Incoming>), Unreached> {
        while let Some(mut connection) = self.take(origin) {
            if connection.ready().await.is_err() {
                continue;
            }
            match connection.try_send_request(request).await {
                Ok(answer) => return Ok((connection, answer)),
                // It was closed before it took the request, so sending that again sends it once.
                Err(mut error) => request = error.take_message().ok_or_else(closed)?,
            }
        }
        let mut connection = self.connector.connect(origin).await?;
        let answer = connection.send_request(request).await.map_err(|_| closed())?;
        Ok((connection, answer))
    }

    /// The connection that was used last. A frozen sandbox may find its connections closed: old ones are not used again.
    fn take(&self, origin: &Origin) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle.get_mut(origin)?;
        kept.retain(|idle| idle.since.elapsed() < LONGEST_IDLE && !idle.connection.is_closed());
        kept.pop().map(|idle| idle.connection)
    }

    fn keep(&self, origin: Origin, connection: Connection) {
        if !connection.is_closed() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.entry(origin).or_default().push(Idle { connection, since: Instant::now() });
        }
    }
}

/// Pends once where no tokio runtime is around: a binding polls first, and finds a runtime only for
/// what is not ready at once. Sockets cannot be opened without one.
pub(crate) async fn on_executor() {
    if tokio::runtime::Handle::try_current().is_err() {
        tokio::task::yield_now().await;
    }
}

const LONGEST_IDLE: Duration = Duration::from_secs(20);

/// The request as its server sees it: the path alone, and the host in a header.
fn in_origin(origin: &Origin, request: Request<Bytes>) -> Result<Request<Full<Bytes>>, Unreached> {
    let (mut head, body) = request.into_parts();
    let host = HeaderValue::try_from(origin.host_header()).map_err(|_| Unreached::without_host())?;
    head.headers.insert(header::HOST, host);
    head.uri = head.uri.path_and_query().cloned().map_or_else(Uri::default, Uri::from);
    Ok(Request::from_parts(head, Full::new(body)))
}

fn closed() -> Unreached {
    Unreached::retryable(ErrorCode::PeerUnreachable, "the peer closed the connection")
}

fn cut_off(error: &(dyn std::error::Error + 'static), limit: usize) -> Unreached {
    if error.is::<LengthLimitError>() {
        return Unreached::terminal(ErrorCode::PeerInvalid, format!("the peer answered with more than {limit} bytes"));
    }
    Unreached::retryable(ErrorCode::PeerUnreachable, "the answer of the peer broke off")
}
