//! The compiler: a contract in, Rust, Python and JavaScript out.
//!
//! ```text
//! Contract ─lower→ Graph ─view→ RustView | PythonView | JavaScriptView ─render→ text ─→ files
//! ```

pub mod ir;
pub mod target;
