//! Settings of a sandbox, from the environment.

use std::collections::BTreeMap;
use std::path::PathBuf;

use peer_contract_core::{ErrorCode, Pointer, Problem};

/// Settings of a sandbox, read once from the environment.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Settings {
    /// `PEER_CONTRACT_STORE`: folder of the shared store. Without it there is none.
    pub store: Option<PathBuf>,
    /// `PEER_CONTRACT_STORE_SYNC`: `off` where nothing needs to outlive the machine, as `peerc` sets it for the agents
    /// it starts. A killed process loses nothing either way.
    pub store_sync: bool,
    /// `PEER_CONTRACT_TMP` or `/tmp/peer-contract`: the sandbox's own cache.
    pub cache: PathBuf,
    /// `PEER_CONTRACT_PEERS`: agent to function name, ARN, alias or URL.
    pub peers: BTreeMap<String, String>,
    /// `AWS_ENDPOINT_URL_LAMBDA` or `AWS_ENDPOINT_URL`: where the Invoke API is, when it is not AWS.
    pub endpoint: Option<String>,
    /// `AWS_REGION` or `AWS_DEFAULT_REGION`.
    pub region: Option<String>,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// `configuration_invalid` with the name of the variable.
    pub fn from_env() -> Result<Self, Problem> {
        Self::read(|name| std::env::var(name).ok())
    }

    /// The same from any source of variables. Empty ones count as absent.
    ///
    /// # Errors
    /// `configuration_invalid` with the name of the variable.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Problem> {
        let variable = |name: &str| variable(name).filter(|text| !text.is_empty());
        let peers = variable("PEER_CONTRACT_PEERS").map_or_else(|| Ok(BTreeMap::new()), |text| peers_of(&text))?;
        Ok(Self {
            store: variable("PEER_CONTRACT_STORE").map(PathBuf::from),
            store_sync: on_or_off(variable("PEER_CONTRACT_STORE_SYNC").as_deref())?,
            cache: PathBuf::from(variable("PEER_CONTRACT_TMP").unwrap_or_else(|| "/tmp/peer-contract".into())),
            peers,
            endpoint: variable("AWS_ENDPOINT_URL_LAMBDA").or_else(|| variable("AWS_ENDPOINT_URL")),
            region: variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")),
        })
    }
}

fn on_or_off(text: Option<&str>) -> Result<bool, Problem> {
    match text {
        None | Some("on") => Ok(true),
        Some("off") => Ok(false),
        Some(_) => {
            let message = "`PEER_CONTRACT_STORE_SYNC` is `on` or `off`";
            Err(Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message))
        }
    }
}

fn peers_of(text: &str) -> Result<BTreeMap<String, String>, Problem> {
    serde_json::from_str(text).map_err(|_| {
        let message = "`PEER_CONTRACT_PEERS` must be a JSON object from agent to function name, ARN or URL";
        Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, Problem> {
        Settings::read(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn an_empty_variable_is_an_absent_one() {
        let settings =
            read(&[("PEER_CONTRACT_STORE", ""), ("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "eu-west-1")]).unwrap();
        assert_eq!((settings.store, settings.region.as_deref()), (None, Some("eu-west-1")));
        assert_eq!(settings.cache, PathBuf::from("/tmp/peer-contract"));
    }

    #[test]
    fn a_store_waits_for_the_disk_unless_it_is_told_not_to() {
        let sync = |text| read(&[("PEER_CONTRACT_STORE_SYNC", text)]).map(|settings| settings.store_sync);
        assert_eq!((sync(""), sync("on"), sync("off")), (Ok(true), Ok(true), Ok(false)));
        assert_eq!(sync("no").unwrap_err().code, ErrorCode::ConfigurationInvalid);
    }

    #[test]
    fn the_endpoint_of_lambda_goes_before_the_general_one() {
        let both = [("AWS_ENDPOINT_URL", "http://a"), ("AWS_ENDPOINT_URL_LAMBDA", "http://b")];
        assert_eq!(read(&both).unwrap().endpoint.as_deref(), Some("http://b"));
    }

    #[test]
    fn peers_that_are_no_object_of_texts_are_named_by_their_variable() {
        for text in ["[]", "{\"a\":1}", "x"] {
            let problem = read(&[("PEER_CONTRACT_PEERS", text)]).unwrap_err();
            assert_eq!(problem.code, ErrorCode::ConfigurationInvalid);
            assert!(problem.message.contains("PEER_CONTRACT_PEERS"));
        }
    }
}
