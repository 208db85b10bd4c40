//! Which function an agent is. Only agents of the contract have an address, so nothing else can be invoked.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv6Addr;

use http::Uri;
use http::uri::Authority;
use peer_contract_core::arn::Arn;
use peer_contract_core::{Contract, ErrorCode, Pointer, Problem};

use super::queue::Queue;
use super::topic::Topic;

/// Where an agent is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A Lambda function: its name or ARN, with or without an alias or version.
    Function(String),
    /// An endpoint that takes the payload as the body of a POST and answers with the reply.
    Url(Uri),
    /// A queue of SQS, which takes events.
    Queue(Queue),
    /// A topic of SNS, which takes events.
    Topic(Topic),
}

impl Address {
    /// Reads a function name, the ARN of a function, a queue or a topic, the URL of a queue, or another `http` or `https` URL.
    ///
    /// # Errors
    /// `configuration_invalid` for anything else.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        if let Some(queue) = Queue::parse(text)? {
            return Ok(Self::Queue(queue));
        }
        if let Some(topic) = Topic::parse(text)? {
            return Ok(Self::Topic(topic));
        }
        if text.contains("://") {
            return url_of(text).map(Self::Url);
        }
        if is_function(text) { Ok(Self::Function(text.to_owned())) } else { Err(refused(NEITHER)) }
    }
}

const NEITHER: &str =
    "an address is a function name, the ARN of a function, a queue or a topic, or an `http` or `https` URL";

/// The URL of an endpoint that stands in a variable.
///
/// # Errors
/// `configuration_invalid` with the name of the variable.
pub(crate) fn endpoint(text: &str, variable: &str) -> Result<Uri, Problem> {
    url_of(text).map_err(|_| refused(&format!("`{variable}` must be an `http` or `https` URL")))
}

fn url_of(text: &str) -> Result<Uri, Problem> {
    let url: Uri = text.parse().map_err(|_| refused(NEITHER))?;
    let legal = matches!(url.scheme_str(), Some("http" | "https")) && url.authority().is_some_and(is_host);
    if legal { Ok(url) } else { Err(refused("a URL of an agent is `http` or `https`, with a host and without a user")) }
}

/// A name or an IP address, with or without a port. Anything else that the grammar of URLs allows could be read otherwise elsewhere.
fn is_host(authority: &Authority) -> bool {
    let host = authority.host();
    let name = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    let is_ipv6 = || host.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    let is_bare = match authority.port() {
        Some(port) => authority.as_str().len() == host.len() + 1 + port.as_str().len(),
        None => authority.as_str() == host,
    };
    is_bare && !host.is_empty() && (host.bytes().all(name) || is_ipv6().is_some())
}

/// `name`, `name:alias`, `123456789012:function:name`, or an ARN: characters that need no care in a path.
fn is_function(text: &str) -> bool {
    let is_other =
        Arn::read(text).is_some_and(|arn| !(arn.is_whole("lambda") && arn.resource.starts_with("function:")));
    if is_other {
        return false;
    }
    let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b':' | b'$' | b'.');
    !text.is_empty() && text.len() <= 170 && text.bytes().all(allowed)
}

pub(super) fn refused(message: &str) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}

fn of_variable(member: &str, problem: &Problem) -> Problem {
    refused(&format!("`{member}` in `PEER_CONTRACT_PEERS` has no address: {}", problem.message))
}

/// The addresses of all agents of a contract, and those that replies may go to.
#[derive(Debug, Clone)]
pub struct Addresses {
    by_agent: BTreeMap<String, Address>,
    of_replies: BTreeMap<String, Address>,
}

impl Addresses {
    /// `<contract>-<agent>` for each agent, unless `overrides` says otherwise.
    ///
    /// # Errors
    /// `configuration_invalid` for an agent that the contract does not have, and for what is no address.
    pub fn new(contract: &Contract, overrides: &BTreeMap<String, String>) -> Result<Self, Problem> {
        let default = |agent: &String| (agent.clone(), Address::Function(format!("{}-{agent}", contract.name())));
        // Not collected: the sort that comes with that is 8 KB for a few names in order.
        let mut by_agent = BTreeMap::new();
        by_agent.extend(contract.agents().keys().map(default));
        for (agent, text) in overrides {
            let unknown =
                || refused(&format!("`PEER_CONTRACT_PEERS` names `{agent}`, which is no agent of the contract"));
            let place = by_agent.get_mut(agent).ok_or_else(unknown)?;
            *place = Address::parse(text).map_err(|problem| of_variable(agent, &problem))?;
        }
        Ok(Self { by_agent, of_replies: BTreeMap::new() })
    }

    /// The same with addresses that replies may go to; each is its own name.
    ///
    /// # Errors
    /// `configuration_invalid` for what is no address, and for a function that is called like an agent.
    pub fn replying_to(mut self, addresses: &BTreeSet<String>) -> Result<Self, Problem> {
        for text in addresses {
            if self.by_agent.contains_key(text) {
                let message = format!(
                    "`{text}` under `reply-to` is an agent of the contract, and could be a function; write its ARN"
                );
                return Err(refused(&message));
            }
            let address = Address::parse(text).map_err(|problem| of_variable("reply-to", &problem))?;
            self.of_replies.insert(text.clone(), address);
        }
        Ok(self)
    }

    /// Where an agent is, or who gets replies.
    ///
    /// # Errors
    /// `address_refused` for an agent that is not of the contract, and for an address that is not listed.
    pub fn of(&self, name: &str) -> Result<&Address, Problem> {
        self.by_agent.get(name).or_else(|| self.of_replies.get(name)).ok_or_else(|| {
            let message = "this is no agent of the contract, and no address that replies may go to";
            Problem::new(ErrorCode::AddressRefused, Pointer::root(), message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_arns_aliases_and_urls_are_addresses() {
        let functions = [
            "research-brief-ranker",
            "ranker:live",
            "ranker:$LATEST",
            "123456789012:function:ranker",
            "arn:aws:lambda:eu-west-1:123456789012:function:ranker:7",
        ];
        for text in functions {
            assert_eq!(Address::parse(text).unwrap(), Address::Function(text.into()));
        }
        for text in ["http://127.0.0.1:9001/x", "http://[::1]:80", "https://abc.lambda-url.eu-west-1.on.aws/"] {
            assert!(matches!(Address::parse(text).unwrap(), Address::Url(_)), "{text}");
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_no_address() {
        let urls = [
            "file:///etc/passwd",
            "http://u:p@h/",
            "http://u@h/",
            "http://",
            "http://h:x/",
            "http://a%2eb/",
            "http://[x]/",
            "http://ä/",
        ];
        let arns = [
            "arn:aws:s3:::uploads",
            "arn:aws:lambda:eu-west-1:123456789012:layer:x",
            "arn:aws:lambda::123456789012:function:x",
            "arn:aws:states:eu-west-1:123456789012:stateMachine:x",
        ];
        for text in ["", "a/b", "../x", "a b", "a?b", "a%2fb", "ä"].into_iter().chain(arns).chain(urls) {
            assert_eq!(Address::parse(text).unwrap_err().code, ErrorCode::ConfigurationInvalid, "{text}");
        }
    }
}
