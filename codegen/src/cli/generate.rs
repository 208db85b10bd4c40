//! `peerc generate`.

use std::path::PathBuf;

use super::{Console, Exit};

/// Arguments of `peerc generate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The contract; without it, the one that `peerc.toml` names.
    contract: Option<PathBuf>,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let _ = console;
        Exit::Unreadable
    }
}
