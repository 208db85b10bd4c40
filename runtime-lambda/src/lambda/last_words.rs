//! The answer of a program that ends with its first panic.
//!
//! Where panics unwind, a handler's panic is caught and answered. Where they abort, all that runs after a panic is its hook:
//! it answers the invocation that is being worked on, in a few plain system calls, and then the process ends.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use peer_contract_core::ErrorCode;

use crate::host::Fault;

/// The id of the invocation in progress. A sandbox works on one at a time.
static WORKING_ON: Mutex<Option<String>> = Mutex::new(None);

/// Remembers an invocation until it is dropped.
pub(super) struct Working;

pub(super) fn working_on(request_id: &str) -> Working {
    *WORKING_ON.lock().unwrap_or_else(PoisonError::into_inner) = Some(request_id.to_owned());
    Working
}

impl Drop for Working {
    fn drop(&mut self) {
        *WORKING_ON.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Adds the answer to what is done with a panic already.
#[cfg(panic = "abort")]
pub(super) fn install(address: &str) {
    let (address, before) = (address.to_owned(), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| {
        before(panic);
        say(&address, panic.payload_as_str().unwrap_or("without a message"));
    }));
}

/// Answers the invocation in progress with `handler_failed`. Nobody is there to hear of what goes wrong with that.
fn say(address: &str, panic: &str) {
    // A second panic, of another thread, finds nothing left to answer.
    let working_on = WORKING_ON.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(request_id) = working_on else { return };
    let code = ErrorCode::HandlerFailed.as_str().to_owned();
    let fault = Fault { code, message: format!("the handler panicked: {panic}"), at: String::new() };
    drop(post(address, &request_id, &fault));
}

fn post(address: &str, request_id: &str, fault: &Fault) -> std::io::Result<()> {
    let server = address.to_socket_addrs()?.next().ok_or(std::io::ErrorKind::NotFound)?;
    let mut stream = TcpStream::connect_timeout(&server, LONGEST)?;
    stream.set_write_timeout(Some(LONGEST))?;
    stream.set_read_timeout(Some(LONGEST))?;
    let body = fault.to_json();
    let head = format!(
        "POST /2018-06-01/runtime/invocation/{request_id}/error HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-type: application/json\r\nlambda-runtime-function-error-type: {}\r\ncontent-length: {}\r\n\r\n",
        fault.code,
        body.len()
    );
    stream.write_all(&[head.as_bytes(), &body].concat())?;
    // The first byte of the answer comes when the error has been taken.
    stream.read(&mut [0]).map(drop)
}

const LONGEST: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// One request, as its server reads it.
    fn received(listener: &TcpListener) -> String {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut text, mut bytes) = (String::new(), [0; 4096]);
        while !text.ends_with('}') {
            let read = stream.read(&mut bytes).unwrap();
            text.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
        }
        stream.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n").unwrap();
        text
    }

    #[test]
    fn a_panic_answers_the_invocation_in_progress_once() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = std::thread::spawn(move || received(&listener));
        let working = working_on("r-1");
        say(&address, "on purpose");
        say(&address, "once more");
        drop(working);
        let text = server.join().unwrap();
        assert!(text.starts_with("POST /2018-06-01/runtime/invocation/r-1/error HTTP/1.1\r\n"), "{text}");
        let (_, body) = text.split_once("\r\n\r\n").unwrap();
        let fault = Fault::from_json(body.as_bytes());
        assert_eq!(
            (fault.code.as_str(), fault.message.as_str()),
            ("handler_failed", "the handler panicked: on purpose")
        );
    }
}
