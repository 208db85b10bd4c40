//! `peerc run`.

use super::{Console, Exit};

/// Arguments of `peerc run`.
#[derive(Debug, clap::Args)]
pub struct Args {}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        console.note("not built yet");
        Exit::Unreadable
    }
}
