//! The compiler: a contract in, Rust, Python and JavaScript out.
//!
//! ```text
//! bytes ─source→ Value + places ─core→ Contract ─lower→ Graph ─view→ RustView | PythonView | JavaScriptView ─render→ text ─seal─output→ files
//! ```

mod aws;
pub mod chart;
pub mod cli;
pub mod diff;
pub mod explain;
pub mod handbook;
pub mod import;
pub mod ir;
pub mod layout;
pub mod lint;
pub mod output;
pub mod package;
mod parallel;
pub mod project;
pub mod render;
pub mod report;
pub mod running;
pub mod sampling;
pub mod seal;
pub mod source;
pub mod target;
pub mod text;
pub mod watching;
