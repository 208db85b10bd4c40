//! Agents to invoke: those of a running `peerc dev`, or our own.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use peer_contract::host::Settings;
use peer_contract::local::{Config, LocalLambda};
use peer_contract::peers::LambdaApi;
use peer_contract::store::{self, Location, Store};
use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{DevFile, Entry, Feed, Teller};
use crate::aws;
use crate::project::{Project, WORK_FOLDER};
use crate::report::Report;
use crate::source::Source;

/// A local Lambda with all agents of a project.
#[derive(Debug)]
pub struct Host {
    /// It.
    pub lambda: LocalLambda,
    /// The shared store of its agents.
    pub store: Location,
}

/// Agents that can be invoked, and what they tell.
#[derive(Debug)]
pub struct Agents {
    host: Option<Host>,
    /// URL of their Invoke API.
    pub endpoint: String,
    /// Their shared store.
    pub store: Location,
    entries: UnboundedReceiver<Entry>,
}

/// Why agents did not start.
#[derive(Debug)]
pub enum Unstarted {
    /// What `peerc.toml` says, at its places.
    Settings(Vec<Problem>),
    /// What this machine, or a store, does not allow.
    Machine(Problem),
}

impl Unstarted {
    /// As it is told.
    pub fn report<'a>(&'a self, settings: &'a Source) -> Report<'a> {
        match self {
            Self::Settings(problems) => Report::of(settings, problems),
            Self::Machine(problem) => Report::without_source(std::slice::from_ref(problem)),
        }
    }
}

impl Host {
    /// Starts listening; agents start when they are needed.
    ///
    /// # Errors
    /// `configuration_invalid` for agents that cannot be started, and for a port that is taken.
    pub async fn start(
        project: &Project,
        contract: &Contract,
        store: Option<&Location>,
        port: u16,
    ) -> Result<Self, Unstarted> {
        let folder = project.root.join(WORK_FOLDER);
        make_private(&folder).map_err(Unstarted::Machine)?;
        let store = absolute(store.cloned().unwrap_or_else(|| Location::Folder(folder.join("store"))));
        put_configs(project, &store).await.map_err(Unstarted::Machine)?;
        let mut config = Config::new(project.functions(contract, &store).map_err(Unstarted::Settings)?);
        config.address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let lambda = LocalLambda::start(config)
            .await
            .map_err(|problem| Unstarted::Machine(Problem { at: Pointer::root(), ..problem }))?;
        Ok(Self { lambda, store })
    }

    /// All that happens from now on, in the words of the contract.
    pub fn entries(&self, contract: &Contract) -> UnboundedReceiver<Entry> {
        let (mut events, mut teller) = (self.lambda.events(), Teller::new(contract.name()));
        let (sender, entries) = unbounded_channel();
        tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                let sent = teller.tell(event).is_none_or(|entry| sender.send(entry).is_ok());
                if !sent {
                    break;
                }
            }
        });
        entries
    }
}

impl Agents {
    /// Our own.
    ///
    /// # Errors
    /// As [`Host::start`].
    pub async fn start(project: &Project, contract: &Contract, store: Option<&Location>) -> Result<Self, Unstarted> {
        let host = Host::start(project, contract, store, 0).await?;
        let (endpoint, store) = (host.lambda.endpoint().to_owned(), host.store.clone());
        Ok(Self { entries: host.entries(contract), endpoint, store, host: Some(host) })
    }

    /// Those of a `peerc dev` with this very contract and store, if one runs.
    pub async fn next_door(project: &Project, contract: &Contract, store: Option<&Location>) -> Option<Self> {
        let dev = DevFile::read(&project.root)?;
        let theirs = Location::parse(&dev.store).ok()?;
        let fits =
            dev.contract == contract.hash().to_string() && store.is_none_or(|store| absolute(store.clone()) == theirs);
        if !fits {
            return None;
        }
        let entries = Feed::follow(dev.feed).await.ok()?;
        Some(Self { host: None, endpoint: dev.endpoint, store: theirs, entries })
    }

    /// What happens from the start of the agents on, or from when they were found; to be taken once.
    pub fn take_entries(&mut self) -> UnboundedReceiver<Entry> {
        let (_, nothing) = unbounded_channel();
        std::mem::replace(&mut self.entries, nothing)
    }

    /// Whether they belong to a `peerc dev`.
    pub fn are_next_door(&self) -> bool {
        self.host.is_none()
    }

    /// A client that invokes them.
    ///
    /// # Errors
    /// `configuration_invalid`.
    pub fn client(&self, contract: &Contract) -> Result<LambdaApi, Problem> {
        let settings = Settings::read(|name| match name {
            "AWS_ENDPOINT_URL_LAMBDA" => Some(self.endpoint.clone()),
            "AWS_REGION" => Some("us-east-1".to_owned()),
            _ => None,
        })?;
        LambdaApi::new(contract, &settings)
    }

    /// Their shared store.
    ///
    /// # Errors
    /// `configuration_invalid`.
    pub fn open_store(&self) -> Result<Arc<dyn Store>, Problem> {
        open_unsynced(&self.store)
    }

    /// Ends our own; those next door stay.
    pub async fn end(self) {
        if let Some(host) = self.host {
            host.lambda.shutdown().await;
        }
    }
}

/// Puts the configurations that `peerc.toml` names where the agents find them.
async fn put_configs(project: &Project, store: &Location) -> Result<(), Problem> {
    if project.configs.is_empty() {
        return Ok(());
    }
    project.put_configs(&*open_unsynced(store)?).await
}

/// A store with the region, the endpoints and the credentials of this process where it is in S3.
fn open_unsynced(store: &Location) -> Result<Arc<dyn Store>, Problem> {
    let mut settings = aws::settings()?;
    // A run on one laptop ends with its machine.
    settings.store_sync = false;
    store::open_at(store, &settings)
}

fn absolute(store: Location) -> Location {
    match store {
        Location::Folder(folder) => Location::Folder(std::path::absolute(&folder).unwrap_or(folder)),
        elsewhere => elsewhere,
    }
}

/// Makes the folder, and keeps version control out of it.
fn make_private(folder: &Path) -> Result<(), Problem> {
    let refuse = |error: std::io::Error| {
        let message = format!("`{}` cannot be made: {error}", folder.display());
        Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
    };
    std::fs::create_dir_all(folder.join("cache")).map_err(refuse)?;
    let ignore = folder.join(".gitignore");
    if ignore.exists() { Ok(()) } else { std::fs::write(ignore, "*\n").map_err(refuse) }
}
