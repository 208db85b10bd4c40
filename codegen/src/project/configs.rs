//! The configurations that `config` in `[agents.<name>]` names.

use std::path::PathBuf;

use peer_contract::config::{Config, VARIABLE};
use peer_contract::store::Store;
use peer_contract_core::{Contract, ErrorCode, Pointer, Problem, Problems};

use super::{Flawed, Project};
use crate::source::Source;

impl Project {
    /// Reads the configurations of all agents and holds them to the contract.
    ///
    /// # Errors
    /// What is wrong, file by file, each with the text it is about; none where that is `peerc.toml`.
    pub fn configure(&mut self, contract: &Contract) -> Result<(), Vec<Box<Flawed>>> {
        let (mut configs, mut flawed) = (Vec::new(), Vec::new());
        for (agent, path) in self.config_files() {
            match self.read_config(contract, &agent, path) {
                Ok(config) => configs.push((agent, config)),
                Err(one) => flawed.push(one),
            }
        }
        self.configs = configs.into_iter().collect();
        if flawed.is_empty() { Ok(()) } else { Err(flawed) }
    }

    /// The files with configurations, by agent.
    pub fn config_files(&self) -> Vec<(String, PathBuf)> {
        let files = self.agents.values().filter_map(|agent| Some((agent.name.clone(), agent.config.as_ref()?)));
        files.map(|(agent, file)| (agent, self.root.join(file))).collect()
    }

    /// Puts all configurations where the agents find them.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn put_configs(&self, store: &dyn Store) -> Result<(), Problem> {
        for config in self.configs.values() {
            config.put(store).await?;
        }
        Ok(())
    }

    /// The variable that names the configuration of an agent.
    pub(super) fn config_variable(&self, agent: &str) -> Option<(String, String)> {
        self.configs.get(agent).map(|config| (VARIABLE.to_owned(), config.hash().to_string()))
    }

    fn read_config(&self, contract: &Contract, agent: &str, path: PathBuf) -> Result<Config, Box<Flawed>> {
        let asked = Pointer::root().key("agents").key(agent).key("config");
        let of_settings = |message: String, help: &str| {
            let problem = Problem::new(ErrorCode::ConfigurationInvalid, asked.clone(), message).with_help(help);
            Box::new(Flawed { source: None, problems: vec![problem] })
        };
        let has_config = contract.agents().get(agent).is_some_and(|agent| agent.config.is_some());
        if !has_config {
            let message = format!("the contract `{}` has no `config` for the agent `{agent}`", contract.name());
            return Err(of_settings(message, "add `config`, the schema of its configuration, to the agent"));
        }
        let source = Source::read_document(&path).map_err(|problem| of_settings(problem.message, ""))?;
        checked(contract, agent, &source).map_err(|problems| Box::new(Flawed { source: Some(source), problems }))
    }
}

fn checked(contract: &Contract, agent: &str, source: &Source) -> Result<Config, Vec<Problem>> {
    let value = source.value().map_err(|problem| vec![problem.clone()])?;
    Config::check(contract, agent, value).map_err(|problems: Problems| problems.as_slice().to_vec())
}
