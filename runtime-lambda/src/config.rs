//! An agent's configuration: a document that fits the agent's `config` schema, lies in the shared store under its hash,
//! and is named by one variable. So it may be as long as it needs to be, and every sandbox has the one that was meant.
//!
//! ```text
//! document ─check→ canonical ─put→ store        PEER_CONTRACT_CONFIG ─find→ bytes ─hash, check→ Json
//! ```
//!
//! Secrets do not belong into it: whoever may read the store may read it.

use std::sync::Arc;

use peer_contract_core::contract::ConfigHash;
use peer_contract_core::json::{CanonicalBytes, Json, canonical};
use peer_contract_core::schema::Schema;
use peer_contract_core::{Contract, ErrorCode, Limits, Pointer, Problem, Problems, Value};

use crate::store::{FileStore, Key, Store, failed, put_blob};

/// The variable that names an agent's configuration.
pub const VARIABLE: &str = "PEER_CONTRACT_CONFIG";

/// A configuration that fits the schema of its agent.
#[derive(Debug, Clone)]
pub struct Config {
    hash: ConfigHash,
    text: CanonicalBytes,
}

impl Config {
    /// Holds a document to the `config` schema of an agent.
    ///
    /// # Errors
    /// `configuration_invalid` for an agent that the contract does not have, or that has no configuration there; else all ways
    /// in which the document does not fit.
    pub fn check(contract: &Contract, agent: &str, document: &Value) -> Result<Self, Problems> {
        schema(contract, agent)?.validate(document)?;
        let text = canonical(document);
        Ok(Self { hash: ConfigHash::of(&text), text })
    }

    /// The hash that names it.
    pub fn hash(&self) -> ConfigHash {
        self.hash
    }

    /// Its canonical text.
    pub fn text(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Writes it where agents find it.
    ///
    /// # Errors
    /// `store_failed`.
    pub async fn put(&self, store: &dyn Store) -> Result<(), Problem> {
        put_blob(store, &Key::config(&self.hash), self.text()).await
    }
}

/// The text of a configuration in a store.
///
/// # Errors
/// `store_failed`, also when other bytes lay under the hash; they are moved aside.
pub async fn get(store: &dyn Store, hash: &ConfigHash) -> Result<Option<Vec<u8>>, Problem> {
    let key = Key::config(hash);
    let Some(found) = store.get(&key).await? else { return Ok(None) };
    if hash.names(&found.bytes) {
        return Ok(Some(found.bytes));
    }
    store.set_aside(&key).await?;
    Err(failed(format!(
        "the store had other bytes under the name of the configuration `{hash}`; they were moved aside"
    )))
}

/// The configuration that is named, valid by the schema of the agent.
pub(crate) async fn load(
    contract: &Contract,
    agent: &str,
    named: Option<&ConfigHash>,
    cache: &FileStore,
    store: Option<&dyn Store>,
) -> Result<Json, Problem> {
    let schema = schema(contract, agent)?;
    let Some(hash) = named else { return Err(unnamed(agent)) };
    let text = find(hash, cache, store).await?;
    schema.accept(text, &Limits::default()).map_err(|problems| misfit(agent, hash, problems.first()))
}

async fn find(hash: &ConfigHash, cache: &FileStore, store: Option<&dyn Store>) -> Result<Vec<u8>, Problem> {
    // A cache that cannot be read, or holds something else, is an empty one.
    if let Ok(Some(text)) = get(cache, hash).await {
        return Ok(text);
    }
    let Some(store) = store else { return Err(storeless()) };
    let text = get(store, hash).await?.ok_or_else(|| missing(hash))?;
    let _ = cache.put_if_absent(&Key::config(hash), &text).await;
    Ok(text)
}

fn schema(contract: &Contract, agent: &str) -> Result<Arc<Schema>, Problem> {
    let at = contract.agents().get(agent).and_then(|agent| agent.config.as_ref());
    let none = || {
        let message = format!("the contract `{}` has no agent `{agent}` with a `config`", contract.name());
        refused(message).with_help("`config` of an agent is the schema of its configuration")
    };
    contract.schema(at.ok_or_else(none)?)
}

fn unnamed(agent: &str) -> Problem {
    refused(format!(
        "`{agent}` is made from a configuration, and `{VARIABLE}` names none: `peerc config put {agent} FILE` stores one \
         and prints the variable"
    ))
}

fn storeless() -> Problem {
    refused(format!("`{VARIABLE}` names a configuration in a shared store, and `PEER_CONTRACT_STORE` names no store"))
}

fn missing(hash: &ConfigHash) -> Problem {
    refused(format!("the shared store has no configuration `{hash}`: `peerc config put` stores it"))
}

/// The place is the one in the configuration.
fn misfit(agent: &str, hash: &ConfigHash, problem: &Problem) -> Problem {
    let message = format!("the configuration `{hash}` does not fit `{agent}`: {} ({})", problem.message, problem.code);
    Problem::new(ErrorCode::ConfigurationInvalid, problem.at.clone(), message)
}

fn refused(message: String) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::{MemoryStore, Scope};

    fn contract(limit: &Value) -> Contract {
        let document = json!({
            "peerContract": "1", "name": "c", "version": "1.0.0",
            "agents": { "a": {
                "config": { "type": "object", "required": ["limit"], "properties": { "limit": limit } },
                "operations": { "o": { "input": {}, "output": { "schema": {} } } },
            }, "b": { "operations": { "o": { "input": {}, "output": { "schema": {} } } } } },
        });
        Contract::from_value(document).unwrap()
    }

    fn config() -> Config {
        Config::check(&contract(&json!({ "type": "integer" })), "a", &json!({ "x": 1, "limit": 7.0 })).unwrap()
    }

    async fn loaded(
        contract: &Contract,
        named: Option<ConfigHash>,
        cache: &FileStore,
        store: Option<&MemoryStore>,
    ) -> Result<Json, Problem> {
        load(contract, "a", named.as_ref(), cache, store.map(|store| store as &dyn Store)).await
    }

    fn cache() -> (tempfile::TempDir, FileStore) {
        let folder = tempfile::tempdir().unwrap();
        let cache = FileStore::new(folder.path(), Scope::Sandbox).without_sync();
        (folder, cache)
    }

    #[tokio::test]
    async fn what_was_put_is_loaded_and_then_lies_in_the_cache() {
        let (integer, config) = (contract(&json!({ "type": "integer" })), config());
        let (store, (_folder, cache)) = (MemoryStore::new(Scope::Shared), cache());
        config.put(&store).await.unwrap();
        for store in [Some(&store), None] {
            let json = loaded(&integer, Some(config.hash()), &cache, store).await.unwrap();
            assert_eq!(json.as_bytes(), br#"{"limit":7,"x":1}"#);
        }
    }

    #[tokio::test]
    async fn what_is_missing_is_said_with_what_to_do() {
        let (integer, hash) = (contract(&json!({ "type": "integer" })), config().hash());
        let (store, (_folder, cache)) = (MemoryStore::new(Scope::Shared), cache());
        for (named, store, said) in [
            (None, Some(&store), VARIABLE),
            (Some(hash), None, "shared store"),
            (Some(hash), Some(&store), "has no configuration"),
        ] {
            let problem = loaded(&integer, named, &cache, store).await.unwrap_err();
            assert_eq!(problem.code, ErrorCode::ConfigurationInvalid);
            assert!(problem.message.contains(said), "{problem:?}");
        }
    }

    #[tokio::test]
    async fn other_bytes_under_the_hash_are_moved_aside_and_never_used() {
        let (integer, config) = (contract(&json!({ "type": "integer" })), config());
        let (store, (_folder, cache)) = (MemoryStore::new(Scope::Shared), cache());
        store.put_if_absent(&Key::config(&config.hash()), br#"{"limit":8}"#).await.unwrap();
        cache.put_if_absent(&Key::config(&config.hash()), br#"{"limit":9}"#).await.unwrap();
        let problem = loaded(&integer, Some(config.hash()), &cache, Some(&store)).await.unwrap_err();
        assert_eq!(problem.code, ErrorCode::StoreFailed);
        config.put(&store).await.unwrap();
        assert!(loaded(&integer, Some(config.hash()), &cache, Some(&store)).await.is_ok());
    }

    #[tokio::test]
    async fn a_schema_that_became_another_is_refused_at_the_place_without_the_value() {
        let (text, config) = (contract(&json!({ "type": "string" })), config());
        let (store, (_folder, cache)) = (MemoryStore::new(Scope::Shared), cache());
        config.put(&store).await.unwrap();
        let problem = loaded(&text, Some(config.hash()), &cache, Some(&store)).await.unwrap_err();
        assert_eq!((problem.code, problem.at.as_str()), (ErrorCode::ConfigurationInvalid, "/limit"));
        let message = problem.message.replace(&config.hash().to_string(), "");
        assert!(message.contains("type_mismatch") && !message.contains('7'), "{message}");
    }

    #[test]
    fn a_document_is_told_all_that_does_not_fit() {
        let problems =
            Config::check(&contract(&json!({ "type": "integer" })), "a", &json!({ "limit": "x" })).unwrap_err();
        assert_eq!(problems.first().at.as_str(), "/limit");
        for agent in ["b", "nobody"] {
            let problems = Config::check(&contract(&json!(true)), agent, &json!({})).unwrap_err();
            assert_eq!(problems.first().code, ErrorCode::ConfigurationInvalid);
        }
    }
}
