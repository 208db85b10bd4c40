//! `peerc graph`: the contract as a picture.

use std::path::PathBuf;

use peer_contract_core::{ErrorCode, Pointer, Problem};

use super::console::Reporting;
use super::file::deliver;
use super::open::open;
use super::{Console, Exit};
use crate::chart::{Chart, to_dot, to_mermaid, to_svg};

/// Arguments of `peerc graph`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc graph                               # Mermaid, for a README
  peerc graph -o contract.svg               # a picture, light or dark as the reader's screen is
  peerc graph --format dot | dot -Tpdf -o contract.pdf
  peerc graph research.contract.yaml --format json

Forms: mermaid (also without --format), svg, dot, json. With -o the file's ending says which: .svg, .mmd, .dot, .json.")]
pub struct Args {
    /// The contract; without it, the one that `peerc.toml` names.
    contract: Option<PathBuf>,
    /// Write to this file instead of printing.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let form = self.form(console.reporting);
        let chart = match open(self.contract.clone(), console) {
            Ok(opened) => Chart::of(&opened.contract),
            Err(exit) => return exit,
        };
        let text = match form {
            Reporting::Svg => to_svg(&chart).map_err(|error| error.to_string()),
            Reporting::Dot => Ok(to_dot(&chart)),
            Reporting::Json => {
                serde_json::to_string_pretty(&chart).map(|text| text + "\n").map_err(|error| error.to_string())
            }
            _ => Ok(to_mermaid(&chart)),
        };
        match text {
            Ok(text) => deliver(&text, self.output.as_deref(), console),
            Err(message) => console.fail(&Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)),
        }
    }

    /// What was asked for, or what the file's ending says.
    fn form(&self, asked: Reporting) -> Reporting {
        let ending = self.output.as_ref().and_then(|file| file.extension()?.to_str().map(str::to_ascii_lowercase));
        match (asked, ending.as_deref()) {
            (Reporting::Text, Some("svg")) => Reporting::Svg,
            (Reporting::Text, Some("dot" | "gv")) => Reporting::Dot,
            (Reporting::Text, Some("json")) => Reporting::Json,
            (asked, _) => asked,
        }
    }
}
