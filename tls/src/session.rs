//! The functions of a library with TLS, as values that end what they began.

use std::ffi::c_void;
use std::io;
use std::ptr::NonNull;

use crate::interface::{FAILED, Interface, Told, WAIT};

/// What sessions have in common.
#[derive(Debug)]
pub(crate) struct Trust {
    interface: &'static Interface,
    pointer: NonNull<c_void>,
}

// SAFETY: a trust may be used by several threads at once, says `Interface`.
unsafe impl Send for Trust {}
// SAFETY: as above.
unsafe impl Sync for Trust {}

impl Trust {
    pub(crate) fn new(interface: &'static Interface, bundle: &[u8]) -> Result<Self, String> {
        let mut told = Told::nothing();
        // SAFETY: the bytes stand during the call.
        let pointer = unsafe { (interface.trust)(bundle.as_ptr(), bundle.len(), &mut told) };
        let pointer = NonNull::new(pointer).ok_or_else(|| told.text())?;
        Ok(Self { interface, pointer })
    }

    pub(crate) fn open(&self, host: &str) -> io::Result<Session> {
        let mut told = Told::nothing();
        // SAFETY: the trust is one of this interface, and stands until it is dropped; the bytes stand during the call.
        let pointer = unsafe { (self.interface.open)(self.pointer.as_ptr(), host.as_ptr(), host.len(), &mut told) };
        let pointer = NonNull::new(pointer).ok_or_else(|| io::Error::other(told.text()))?;
        Ok(Session { interface: self.interface, pointer, failed: None })
    }
}

impl Drop for Trust {
    fn drop(&mut self) {
        // SAFETY: nobody has it any more; sessions stand without it.
        unsafe { (self.interface.distrust)(self.pointer.as_ptr()) }
    }
}

/// One conversation, without its socket.
#[derive(Debug)]
pub(crate) struct Session {
    interface: &'static Interface,
    pointer: NonNull<c_void>,
    /// Why it went wrong. Nothing is taken, read or written after that; what it still has for the server may be given.
    failed: Option<String>,
}

// SAFETY: a session may be used by any thread, by one call at a time: every use here has it alone.
unsafe impl Send for Session {}

impl Session {
    /// Takes bytes that came from the server; how many, because it stops where there is something to read.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.consume(self.interface.take, bytes)
    }

    /// Writes what the server shall read; how many bytes had room.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.consume(self.interface.write, bytes)
    }

    /// Reads what the server said: `None` when it said nothing yet, no bytes when it said goodbye.
    pub(crate) fn read(&mut self, room: &mut [u8]) -> io::Result<Option<usize>> {
        self.whole()?;
        let read = self.fill(self.interface.read, room);
        self.kept(read)
    }

    /// Gives bytes for the server; none when it has none.
    pub(crate) fn give(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.fill(self.interface.give, room).map(Option::unwrap_or_default)
    }

    /// Whether both sides are still agreeing.
    pub(crate) fn agreeing(&mut self) -> bool {
        // SAFETY: the session stands, and this is the one call.
        unsafe { (self.interface.agreeing)(self.pointer.as_ptr()) }
    }

    /// Says goodbye.
    pub(crate) fn end(&mut self) {
        // SAFETY: as above.
        unsafe { (self.interface.end)(self.pointer.as_ptr()) }
    }

    fn fill(&mut self, function: Fill, room: &mut [u8]) -> io::Result<Option<usize>> {
        let mut told = Told::nothing();
        // SAFETY: the session stands, this is the one call, and nobody else has the room meanwhile.
        let filled = unsafe { function(self.pointer.as_ptr(), room.as_mut_ptr(), room.len(), &mut told) };
        counted(filled, room.len(), &told)
    }

    fn consume(&mut self, function: Consume, bytes: &[u8]) -> io::Result<usize> {
        self.whole()?;
        let mut told = Told::nothing();
        // SAFETY: the session stands, this is the one call, and the bytes stand during it.
        let consumed = unsafe { function(self.pointer.as_ptr(), bytes.as_ptr(), bytes.len(), &mut told) };
        self.kept(counted(consumed, bytes.len(), &told)).map(Option::unwrap_or_default)
    }

    /// The first reason again, where something went wrong.
    fn whole(&self) -> io::Result<()> {
        self.failed.as_ref().map_or(Ok(()), |why| Err(failure(why.clone())))
    }

    fn kept<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result {
            self.failed = Some(error.to_string());
        }
        result
    }
}

/// A function of the interface that fills room, and one that reads bytes.
type Fill = unsafe extern "C" fn(*mut c_void, *mut u8, usize, &mut Told) -> isize;
type Consume = unsafe extern "C" fn(*mut c_void, *const u8, usize, &mut Told) -> isize;

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: nobody has it any more.
        unsafe { (self.interface.close)(self.pointer.as_ptr()) }
    }
}

/// What a function said. A count beyond what it was given would be a library gone wrong: none is believed.
fn counted(said: isize, most: usize, told: &Told) -> io::Result<Option<usize>> {
    match usize::try_from(said) {
        Ok(count) if count <= most => Ok(Some(count)),
        Err(_) if said == WAIT => Ok(None),
        Err(_) if said == FAILED => Err(failure(told.text())),
        _ => Err(failure("the library with TLS counts wrongly".to_owned())),
    }
}

fn failure(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interface::VERSION;

    /// A session that agrees at once and leaves bytes as they are: what was written is given, what was taken is read.
    #[derive(Default)]
    struct Plain {
        written: Vec<u8>,
        taken: Vec<u8>,
        ended: bool,
    }

    fn plain() -> &'static Interface {
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

    // Each of these: the pointers are what `Trust` and `Session` pass, as `Interface` says.
    unsafe extern "C" fn trust(bundle: *const u8, length: usize, told: &mut Told) -> *mut c_void {
        // SAFETY: bytes of the caller.
        match unsafe { std::slice::from_raw_parts(bundle, length) } {
            b"none" => failed(told, "no trust").0,
            bytes => Box::into_raw(Box::new(bytes.to_vec())).cast(),
        }
    }

    unsafe extern "C" fn distrust(trust: *mut c_void) {
        // SAFETY: made by `trust`, and ended once.
        drop(unsafe { Box::from_raw(trust.cast::<Vec<u8>>()) });
    }

    unsafe extern "C" fn open(trust: *mut c_void, host: *const u8, length: usize, told: &mut Told) -> *mut c_void {
        // SAFETY: made by `trust`; bytes of the caller.
        let (trust, host) = unsafe { (&*trust.cast::<Vec<u8>>(), std::slice::from_raw_parts(host, length)) };
        if trust != host { failed(told, "another host").0 } else { Box::into_raw(Box::new(Plain::default())).cast() }
    }

    unsafe extern "C" fn close(session: *mut c_void) {
        // SAFETY: made by `open`, and ended once.
        drop(unsafe { Box::from_raw(session.cast::<Plain>()) });
    }

    unsafe extern "C" fn take(session: *mut c_void, bytes: *const u8, length: usize, told: &mut Told) -> isize {
        // SAFETY: made by `open`; bytes of the caller.
        let (session, bytes) = unsafe { (&mut *session.cast::<Plain>(), std::slice::from_raw_parts(bytes, length)) };
        if bytes == b"\0" {
            return failed(told, "no zeros").1;
        }
        session.taken.extend(bytes);
        bytes.len() as isize
    }

    unsafe extern "C" fn give(session: *mut c_void, room: *mut u8, length: usize, _: &mut Told) -> isize {
        // SAFETY: made by `open`; room of the caller.
        let (session, room) = unsafe { (&mut *session.cast::<Plain>(), std::slice::from_raw_parts_mut(room, length)) };
        moved(&mut session.written, room)
    }

    unsafe extern "C" fn read(session: *mut c_void, room: *mut u8, length: usize, _: &mut Told) -> isize {
        // SAFETY: as in `give`.
        let (session, room) = unsafe { (&mut *session.cast::<Plain>(), std::slice::from_raw_parts_mut(room, length)) };
        if session.taken.is_empty() && !session.ended { WAIT } else { moved(&mut session.taken, room) }
    }

    unsafe extern "C" fn write(session: *mut c_void, bytes: *const u8, length: usize, _: &mut Told) -> isize {
        // SAFETY: as in `take`.
        let (session, bytes) = unsafe { (&mut *session.cast::<Plain>(), std::slice::from_raw_parts(bytes, length)) };
        session.written.extend(bytes);
        // One that has lost count.
        if bytes == b"more" { 5 } else { bytes.len() as isize }
    }

    unsafe extern "C" fn agreeing(session: *mut c_void) -> bool {
        // SAFETY: made by `open`.
        unsafe { &*session.cast::<Plain>() }.written.is_empty()
    }

    unsafe extern "C" fn end(session: *mut c_void) {
        // SAFETY: made by `open`.
        unsafe { &mut *session.cast::<Plain>() }.ended = true;
    }

    fn failed(told: &mut Told, why: &str) -> (*mut c_void, isize) {
        told.say(why);
        (std::ptr::null_mut(), FAILED)
    }

    fn moved(from: &mut Vec<u8>, to: &mut [u8]) -> isize {
        let count = from.len().min(to.len());
        to[..count].copy_from_slice(&from[..count]);
        from.drain(..count);
        count as isize
    }

    #[test]
    fn bytes_and_reasons_cross_over_and_what_was_begun_is_ended() {
        assert_eq!(Trust::new(plain(), b"none").unwrap_err(), "no trust");
        let trust = Trust::new(plain(), b"host").unwrap();
        assert_eq!(trust.open("other").unwrap_err().to_string(), "another host");
        let mut session = trust.open("host").unwrap();
        // A session stands without what it was opened with.
        drop(trust);
        let mut room = [0; 4];
        assert!(session.agreeing());
        assert_eq!(session.read(&mut room).unwrap(), None);
        assert_eq!(session.take(b"abcdef").unwrap(), 6);
        assert_eq!((session.read(&mut room).unwrap(), &room), (Some(4), b"abcd"));
        assert_eq!((session.read(&mut room).unwrap(), &room[..2]), (Some(2), &b"ef"[..]));
        assert_eq!(session.write(b"xy").unwrap(), 2);
        assert!(!session.agreeing());
        assert_eq!((session.give(&mut room).unwrap(), &room[..2]), (2, &b"xy"[..]));
        assert_eq!(session.give(&mut room).unwrap(), 0);
        session.end();
        assert_eq!(session.read(&mut room).unwrap(), Some(0));
        drop(session);
    }

    #[test]
    fn what_went_wrong_once_is_not_tried_again_but_the_server_may_hear_of_it() {
        let trust = Trust::new(plain(), b"host").unwrap();
        for (spoil, why) in [("\0", "no zeros"), ("more", "the library with TLS counts wrongly")] {
            let mut session = trust.open("host").unwrap();
            session.write(b"xy").unwrap();
            let spoilt = |error: io::Error| {
                assert_eq!((error.kind(), error.to_string().as_str()), (io::ErrorKind::InvalidData, why))
            };
            if spoil == "more" {
                spoilt(session.write(spoil.as_bytes()).unwrap_err());
            } else {
                spoilt(session.take(spoil.as_bytes()).unwrap_err());
            }
            spoilt(session.take(b"a").unwrap_err());
            spoilt(session.write(b"a").unwrap_err());
            spoilt(session.read(&mut [0; 4]).unwrap_err());
            let mut room = [0; 2];
            assert_eq!((session.give(&mut room).unwrap(), &room), (2, b"xy"));
        }
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let mut told = Told::nothing();
        told.say(&"é".repeat(200));
        assert_eq!(told.text(), "é".repeat(120));
        told.say(&format!("a{}", "é".repeat(200)));
        assert_eq!(told.text(), format!("a{}", "é".repeat(119)));
    }
}
