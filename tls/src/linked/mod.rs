//! The interface by rustls.

mod provider;

use std::ffi::c_void;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;
use std::sync::Arc;

use rustls::client::ClientConnection;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};

use crate::interface::{FAILED, Interface, Told, VERSION, WAIT};

/// TLS by rustls, which is part of this program or library.
pub fn linked() -> &'static Interface {
    &Interface {
        size: size_of::<Interface>(),
        version: VERSION,
        trust,
        distrust,
        open,
        close,
        take,
        give,
        read,
        write,
        agreeing,
        end,
    }
}

unsafe extern "C" fn trust(bundle: *const u8, length: usize, told: &mut Told) -> *mut c_void {
    // SAFETY: the caller's bytes stand during the call.
    let bundle = unsafe { slice::from_raw_parts(bundle, length) };
    made(told, || config(bundle))
}

unsafe extern "C" fn distrust(trust: *mut c_void) {
    // SAFETY: `trust` made it, and the caller has no use for it any more.
    let trust = unsafe { Box::from_raw(trust.cast::<Arc<ClientConfig>>()) };
    caught(|| drop(trust));
}

unsafe extern "C" fn open(trust: *mut c_void, host: *const u8, length: usize, told: &mut Told) -> *mut c_void {
    // SAFETY: `trust` made it, and it stands; the bytes stand during the call.
    let (trust, host) = unsafe { (&*trust.cast::<Arc<ClientConfig>>(), slice::from_raw_parts(host, length)) };
    made(told, || session(trust, host))
}

unsafe extern "C" fn close(session: *mut c_void) {
    // SAFETY: `open` made it, and the caller has no use for it any more.
    let session = unsafe { Box::from_raw(session.cast::<ClientConnection>()) };
    caught(|| drop(session));
}

unsafe extern "C" fn take(session: *mut c_void, bytes: *const u8, length: usize, told: &mut Told) -> isize {
    // SAFETY: `open` made it, and this is its one call; the bytes stand during it.
    let (session, bytes) = unsafe { (of(session), slice::from_raw_parts(bytes, length)) };
    counted(told, || taken(session, bytes))
}

unsafe extern "C" fn give(session: *mut c_void, room: *mut u8, length: usize, told: &mut Told) -> isize {
    // SAFETY: `open` made it, and this is its one call; nobody else has the room during it.
    let (session, mut room) = unsafe { (of(session), slice::from_raw_parts_mut(room, length)) };
    counted(told, || if session.wants_write() { session.write_tls(&mut room) } else { Ok(0) })
}

unsafe extern "C" fn read(session: *mut c_void, room: *mut u8, length: usize, told: &mut Told) -> isize {
    // SAFETY: as in `give`.
    let (session, room) = unsafe { (of(session), slice::from_raw_parts_mut(room, length)) };
    counted(told, || session.reader().read(room))
}

unsafe extern "C" fn write(session: *mut c_void, bytes: *const u8, length: usize, told: &mut Told) -> isize {
    // SAFETY: as in `take`.
    let (session, bytes) = unsafe { (of(session), slice::from_raw_parts(bytes, length)) };
    counted(told, || session.writer().write(bytes))
}

unsafe extern "C" fn agreeing(session: *mut c_void) -> bool {
    // SAFETY: `open` made it, and this is its one call.
    let session = unsafe { of(session) };
    caught(|| session.is_handshaking()).unwrap_or(true)
}

unsafe extern "C" fn end(session: *mut c_void) {
    // SAFETY: as in `agreeing`.
    let session = unsafe { of(session) };
    caught(|| session.send_close_notify());
}

/// # Safety
/// `open` made it, and nobody else uses it as long as the reference lives.
unsafe fn of<'a>(session: *mut c_void) -> &'a mut ClientConnection {
    // SAFETY: the caller's.
    unsafe { &mut *session.cast() }
}

/// Hands a value over to the caller, or says why there is none.
fn made<T>(told: &mut Told, make: impl FnOnce() -> Result<T, String>) -> *mut c_void {
    match caught(make).unwrap_or_else(|| Err(PANICKED.to_owned())) {
        Ok(value) => Box::into_raw(Box::new(value)).cast(),
        Err(why) => {
            told.say(&why);
            std::ptr::null_mut()
        }
    }
}

/// A count, or what stands for an error.
fn counted(told: &mut Told, count: impl FnOnce() -> io::Result<usize>) -> isize {
    let error = match caught(count) {
        Some(Ok(count)) => return count as isize,
        Some(Err(error)) if error.kind() == io::ErrorKind::WouldBlock => return WAIT,
        Some(Err(error)) => error.to_string(),
        None => PANICKED.to_owned(),
    };
    told.say(&error);
    FAILED
}

const PANICKED: &str = "the library with TLS panicked";

/// Nothing unwinds out of a function of C. What a panic left half done is a failure, and a [session](crate::session::Session) that failed is
/// neither read nor written again.
fn caught<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}

fn config(bundle: &[u8]) -> Result<Arc<ClientConfig>, String> {
    let config = ClientConfig::builder_with_provider(Arc::new(provider::provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let mut config = config.with_root_certificates(roots(bundle)?).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The roots that browsers trust, or those of a bundle.
fn roots(bundle: &[u8]) -> Result<RootCertStore, String> {
    if bundle.is_empty() {
        return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
    }
    let bundle = bundle.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bundle);
    // What is wrong with it is told without its lines.
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bundle).collect();
    let found = found.map_err(|_| "a part of it is no PEM, or has no end")?;
    if found.is_empty() {
        return Err("there is no certificate in PEM in it".to_owned());
    }
    let mut roots = RootCertStore::empty();
    // Bundles of systems hold some that are too old or too odd; nobody is trusted by those.
    match roots.add_parsable_certificates(found) {
        (0, _) => Err("none of its certificates can be read".to_owned()),
        _ => Ok(roots),
    }
}

fn session(trust: &Arc<ClientConfig>, host: &[u8]) -> Result<ClientConnection, String> {
    let host = std::str::from_utf8(host).map_err(|error| error.to_string())?;
    let name = ServerName::try_from(host).map_err(|error| error.to_string())?.to_owned();
    ClientConnection::new(trust.clone(), name).map_err(|error| error.to_string())
}

/// Takes bytes until they are all taken, or until there is something to read: what waits to be read has bounds.
fn taken(session: &mut ClientConnection, mut bytes: &[u8]) -> io::Result<usize> {
    let whole = bytes.len();
    while !bytes.is_empty() && session.read_tls(&mut bytes)? > 0 {
        let state = session.process_new_packets().map_err(|error| io::Error::other(error.to_string()))?;
        if state.plaintext_bytes_to_read() > 0 || state.peer_has_closed() {
            break;
        }
    }
    Ok(whole - bytes.len())
}
