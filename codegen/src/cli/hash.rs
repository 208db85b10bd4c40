//! `peerc hash`.

use std::path::PathBuf;

use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::json;

use super::open::open;
use super::{Console, Exit, Format};

/// Arguments of `peerc hash`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The contract; without it, the one that `peerc.toml` names.
    contract: Option<PathBuf>,
    /// Print the hash of one operation, `agent.operation`, instead.
    #[arg(long, value_name = "AGENT.OPERATION")]
    operation: Option<String>,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let contract = match open(self.contract, console) {
            Ok(opened) => opened.contract,
            Err(exit) => return exit,
        };
        let Some(target) = self.operation else {
            return print(console, &contract.hash().to_string());
        };
        match contract.operation(&target) {
            Some(operation) => print(console, &operation.hash().to_string()),
            None => {
                let message = format!("`{}` has no operation `{target}`", contract.name());
                let known: Vec<_> = contract.operations().map(|known| format!("`{}`", known.target)).collect();
                let problem = Problem::new(ErrorCode::OperationUnknown, Pointer::root(), message);
                console.fail(&problem.with_help(format!("there are {}", known.join(", "))))
            }
        }
    }
}

fn print(console: &Console, hash: &str) -> Exit {
    match console.format {
        Format::Text => console.say(hash),
        Format::Json => console.json(&json!({ "hash": hash })),
    }
    Exit::Clean
}
