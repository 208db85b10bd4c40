//! `peerc completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Console, Exit};

/// Arguments of `peerc completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell to print for.
    shell: Shell,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "peerc", &mut script);
        console.print(String::from_utf8_lossy(&script));
        Exit::Clean
    }
}
