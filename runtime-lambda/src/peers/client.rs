//! One lean HTTP client per sandbox, made when it is first used.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http::response::Parts;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client as Hyper, Error as HyperError};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use peer_contract_core::ErrorCode;

use super::Unreached;

/// HTTP/1.1, plain or over TLS. TLS, with its roots, is made only when something is sent to `https`.
#[derive(Default)]
pub(super) struct Client {
    plain: OnceLock<Hyper<HttpConnector, Full<Bytes>>>,
    tls: OnceLock<Hyper<HttpsConnector<HttpConnector>, Full<Bytes>>>,
}

impl Client {
    /// Sends a request and reads the whole answer, within `limit` bytes and `timeout` in all.
    pub(super) async fn send(
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
        let (head, body) = self.request(request).await.map_err(|error| unreached(&error))?.into_parts();
        let body = Limited::new(body, limit).collect().await.map_err(|error| cut_off(&*error, limit))?;
        Ok((head, body.to_bytes()))
    }

    async fn request(&self, request: Request<Bytes>) -> Result<Response<Incoming>, HyperError> {
        let request = request.map(Full::new);
        if request.uri().scheme_str() == Some("https") {
            self.tls.get_or_init(|| pooled(secured(connector()))).request(request).await
        } else {
            self.plain.get_or_init(|| pooled(connector())).request(request).await
        }
    }
}

fn pooled<C: hyper_util::client::legacy::connect::Connect + Clone>(connector: C) -> Hyper<C, Full<Bytes>> {
    // A frozen sandbox may find its connections closed: old ones are not used again.
    Hyper::builder(TokioExecutor::new()).pool_idle_timeout(IDLE).pool_timer(TokioTimer::new()).build(connector)
}

fn connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_connect_timeout(Some(CONNECT));
    connector.set_nodelay(true);
    connector
}

fn secured(connector: HttpConnector) -> HttpsConnector<HttpConnector> {
    HttpsConnectorBuilder::new().with_webpki_roots().https_only().enable_http1().wrap_connector(connector)
}

const IDLE: Duration = Duration::from_secs(20);
const CONNECT: Duration = Duration::from_secs(5);

fn unreached(error: &HyperError) -> Unreached {
    let what = if error.is_connect() { "could not be connected to" } else { "closed the connection" };
    Unreached::retryable(ErrorCode::PeerUnreachable, format!("the peer {what}"))
}

fn cut_off(error: &(dyn std::error::Error + 'static), limit: usize) -> Unreached {
    if error.is::<LengthLimitError>() {
        return Unreached::terminal(ErrorCode::PeerInvalid, format!("the peer answered with more than {limit} bytes"));
    }
    Unreached::retryable(ErrorCode::PeerUnreachable, "the answer of the peer broke off")
}
