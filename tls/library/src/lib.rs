//! The shared library with TLS that lies beside the modules of Python and Node, and is opened by their first connection over TLS.

use peer_contract_tls::{Interface, linked};

/// What the library has. [`Interface`] begins with its size and version, so that no module takes another one for its own.
#[unsafe(no_mangle)]
pub extern "C" fn peer_contract_tls_1() -> &'static Interface {
    linked()
}
