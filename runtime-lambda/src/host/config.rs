//! The configuration that an agent is made from.

use peer_contract_core::Problem;
use peer_contract_core::json::Json;

use super::Host;
use crate::config;

impl Host {
    /// The agent's configuration, valid by its schema: from the sandbox's own folder, else from the shared store.
    ///
    /// # Errors
    /// `configuration_invalid` when none is named, there is none under the name, or it does not fit, with the place in it;
    /// `store_failed`, also for bytes that are not what their name says.
    pub async fn config(&self) -> Result<Json, Problem> {
        let sandbox = &self.sandbox;
        let store = sandbox.store.as_deref();
        config::load(self.contract(), &sandbox.agent, sandbox.config.as_ref(), &sandbox.cache, store).await
    }
}
