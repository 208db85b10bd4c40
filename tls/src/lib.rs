//! TLS for clients, which may lie in a library of its own.
//!
//! ```text
//! Tls ─connect→ Secured ─→ Session ─→ Interface ─┬ linked   rustls, in this program (feature `linked`)
//!      a stream of tokio    no I/O    C functions └ beside   the same, in a shared library beside this module
//! ```
//!
//! TLS with its roots would be a sixth of what a module of Python or Node weighs, and most of their sandboxes never need it: a
//! local run does not, nor a function that returns its handoffs. So a module may leave it in a file that the first
//! connection opens. Both ways lead through the same functions, so what one is tested with holds for the other.

#[cfg(unix)]
mod beside;
mod interface;
#[cfg(feature = "linked")]
mod linked;
mod secured;
mod session;

use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

use tokio::io::{AsyncRead, AsyncWrite};

pub use interface::Interface;
#[cfg(feature = "linked")]
pub use linked::linked;
pub use secured::Secured;
use session::Trust;

/// What makes connections secure: whom it trusts, and what it remembers of servers for the next connection.
#[derive(Debug)]
pub struct Tls {
    trust: Trust,
}

impl Tls {
    /// TLS of this program, or of the library beside it.
    ///
    /// `bundle`, certificates in PEM, says which authorities are trusted; without it those are that browsers trust.
    ///
    /// # Errors
    /// Why there is no TLS, or what is wrong with the bundle.
    pub fn new(bundle: Option<&[u8]>) -> Result<Self, Refused> {
        Self::by(interface()?, bundle)
    }

    fn by(interface: &'static Interface, bundle: Option<&[u8]>) -> Result<Self, Refused> {
        let trust = match bundle {
            // No bytes would mean those that browsers trust.
            Some([]) => Err(Refused::Bundle("it is empty".to_owned())),
            Some(bundle) => Trust::new(interface, bundle).map_err(Refused::Bundle),
            None => Trust::new(interface, &[]).map_err(Refused::Missing),
        };
        trust.map(|trust| Self { trust })
    }

    /// Secures a stream that leads to this host: `host` is what its certificate must name.
    ///
    /// # Errors
    /// The stream's, and why the server is not trusted.
    pub async fn connect<S: AsyncRead + AsyncWrite + Unpin>(&self, host: &str, stream: S) -> io::Result<Secured<S>> {
        Secured::connect(self.trust.open(host)?, stream).await
    }
}

/// Why there are no secure connections, as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// There is no TLS here.
    Missing(String),
    /// There is, but it cannot be opened now.
    Busy(String),
    /// The bundle is none.
    Bundle(String),
}

/// Whether another try to open a file would meet the same error, unlike one that came of too many open files, say.
pub fn stays(error: &io::Error) -> bool {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound, PermissionDenied};
    matches!(error.kind(), NotFound | PermissionDenied | IsADirectory | NotADirectory)
}

/// The library beside the module that this code is part of, for modules that a process loads.
static BESIDE: OnceLock<PathBuf> = OnceLock::new();

/// From now on the library beside the module that this code is part of goes before what is linked. Nothing is opened yet.
///
/// For `/a/module.suffix` it is `/a/module-tls.suffix`. To be called while the module is loaded, because its path may be of the
/// folder in which the process is then.
pub fn look_beside() {
    #[cfg(unix)]
    if let Some(library) = beside::path() {
        let _ = BESIDE.set(library);
    }
}

/// What is beside, else what is linked.
fn interface() -> Result<&'static Interface, Refused> {
    #[cfg(unix)]
    let beside = BESIDE.get().map(|library| beside::open(library));
    #[cfg(not(unix))]
    let beside = None;
    match beside {
        Some(Ok(interface)) => Ok(interface),
        Some(Err(refused)) => instead(Some(refused)),
        None => instead(None),
    }
}

#[cfg(feature = "linked")]
fn instead(_: Option<Refused>) -> Result<&'static Interface, Refused> {
    Ok(linked())
}

#[cfg(not(feature = "linked"))]
fn instead(refused: Option<Refused>) -> Result<&'static Interface, Refused> {
    Err(refused.unwrap_or_else(|| Refused::Missing(WITHOUT_TLS.to_owned())))
}

/// What a build without TLS says. Other builds do not hold this text, so it tells which one a file is.
pub const WITHOUT_TLS: &str = "this build has no TLS in itself: it lacks the feature `tls`";

#[cfg(all(test, feature = "linked", unix))]
mod tests;
