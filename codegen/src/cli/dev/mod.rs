//! `peerc dev`: all agents stay up behind one local Lambda, with one log, and follow what changes on the disk.

mod changes;
mod log;

use std::path::PathBuf;

use peer_contract::store::Location;
use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use super::interrupt::{asked_to_end, runtime};
use super::prepare::Prepared;
use super::{Console, Exit, Format, generate};
use crate::running::{DevFile, Entry, Feed, Host};
use changes::{Change, Changes};
use log::Log;

/// Arguments of `peerc dev`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A change of an agent's sources restarts that agent, after its build where it has one; a change of the contract, of a
configuration or of `peerc.toml` generates again and restarts all. Work that is underway ends first.

Other clients reach the agents with AWS_ENDPOINT_URL_LAMBDA; their logs with
  aws logs tail /aws/lambda/<contract>-<agent> --follow --endpoint-url <endpoint>")]
pub struct Args {
    /// Port of the Invoke API; any free one by default.
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// The shared store: a folder, or `s3://bucket/prefix?table=name`; `.peerc/store` by default.
    #[arg(long, value_name = "STORE", value_parser = super::store::location)]
    store: Option<Location>,
    /// Restart nothing when files change.
    #[arg(long)]
    no_watch: bool,
}

/// Why a round of agents ended.
enum End {
    Asked,
    /// Contract or settings are others now, and hold.
    Changed(Box<Prepared>),
}

impl Args {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Exit {
        let mut prepared = match Prepared::open(console) {
            Ok(prepared) => prepared,
            Err(exit) => return exit,
        };
        if let Err(exit) = prepared.build(console) {
            return exit;
        }
        runtime().block_on(async {
            let mut end = std::pin::pin!(asked_to_end());
            let mut port = self.port;
            loop {
                match self.round(&prepared, &mut port, &mut end, console).await {
                    Ok(End::Changed(changed)) => prepared = *changed,
                    Ok(End::Asked) => return Exit::Clean,
                    Err(exit) => return exit,
                }
            }
        })
    }

    /// Hosts the agents of one contract, until it changes. The port stays the same from the first round on.
    async fn round(
        &self,
        prepared: &Prepared,
        port: &mut u16,
        end: &mut (impl Future<Output = ()> + Unpin),
        console: &Console,
    ) -> Result<End, Exit> {
        let Prepared { project, contract } = prepared;
        // Looked at before anybody is told that the agents run: what changes from then on is not missed.
        let mut changes = Changes::of(prepared);
        let host = Host::start(project, contract, self.store.as_ref(), *port).await.map_err(|unstarted| {
            console.report(&unstarted.report(&project.source));
            Exit::Unreadable
        })?;
        *port = host.lambda.endpoint().rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(0);
        let feed = Feed::default();
        let dev = match announce(prepared, &host, &feed).await {
            Ok(dev) => dev,
            Err(error) => {
                host.lambda.shutdown().await;
                let message = format!("`{}` cannot be written: {error}", prepared.work_folder().display());
                return Err(console.fail(&Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)));
            }
        };
        let log = Log::new(prepared, console);
        log.greet(contract, &dev);
        let entries = host.entries(contract);
        host.lambda.warm();
        let ended = tokio::select! {
            () = follow(entries, &feed, &log) => End::Asked,
            () = end => End::Asked,
            changed = self.watch(&mut changes, &host, console) => End::Changed(Box::new(changed)),
        };
        dev.remove(&project.root);
        host.lambda.shutdown().await;
        Ok(ended)
    }

    /// Restarts agents as their sources change; resolves when contract or settings have changed and hold.
    async fn watch(&self, changes: &mut Changes<'_>, host: &Host, console: &Console) -> Prepared {
        if self.no_watch {
            std::future::pending::<()>().await;
        }
        loop {
            match changes.next().await {
                Change::Agents(agents, files) => {
                    tell(&files, console);
                    restart(changes.prepared, host, &agents, console);
                }
                Change::Contract(files) => {
                    tell(&files, console);
                    if let Some(changed) = reopened(console) {
                        return changed;
                    }
                }
            }
        }
    }
}

async fn announce(prepared: &Prepared, host: &Host, feed: &Feed) -> std::io::Result<DevFile> {
    let dev = DevFile {
        endpoint: host.lambda.endpoint().to_owned(),
        feed: feed.listen().await?,
        pid: std::process::id(),
        contract: prepared.contract.hash().to_string(),
        store: host.store.to_string(),
    };
    dev.write(&prepared.project.root)?;
    Ok(dev)
}

async fn follow(mut entries: UnboundedReceiver<Entry>, feed: &Feed, log: &Log<'_>) {
    while let Some(entry) = entries.recv().await {
        feed.tell(&entry);
        log.print(&entry);
    }
}

/// What cannot be built goes on as it was: the failure is reported, and the next change comes.
fn restart(prepared: &Prepared, host: &Host, agents: &[String], console: &Console) {
    let built = tokio::task::block_in_place(|| prepared.build_for(agents, console));
    if built.is_ok() {
        for agent in agents {
            host.lambda.renew(&crate::project::function_name(&prepared.contract, agent));
        }
    }
}

/// Project and contract as they are now, with their stubs and programs; what is wrong is reported, and the agents go on
/// as they are.
fn reopened(console: &Console) -> Option<Prepared> {
    let prepared = Prepared::open(console).ok()?;
    let made = tokio::task::block_in_place(|| {
        generate::write_asked(&prepared.project, &prepared.contract).map_err(|problem| console.fail(&problem))?;
        prepared.build(console)
    });
    made.is_ok().then_some(prepared)
}

fn tell(files: &[PathBuf], console: &Console) {
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    match console.format {
        Format::Text => console.note(format!("changed: {}", names.join(", "))),
        Format::Json => console.say(json!({ "type": "changed", "files": names }).to_string()),
    }
}
