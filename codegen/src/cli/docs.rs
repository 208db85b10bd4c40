//! `peerc docs`: a manual of the contract.

use std::path::PathBuf;

use peer_contract_core::{ErrorCode, Pointer, Problem};

use super::console::Reporting;
use super::file::deliver;
use super::open::open;
use super::{Console, Exit};
use crate::handbook::{page, to_html, to_markdown};

/// Arguments of `peerc docs`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc docs -o contract.html               # one page that needs nothing else; light or dark
  peerc docs -o CONTRACT.md
  peerc docs research.contract.yaml --format html > contract.html

Forms: md (also without --format), html. With -o the file's ending says which. Every example in it was checked.")]
pub struct Args {
    /// The contract; without it, the one that `peerc.toml` names.
    contract: Option<PathBuf>,
    /// Write to this file instead of printing.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where chance begins for the examples.
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        if console.reporting == Reporting::Json && self.output.is_none() {
            let problem =
                Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), "a manual has no form in JSON");
            return console.fail(&problem.with_help("use `--format md`, `--format html`, or `-o FILE`"));
        }
        let contract = match open(self.contract.clone(), console) {
            Ok(opened) => opened.contract,
            Err(exit) => return exit,
        };
        let page = page(&contract, self.seed);
        let text = if self.is_html(console.reporting) { to_html(&page) } else { to_markdown(&page) };
        deliver(&text, self.output.as_deref(), console)
    }

    fn is_html(&self, asked: Reporting) -> bool {
        let ending = self.output.as_ref().and_then(|file| file.extension()?.to_str().map(str::to_ascii_lowercase));
        match asked {
            Reporting::Html => true,
            Reporting::Md => false,
            _ => matches!(ending.as_deref(), Some("html" | "htm")),
        }
    }
}
