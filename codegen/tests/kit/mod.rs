//! Runs the command as its users do.

use std::path::Path;
use std::process::{Command, Output};

/// How a run ended, and all that it said.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ended {
    fn from(Output { status, stdout, stderr }: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
    }
}

/// Runs `peerc` in a folder, to its end.
pub fn peerc(folder: &Path, arguments: &[&str]) -> Ended {
    Command::new(env!("CARGO_BIN_EXE_peerc")).args(arguments).current_dir(folder).output().unwrap().into()
}
