//! `peerc store`: what lies in a shared store, and what may go.

mod age;
mod shelf;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use peer_contract::store::upkeep::{Ages, Mode, Removed, forget, gc};
use peer_contract::store::{Inventory, Location, open_inventory};
use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::json;

use self::age::age;
use self::shelf::Shelf;
use super::interrupt::runtime;
use super::paint::size;
use super::{Console, Exit, Format};
use crate::aws;
use crate::project::{Project, WORK_FOLDER};
use crate::report::Report;

/// Arguments of `peerc store`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerc store ls
  peerc store ls 019a3b5c-0000-7000-8000-000000000000
  peerc store gc --works 30d --dry-run --store 's3://bucket/prefix?table=records'
  peerc store forget 019a3b5c-0000-7000-8000-000000000000

S3 and DynamoDB are reached by AWS_REGION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_DYNAMODB, with credentials of the environment or of
AWS_PROFILE (keys, or a credential_process).
Exit codes: 0 done, also when there was nothing to do; 2 the store could not be read or written.")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// The store: a folder, or `s3://bucket/prefix?table=name`; that of the project by default.
    #[arg(long, global = true, value_name = "STORE", value_parser = location)]
    store: Option<Location>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List works, or all that lies there of one work.
    Ls {
        /// The work.
        work: Option<String>,
    },
    /// Remove what is old: works nobody wrote to, blobs and contracts that nothing names, what killed writers left.
    Gc {
        /// Remove works to which nothing was written for this long, such as `7d` or `12h`.
        #[arg(long, value_name = "AGE", value_parser = age, default_value = "7d")]
        works: Duration,
        /// Remove blobs that no record names after this long; longer than any work may take.
        #[arg(long, value_name = "AGE", value_parser = age, default_value = "1d")]
        orphans: Duration,
        /// Remove nothing; only count.
        #[arg(long)]
        dry_run: bool,
    },
    /// Remove all that lies there of one work: claims, outcomes, result, state, inputs and outputs.
    Forget {
        /// The work.
        work: String,
    },
}

/// Reads a store's name, for clap.
pub(super) fn location(text: &str) -> Result<Location, String> {
    Location::parse(text).map_err(|problem| problem.message)
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        self.begin(console).unwrap_or_else(|exit| exit)
    }

    fn begin(&self, console: &Console) -> Result<Exit, Exit> {
        let store = self.open(console)?;
        let store = &*store;
        let done = runtime().block_on(async {
            match &self.command {
                Command::Ls { work } => Shelf::read(store, work.as_deref()).await.map(|shelf| shelf.tell(console)),
                Command::Gc { works, orphans, dry_run } => {
                    let mode = if *dry_run { Mode::Look } else { Mode::Remove };
                    let ages = Ages { works: *works, orphans: *orphans };
                    gc(store, now_ms(), ages, mode).await.map(|removed| tell(&removed, mode, console))
                }
                Command::Forget { work } => {
                    forget(store, work).await.map(|removed| tell(&removed, Mode::Remove, console))
                }
            }
        });
        done.map(|()| Exit::Clean).map_err(|problem| console.fail(&problem))
    }

    fn open(&self, console: &Console) -> Result<Arc<dyn Inventory>, Exit> {
        let location = named_or_of_project(self.store.as_ref(), console)?;
        if let Location::Folder(folder) = &location
            && !folder.is_dir()
        {
            return Err(console.fail(&missing(&location)));
        }
        let opened = aws::settings().and_then(|settings| open_inventory(&location, &settings));
        opened.map_err(|problem| console.fail(&problem))
    }
}

/// The store that was named, or the one of the project.
pub(super) fn named_or_of_project(named: Option<&Location>, console: &Console) -> Result<Location, Exit> {
    let of_project = || Ok(Location::Folder(project(console)?.root.join(WORK_FOLDER).join("store")));
    named.cloned().map_or_else(of_project, Ok)
}

fn project(console: &Console) -> Result<Project, Exit> {
    Project::find().map_err(|flawed| {
        match &flawed.source {
            Some(source) => console.report(&Report::of(source, &flawed.problems)),
            None => console.report(&Report::without_source(&flawed.problems)),
        };
        Exit::Unreadable
    })
}

fn missing(location: &Location) -> Problem {
    let message = format!("there is no store at `{location}`");
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
        .with_help("the first work makes it; `--store` names another one")
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

fn tell(removed: &Removed, mode: Mode, console: &Console) {
    let Removed { works, keys, bytes, leftovers, .. } = removed;
    if console.format == Format::Json {
        let dry_run = mode == Mode::Look;
        console
            .json(&json!({ "works": works, "keys": keys, "bytes": bytes, "leftovers": leftovers, "dryRun": dry_run }));
        return;
    }
    let verb = if mode == Mode::Look { "would remove" } else { "removed" };
    let size = size(usize::try_from(*bytes).unwrap_or(usize::MAX));
    let rest = if *leftovers > 0 { format!(", and {leftovers} leftovers") } else { String::new() };
    console.say(format!("{verb} {keys} keys ({size}), {works} whole works{rest}"));
}
