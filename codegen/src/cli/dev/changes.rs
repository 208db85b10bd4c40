//! Which agents a changed file belongs to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::cli::prepare::Prepared;
use crate::project::FILE;
use crate::watching::{LOOK_EVERY, Watch};

/// Between two looks for files that are new.
const GATHER_EVERY: Duration = Duration::from_secs(2);

/// Something changed on the disk.
pub enum Change {
    /// Sources of these agents, and which files.
    Agents(Vec<String>, Vec<PathBuf>),
    /// The contract, `peerc.toml`, or a configuration that it names.
    Contract(Vec<PathBuf>),
}

/// The files of a project that are looked after.
pub struct Changes<'a> {
    pub prepared: &'a Prepared,
    watch: Watch,
    agents_of: BTreeMap<PathBuf, Vec<String>>,
    gathered: Instant,
}

impl<'a> Changes<'a> {
    pub fn of(prepared: &'a Prepared) -> Self {
        let mut changes =
            Self { prepared, watch: Watch::default(), agents_of: BTreeMap::new(), gathered: Instant::now() };
        changes.gather();
        changes
    }

    /// Waits for the next change.
    pub async fn next(&mut self) -> Change {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if self.gathered.elapsed() >= GATHER_EVERY {
                self.gather();
            }
            let changed = self.watch.changed(Instant::now());
            if let Some(change) = self.told(changed) {
                return change;
            }
        }
    }

    fn gather(&mut self) {
        let project = &self.prepared.project;
        self.agents_of.clear();
        for agent in project.agents.values() {
            for file in project.sources_of(agent) {
                self.agents_of.entry(file).or_default().push(agent.name.clone());
            }
        }
        self.watch.look_after(self.agents_of.keys().cloned().chain(self.settings()));
        self.gathered = Instant::now();
    }

    /// Files that say how all agents run.
    fn settings(&self) -> Vec<PathBuf> {
        let project = &self.prepared.project;
        let configs = project.config_files().into_iter().map(|(_, file)| file);
        [project.contract.clone(), project.root.join(FILE)].into_iter().chain(configs).collect()
    }

    fn told(&self, changed: Vec<PathBuf>) -> Option<Change> {
        let settings = self.settings();
        if changed.iter().any(|file| settings.contains(file)) {
            return Some(Change::Contract(changed));
        }
        let agents: BTreeSet<&String> = changed.iter().filter_map(|file| self.agents_of.get(file)).flatten().collect();
        let agents: Vec<String> = agents.into_iter().cloned().collect();
        (!agents.is_empty()).then_some(Change::Agents(agents, changed))
    }
}
