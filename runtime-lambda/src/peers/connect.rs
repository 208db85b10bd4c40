//! Connections to peers. TLS, with its roots, is made when the first `https` peer is connected to.

use std::fmt::Display;
use std::fs::Metadata;
use std::io::ErrorKind::InvalidInput;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http::Uri;
use http_body_util::Full;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use peer_contract_core::ErrorCode;
use peer_contract_tls::{Refused, Tls, stays};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::Unreached;

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
    tls: OnceLock<Tls>,
}

/// One type for plain and secured streams, so that the HTTP client is compiled once.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Connector {
    /// A new connection, ready for requests.
    pub(crate) async fn connect(&self, origin: &Origin) -> Result<SendRequest<Full<Bytes>>, Unreached> {
        let stream = tokio::time::timeout(LONGEST, self.open(origin)).await.map_err(|_| slow())??;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(unconnected)?;
        // It ends with an error where the peer breaks off; the request on its way has that error too.
        tokio::spawn(async move { drop(connection.await) });
        Ok(sender)
    }

    async fn open(&self, origin: &Origin) -> Result<Box<dyn Stream>, Unreached> {
        // What is wrong here is told whether or not the peer is there.
        let tls = (origin.scheme == Scheme::Https).then(|| self.tls()).transpose()?;
        let stream = TcpStream::connect((origin.host.as_str(), origin.port)).await.map_err(unconnected)?;
        stream.set_nodelay(true).map_err(unconnected)?;
        match tls {
            None => Ok(Box::new(stream)),
            Some(tls) => Ok(Box::new(tls.connect(&origin.host, stream).await.map_err(unconnected)?)),
        }
    }

    fn tls(&self) -> Result<&Tls, Unreached> {
        match self.tls.get() {
            Some(tls) => Ok(tls),
            None => trusted().map(|tls| self.tls.get_or_init(|| tls)),
        }
    }
}

/// Trusts the roots that browsers trust, or those of the file that [`BUNDLE`] names, as the SDKs of AWS do.
fn trusted() -> Result<Tls, Unreached> {
    let named = std::env::var_os(BUNDLE).filter(|file| !file.is_empty());
    let bundle = named.as_deref().map(|file| read(Path::new(file))).transpose()?;
    Tls::new(bundle.as_deref()).map_err(|refused| match refused {
        Refused::Missing(why) => wrong(why),
        Refused::Busy(why) => unconnected(why),
        Refused::Bundle(why) => no_bundle(Path::new(&named.unwrap_or_default()), why),
    })
}

fn read(file: &Path) -> Result<Vec<u8>, Unreached> {
    // A pipe, say, might never end.
    let whole = |about: Metadata| {
        if about.is_file() { std::fs::read(file) } else { Err(InvalidInput.into()) }
    };
    std::fs::metadata(file).and_then(whole).map_err(|error| match error.kind() {
        InvalidInput => no_bundle(file, "it is no file"),
        _ if stays(&error) => no_bundle(file, error),
        _ => unconnected(format_args!("`{}`, which {BUNDLE} names: {error}", file.display())),
    })
}

fn no_bundle(file: &Path, why: impl Display) -> Unreached {
    wrong(format!("`{}`, which {BUNDLE} names, is no bundle of certificates: {why}", file.display()))
}

fn wrong(why: String) -> Unreached {
    Unreached::terminal(ErrorCode::ConfigurationInvalid, why)
}

/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html>
pub(crate) const BUNDLE: &str = "AWS_CA_BUNDLE";

const LONGEST: Duration = Duration::from_secs(5);

fn unconnected(error: impl Display) -> Unreached {
    Unreached::retryable(ErrorCode::PeerUnreachable, format!("the peer could not be connected to: {error}"))
}

fn slow() -> Unreached {
    unconnected(format_args!("it took longer than {} s", LONGEST.as_secs()))
}
