//! `peerc init`.

use super::{Console, Exit};

/// Arguments of `peerc init`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name of the contract and of the folder.
    name: String,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let _ = (self.name, console);
        Exit::Unreadable
    }
}
