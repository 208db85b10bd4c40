//! Settings of a sandbox, from the environment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

#[cfg(feature = "s3")]
use peer_contract_core::arn;
use peer_contract_core::{ConfigHash, ErrorCode, Pointer, Problem, Value};
use serde::Deserialize;

use crate::store::Location;
use crate::trace::TraceSettings;

/// Settings of a sandbox, read once from the environment.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Settings {
    /// `PEER_CONTRACT_STORE`: the shared store, a folder or `s3://bucket/prefix?table=name`. Without it there is none.
    pub store: Option<Location>,
    /// `PEER_CONTRACT_STORE_SYNC`: `off` where nothing needs to outlive the machine, as `peerc` sets it for the agents
    /// it starts. A killed process loses nothing either way.
    pub store_sync: bool,
    /// `PEER_CONTRACT_CONFIG`: the agent's configuration in the shared store, by its hash.
    pub config: Option<ConfigHash>,
    /// `PEER_CONTRACT_TMP` or `/tmp/peer-contract`: the sandbox's own cache.
    pub cache: PathBuf,
    /// `PEER_CONTRACT_PEERS`: agent to function name, ARN of a function, a queue or a topic, alias or URL.
    pub peers: BTreeMap<String, String>,
    /// The list under `reply-to` in `PEER_CONTRACT_PEERS`: addresses that whoever starts work may have its reply sent to.
    pub reply_to: BTreeSet<String>,
    /// `AWS_ENDPOINT_URL_LAMBDA` or `AWS_ENDPOINT_URL`: where the Invoke API is, when it is not AWS.
    pub endpoint: Option<String>,
    /// `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`: where S3 is, when it is not AWS.
    pub endpoint_s3: Option<String>,
    /// `AWS_ENDPOINT_URL_SQS` or `AWS_ENDPOINT_URL`: where SQS is, when it is not AWS.
    pub endpoint_sqs: Option<String>,
    /// `AWS_ENDPOINT_URL_SNS` or `AWS_ENDPOINT_URL`: where SNS is, when it is not AWS.
    pub endpoint_sns: Option<String>,
    /// `AWS_ENDPOINT_URL_DYNAMODB` or `AWS_ENDPOINT_URL`: where DynamoDB is, when it is not AWS.
    pub endpoint_dynamodb: Option<String>,
    /// `AWS_REGION` or `AWS_DEFAULT_REGION`.
    pub region: Option<String>,
    /// Who gives credentials for AWS where the environment has none. Agents have nobody of the kind; a command may read profiles.
    #[cfg(feature = "client")]
    pub credentials: Option<std::sync::Arc<dyn crate::peers::Provide>>,
    /// Where spans go, if anywhere.
    pub(crate) trace: Option<Box<TraceSettings>>,
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
        let (peers, reply_to) =
            variable("PEER_CONTRACT_PEERS").map_or_else(|| Ok(Default::default()), |text| peers_of(&text))?;
        let endpoint = |name| variable(name).or_else(|| variable("AWS_ENDPOINT_URL"));
        Ok(Self {
            store: variable("PEER_CONTRACT_STORE").map(|text| located(&text)).transpose()?,
            store_sync: on_or_off(variable("PEER_CONTRACT_STORE_SYNC").as_deref())?,
            config: variable("PEER_CONTRACT_CONFIG").map(|text| config_of(&text)).transpose()?,
            cache: PathBuf::from(variable("PEER_CONTRACT_TMP").unwrap_or_else(|| "/tmp/peer-contract".into())),
            peers,
            reply_to,
            endpoint: endpoint("AWS_ENDPOINT_URL_LAMBDA"),
            endpoint_s3: endpoint("AWS_ENDPOINT_URL_S3"),
            endpoint_dynamodb: endpoint("AWS_ENDPOINT_URL_DYNAMODB"),
            endpoint_sqs: endpoint("AWS_ENDPOINT_URL_SQS"),
            endpoint_sns: endpoint("AWS_ENDPOINT_URL_SNS"),
            region: variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")),
            #[cfg(feature = "client")]
            credentials: None,
            trace: TraceSettings::read(&variable).map(Box::new),
        })
    }
}

#[cfg(feature = "s3")]
impl Settings {
    /// The host of a service at AWS itself: `s3.eu-west-1.amazonaws.com`.
    pub(crate) fn aws_host(&self, service: &str) -> Result<String, Problem> {
        self.aws_region().map(|region| arn::host(service, region))
    }

    /// The region to sign for. Where an endpoint takes the place of AWS, any will do.
    pub(crate) fn signing_region(&self) -> String {
        self.region.clone().unwrap_or_else(|| "us-east-1".to_owned())
    }

    fn aws_region(&self) -> Result<&str, Problem> {
        self.region.as_deref().filter(|region| arn::is_label(region)).ok_or_else(|| {
            let message = "a store at AWS needs `AWS_REGION`, with the name of a region";
            Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
        })
    }
}

fn located(text: &str) -> Result<Location, Problem> {
    Location::parse(text).map_err(|problem| {
        let message = format!("`PEER_CONTRACT_STORE` cannot be used: {}", problem.message);
        Problem::new(problem.code, Pointer::root(), message)
    })
}

fn config_of(text: &str) -> Result<ConfigHash, Problem> {
    text.parse().map_err(|_| {
        let message = "`PEER_CONTRACT_CONFIG` is `sha256:` and 64 lowercase hex digits";
        Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
            .with_help("`peerc config put AGENT FILE` prints it")
    })
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

/// The member of `PEER_CONTRACT_PEERS` that no agent can be called.
const REPLY_TO: &str = "reply-to";

fn peers_of(text: &str) -> Result<(BTreeMap<String, String>, BTreeSet<String>), Problem> {
    let refused = |message| Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message);
    let mut members: BTreeMap<String, Value> = serde_json::from_str(text).map_err(|_| refused(NO_PEERS))?;
    let listed = members.remove(REPLY_TO).map(BTreeSet::deserialize).transpose();
    let reply_to = listed.map_err(|_| refused("`reply-to` in `PEER_CONTRACT_PEERS` must be a list of addresses"))?;
    let peers = members.into_iter().map(|(agent, address)| Some((agent, address.as_str()?.to_owned())));
    Ok((peers.collect::<Option<_>>().ok_or_else(|| refused(NO_PEERS))?, reply_to.unwrap_or_default()))
}

const NO_PEERS: &str = "`PEER_CONTRACT_PEERS` must be a JSON object from agent to function name, ARN or URL";

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
    fn a_configuration_is_named_by_its_hash_alone() {
        let hash = format!("sha256:{}", "0a".repeat(32));
        let config = |text: &str| read(&[("PEER_CONTRACT_CONFIG", text)]).map(|settings| settings.config);
        assert_eq!(config(&hash).unwrap().unwrap().to_string(), hash);
        assert_eq!(config("").unwrap(), None);
        for text in [&hash[1..], &hash.to_uppercase(), "{\"secret\": 1}"] {
            let problem = config(text).unwrap_err();
            assert_eq!(problem.code, ErrorCode::ConfigurationInvalid);
            assert!(!problem.message.contains("secret"), "{}", problem.message);
        }
    }

    #[test]
    fn the_endpoint_of_lambda_goes_before_the_general_one() {
        let both = [("AWS_ENDPOINT_URL", "http://a"), ("AWS_ENDPOINT_URL_LAMBDA", "http://b")];
        assert_eq!(read(&both).unwrap().endpoint.as_deref(), Some("http://b"));
    }

    #[test]
    fn addresses_of_replies_stand_beside_those_of_agents() {
        let settings = read(&[("PEER_CONTRACT_PEERS", r#"{"a":"f","reply-to":["g","https://h/"]}"#)]).unwrap();
        assert_eq!(settings.peers.keys().collect::<Vec<_>>(), ["a"]);
        assert_eq!(settings.reply_to.iter().collect::<Vec<_>>(), ["g", "https://h/"]);
    }

    #[test]
    fn peers_that_are_no_object_of_texts_are_named_by_their_variable() {
        for text in ["[]", "{\"a\":1}", "x", r#"{"reply-to":"f"}"#, r#"{"reply-to":[1]}"#] {
            let problem = read(&[("PEER_CONTRACT_PEERS", text)]).unwrap_err();
            assert_eq!(problem.code, ErrorCode::ConfigurationInvalid);
            assert!(problem.message.contains("PEER_CONTRACT_PEERS"));
        }
    }
}
