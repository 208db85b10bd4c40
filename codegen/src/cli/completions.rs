//! `peerc completions`.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Console, Exit};
use crate::import::Draft;

/// Forms that one command alone has; the help of `--format` lists those of all.
const FORMS: &[(&str, &[&str])] = &[("graph", &["mermaid", "svg", "dot", "json"]), ("docs", &["md", "html"])];

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
        clap_complete::generate(self.shell, &mut command(), "peerc", &mut script);
        console.print(String::from_utf8_lossy(&script));
        Exit::Clean
    }
}

/// The command with all the words that its options take, also where it reads them more freely than by a list.
fn command() -> Command {
    let drafts = || PossibleValuesParser::new(Draft::ALL.map(Draft::name));
    let command =
        Cli::command().mut_subcommand("import", |import| import.mut_arg("draft", |draft| draft.value_parser(drafts())));
    FORMS.iter().fold(command, |command, (name, forms)| {
        let format = Arg::new("format").long("format").value_name("FORM").help("The form");
        command.mut_subcommand(*name, |one| one.arg(format.value_parser(PossibleValuesParser::new(*forms))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_drafts_complete_in_every_shell() {
        for shell in [Shell::Bash, Shell::Elvish, Shell::Fish, Shell::PowerShell, Shell::Zsh] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command(), "peerc", &mut script);
            let script = String::from_utf8(script).unwrap();
            // Elvish and PowerShell complete no values.
            let has_values = !matches!(shell, Shell::Elvish | Shell::PowerShell);
            for word in ["mermaid", "html", "openapi-3.0"] {
                assert!(!has_values || script.contains(word), "{shell} {word}");
            }
        }
    }
}
