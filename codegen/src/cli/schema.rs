//! `peerc schema`: the schemas this version goes by, for editors and other programs.

use clap::ValueEnum;
use peer_contract_core::{ErrorCode, contract};
use serde_json::{Value, json};

use super::{Console, Exit};

/// Arguments of `peerc schema`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which one.
    #[arg(value_enum, default_value_t = Which::Contract)]
    which: Which,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Which {
    /// The schema that contracts follow.
    Contract,
    /// The schema that envelopes follow.
    Envelope,
    /// Every error code, with its meaning.
    Errors,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        match self.which {
            Which::Contract => console.json(&contract::meta_schema()),
            Which::Envelope => console.print(ENVELOPE),
            Which::Errors => console.json(&errors()),
        }
        Exit::Clean
    }
}

const ENVELOPE: &str = include_str!("../../../schemas/envelope.schema.json");

fn errors() -> Value {
    let codes = ErrorCode::ALL
        .iter()
        .map(|code| json!({ "code": code.as_str(), "about": code.about(), "retryable": code.retryable() }));
    Value::Array(codes.collect())
}
