//! `peerc check`: every problem of a contract, or one line that says all is well.

use std::path::PathBuf;

use super::open::open;
use super::{Console, Exit, Format};
use crate::report::Report;
use crate::source;
use peer_contract_core::Contract;

/// Arguments of `peerc check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The contract; without it, the one that `peerc.toml` names.
    contract: Option<PathBuf>,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        match open(self.contract, console) {
            Ok(opened) if console.format == Format::Text => {
                console.say(summary(&opened.contract));
                Exit::Clean
            }
            Ok(_) => console.report(&Report::without_source(&[])),
            Err(exit) => exit,
        }
    }
}

/// `research 1.0.0  3 agents, 4 operations, 4 phases  sha256:41c0…9be2`
fn summary(contract: &Contract) -> String {
    let phases = source::phases(contract).len();
    let counts = [
        count(contract.agents().len(), "agent"),
        count(contract.operations().count(), "operation"),
        count(phases, "phase"),
    ];
    let hash = contract.hash().to_string();
    let (start, end) = (&hash[..11], &hash[hash.len() - 4..]);
    format!("{} {}  {}  {start}…{end}", contract.name(), contract.version(), counts.join(", "))
}

fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
