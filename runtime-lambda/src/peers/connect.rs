//! Connections to peers. TLS, with its roots, is made when the first `https` peer is connected to.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http::Uri;
use http_body_util::Full;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use peer_contract_core::ErrorCode;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::{Unreached, tls};

/// Where a connection leads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    scheme: Scheme,
    host: String,
    port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scheme {
    Http,
    Https,
}

impl Origin {
    /// The origin of an `http` or `https` URL.
    pub(crate) fn of(url: &Uri) -> Result<Self, Unreached> {
        let (scheme, usual) = match url.scheme_str() {
            Some("https") => (Scheme::Https, 443),
            _ => (Scheme::Http, 80),
        };
        let host = url.host().ok_or_else(Unreached::without_host)?;
        // An address of IPv6 stands in brackets.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { scheme, host, port: url.port_u16().unwrap_or(usual) })
    }

    /// The value of the header `host`: without the usual port of the scheme, which signatures leave out too.
    pub(crate) fn host_header(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        match (self.scheme, self.port) {
            (Scheme::Http, 80) | (Scheme::Https, 443) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }
}

/// Opens connections.
#[derive(Default)]
pub(crate) struct Connector {
    tls: OnceLock<TlsConnector>,
}

/// One type for plain and secured streams, so that the HTTP client is compiled once.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Connector {
    /// A new connection, ready for requests.
    pub(crate) async fn connect(&self, origin: &Origin) -> Result<SendRequest<Full<Bytes>>, Unreached> {
        let opened = tokio::time::timeout(LONGEST, self.open(origin)).await;
        let stream = opened.ok().and_then(Result::ok).ok_or_else(unconnected)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|_| unconnected())?;
        // It ends with an error where the peer breaks off; the request on its way has that error too.
        tokio::spawn(async move { drop(connection.await) });
        Ok(sender)
    }

    async fn open(&self, origin: &Origin) -> std::io::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect((origin.host.as_str(), origin.port)).await?;
        stream.set_nodelay(true)?;
        if origin.scheme == Scheme::Http {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(origin.host.clone()).map_err(std::io::Error::other)?;
        Ok(Box::new(self.tls.get_or_init(tls::connector).connect(name, stream).await?))
    }
}

const LONGEST: Duration = Duration::from_secs(5);

fn unconnected() -> Unreached {
    Unreached::retryable(ErrorCode::PeerUnreachable, "the peer could not be connected to")
}
