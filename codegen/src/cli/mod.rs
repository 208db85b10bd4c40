//! The command line. Here and in its children is the only place that prints.

mod check;
mod completions;
mod config;
mod console;
mod dev;
mod diff;
mod docs;
mod ending;
mod explain;
mod explain_text;
mod file;
mod fmt;
mod generate;
mod graph;
mod hash;
mod import;
mod init;
mod input;
mod interrupt;
mod invoke;
mod lint;
mod log_line;
mod open;
mod output;
mod package;
mod paint;
mod prepare;
mod run;
mod sample;
mod schema;
mod store;
mod telling;
mod timeline;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use console::{Color, Console, Exit, Format, Reporting};
use peer_contract_core::{ErrorCode, Pointer, Problem};

/// Contracts between agents: check them, generate code from them, run the agents.
#[derive(Debug, Parser)]
#[command(name = "peerc", version, propagate_version = true, disable_help_subcommand = true)]
pub struct Cli {
    /// How results and problems are reported.
    #[arg(long, global = true, value_enum, default_value_t = Reporting::Text, value_name = "FORMAT")]
    pub format: Reporting,
    /// When to colour; `auto` asks whether a terminal reads, and honours `NO_COLOR`.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a working project with one agent in each language.
    Init(init::Args),
    /// Check a contract and report all its problems.
    Check(check::Args),
    /// Compare two versions of a contract: what breaks, for whom, and how far the version must rise.
    Diff(diff::Args),
    /// Show what became of each keyword of the schemas: part of the type, of the check, or refused.
    Explain(explain::Args),
    /// Look for what is right and still likely to hurt somebody.
    Lint(lint::Args),
    /// Lay contract files out in the canonical way, with their comments and their meaning.
    Fmt(fmt::Args),
    /// Write the code of a contract for each language.
    Generate(generate::Args),
    /// Draw agents, operations, handoffs and phases.
    Graph(graph::Args),
    /// Write a manual of the contract.
    Docs(docs::Args),
    /// Print the hash of a contract, or of one of its operations.
    Hash(hash::Args),
    /// Take JSON Schema of any draft from 4 on as types of a contract.
    Import(import::Args),
    /// Run the agents once on an input, behind a local Lambda.
    Run(run::Args),
    /// Keep the agents running behind a local Lambda, until Ctrl-C.
    Dev(dev::Args),
    /// Send a message to an agent that runs.
    Invoke(invoke::Args),
    /// Write a zip for each agent, and a template that makes the functions, for AWS Lambda.
    Package(package::Args),
    /// Store, check and show the configurations that agents are made from.
    Config(config::Args),
    /// Look through a shared store, and tidy it.
    Store(store::Args),
    /// Make values that fit the contract, or miss it by one change.
    Sample(sample::Args),
    /// Print one of the schemas this version goes by.
    Schema(schema::Args),
    /// Print a completion script for a shell.
    Completions(completions::Args),
}

/// Reads the arguments, runs the command.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command.refusal(cli.format) {
        Some(problem) => Console::new(Reporting::Text, cli.color).fail(&problem),
        None => run(cli.command, &Console::new(cli.format, cli.color)),
    }
    .into()
}

impl Command {
    /// What is wrong with a form that the command does not have.
    fn refusal(&self, format: Reporting) -> Option<Problem> {
        let (has_it, message) = match format {
            Reporting::Text | Reporting::Json => return None,
            Reporting::Sarif | Reporting::Github => (
                matches!(self, Self::Check(_) | Self::Diff(_) | Self::Lint(_)),
                "`--format sarif` and `--format github` are for `check`, `lint` and `diff`",
            ),
            Reporting::Mermaid | Reporting::Svg | Reporting::Dot => (
                matches!(self, Self::Graph(_)),
                "`--format mermaid`, `--format svg` and `--format dot` are for `graph`",
            ),
            Reporting::Md | Reporting::Html => {
                (matches!(self, Self::Docs(_)), "`--format md` and `--format html` are for `docs`")
            }
        };
        (!has_it).then(|| Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message))
    }
}

fn run(command: Command, console: &Console) -> Exit {
    match command {
        Command::Init(args) => args.run(console),
        Command::Check(args) => args.run(console),
        Command::Diff(args) => args.run(console),
        Command::Explain(args) => args.run(console),
        Command::Lint(args) => args.run(console),
        Command::Fmt(args) => args.run(console),
        Command::Generate(args) => args.run(console),
        Command::Graph(args) => args.run(console),
        Command::Docs(args) => args.run(console),
        Command::Hash(args) => args.run(console),
        Command::Import(args) => args.run(console),
        Command::Run(args) => args.run(console),
        Command::Dev(args) => args.run(console),
        Command::Invoke(args) => args.run(console),
        Command::Package(args) => args.run(console),
        Command::Config(args) => args.run(console),
        Command::Store(args) => args.run(console),
        Command::Sample(args) => args.run(console),
        Command::Schema(args) => args.run(console),
        Command::Completions(args) => args.run(console),
    }
}
