//! What a library with TLS offers, in the words of C: bytes in and out, no sockets, no clock to wait for.

use std::ffi::c_void;

/// The functions of a library with TLS for clients.
///
/// Pointers to bytes come with their length, are never null, and are read or written during the call alone. A trust may be used by several threads at once,
/// a session by one call at a time, and after its trust was dropped. None of the functions unwinds.
#[repr(C)]
#[derive(Debug)]
pub struct Interface {
    /// How large this is: the first two fields never change, and are looked at before the others.
    pub(crate) size: usize,
    /// Of this crate: modules take a library of their own version alone.
    pub(crate) version: Version,
    /// Makes what sessions have in common, from certificates in PEM or, where there are no bytes, from the roots of browsers. Null with a reason.
    pub(crate) trust: unsafe extern "C" fn(bundle: *const u8, length: usize, told: &mut Told) -> *mut c_void,
    /// Ends a trust.
    pub(crate) distrust: unsafe extern "C" fn(trust: *mut c_void),
    /// Begins a session with a host, which is UTF-8. Null with a reason.
    pub(crate) open: unsafe extern "C" fn(*mut c_void, host: *const u8, length: usize, told: &mut Told) -> *mut c_void,
    /// Ends a session.
    pub(crate) close: unsafe extern "C" fn(session: *mut c_void),
    /// Takes bytes that came from the server, at most as many as end in something to read. How many, or [`FAILED`].
    pub(crate) take: unsafe extern "C" fn(*mut c_void, bytes: *const u8, length: usize, told: &mut Told) -> isize,
    /// Gives bytes for the server. How many; 0 when there are none, or [`FAILED`].
    pub(crate) give: unsafe extern "C" fn(*mut c_void, room: *mut u8, length: usize, told: &mut Told) -> isize,
    /// Reads what the server said. How many bytes; 0 at its end; [`WAIT`] when there is nothing yet, or [`FAILED`].
    pub(crate) read: unsafe extern "C" fn(*mut c_void, room: *mut u8, length: usize, told: &mut Told) -> isize,
    /// Writes what the server shall read. How many bytes; 0 when no more fit until some are given, or [`FAILED`].
    pub(crate) write: unsafe extern "C" fn(*mut c_void, bytes: *const u8, length: usize, told: &mut Told) -> isize,
    /// Whether both sides are still agreeing.
    pub(crate) agreeing: unsafe extern "C" fn(session: *mut c_void) -> bool,
    /// Says goodbye, which is given as bytes.
    pub(crate) end: unsafe extern "C" fn(session: *mut c_void),
}

/// A version as text, with zeros up to the end.
pub(crate) type Version = [u8; 24];

/// That of this crate.
pub(crate) const VERSION: Version = {
    let (text, mut version) = (env!("CARGO_PKG_VERSION").as_bytes(), [0; 24]);
    version.split_at_mut(text.len()).0.copy_from_slice(text);
    version
};

/// Nothing to read until more was taken.
pub(crate) const WAIT: isize = -1;
/// It did not work, and [`Told`] says why.
pub(crate) const FAILED: isize = -2;

/// Room for a reason; the caller's, so that no memory changes hands.
#[repr(C)]
pub struct Told {
    length: usize,
    text: [u8; Self::ROOM],
}

impl Told {
    const ROOM: usize = 240;

    pub(crate) fn nothing() -> Self {
        Self { length: 0, text: [0; Self::ROOM] }
    }

    /// Keeps as much of it as there is room for, in whole characters.
    #[cfg(any(feature = "linked", test))]
    pub(crate) fn say(&mut self, why: &str) {
        let mut length = why.len().min(Self::ROOM);
        while !why.is_char_boundary(length) {
            length -= 1;
        }
        self.text[..length].copy_from_slice(&why.as_bytes()[..length]);
        self.length = length;
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.text[..self.length.min(Self::ROOM)]).into_owned()
    }
}
