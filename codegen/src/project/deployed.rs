//! `address` and `[agents.<name>.events]`: where an agent is reached on AWS, and what invokes it there. A laptop has neither.

use peer_contract::peers::Address;
use peer_contract_core::Pointer;
use peer_contract_core::arn::Arn;
use peer_contract_core::replies::is_target;
use serde_json::Value;

use super::reader::{Notes, Table};

/// Who may send requests to a function's own URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlAccess {
    /// Who signs them and has the right to.
    Iam,
    /// Anybody.
    Public,
}

/// What invokes a function beside its peers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// ARNs of queues.
    pub queues: Vec<String>,
    /// ARNs of topics.
    pub topics: Vec<String>,
    /// Buckets whose objects the contract maps, by way of EventBridge.
    pub buckets: Vec<String>,
    /// Values of `source` of events on a bus.
    pub buses: Vec<String>,
    /// The bus; that of the account by default.
    pub bus: Option<String>,
    /// Path of an HTTP API that takes POST.
    pub http: Option<String>,
    /// The function's own URL.
    pub url: Option<UrlAccess>,
}

const KEYS: [&str; 7] = ["queues", "topics", "buckets", "sources", "bus", "http", "url"];

/// The address of an agent, as `PEER_CONTRACT_PEERS` takes it.
pub(super) fn address(table: &Table<'_>, notes: &Notes) -> Option<String> {
    let address = table.text("address")?;
    match Address::parse(&address) {
        Ok(_) => Some(address),
        Err(problem) => {
            notes.add(table.at("address"), problem.message, "`arn:aws:sqs:<region>:<account>:<name>`, for example");
            None
        }
    }
}

/// `replyTo`: to whom the replies of works may go on AWS, entries of the contract and addresses.
pub(super) fn reply_to(table: &Table<'_>, notes: &Notes) -> Vec<String> {
    let listed = table.texts("replyTo").unwrap_or_default();
    for one in listed.iter().filter(|one| !is_target(one)) {
        if let Err(problem) = Address::parse(one) {
            let help = "`agent.operation` of an entry, or an address such as `arn:aws:sqs:<region>:<account>:<name>`";
            notes.add(table.at("replyTo"), format!("`{one}` gets no replies: {}", problem.message), help);
        }
    }
    listed
}

/// What stands at `at`, the `events` of an agent.
pub(super) fn sources(value: Option<&Value>, at: &Pointer, notes: &Notes) -> Sources {
    let Some(table) = value.and_then(|value| Table::of(value, at, notes)) else { return Sources::default() };
    table.allow(&KEYS);
    let url = table.text("url").and_then(|word| match word.as_str() {
        "iam" => Some(UrlAccess::Iam),
        "public" => Some(UrlAccess::Public),
        _ => {
            notes.add(
                table.at("url"),
                format!("`{word}` is no access to a URL"),
                "`iam` for signed requests, or `public`",
            );
            None
        }
    });
    let http = table.text("http");
    if http.as_ref().is_some_and(|path| !path.starts_with('/')) {
        notes.add(table.at("http"), "the path of an HTTP API begins with `/`", "such as `/orders`");
    }
    Sources {
        queues: arns(&table, "queues", "sqs", notes),
        topics: arns(&table, "topics", "sns", notes),
        buckets: table.texts("buckets").unwrap_or_default(),
        buses: table.texts("sources").unwrap_or_default(),
        bus: table.text("bus"),
        http,
        url,
    }
}

/// Characters that the name of a topic has at most; those of queues are fewer.
const LONGEST_NAME: usize = 256;

/// Names that are ARNs of this service.
fn arns(table: &Table<'_>, key: &str, service: &str, notes: &Notes) -> Vec<String> {
    let names = table.texts(key).unwrap_or_default();
    let is_one = |name: &str| Arn::read(name).is_some_and(|arn| arn.is_named(service, LONGEST_NAME));
    for name in names.iter().filter(|name| !is_one(name)) {
        let help = format!("`arn:aws:{service}:<region>:<account>:<name>`");
        notes.add(table.at(key), format!("`{name}` is no ARN of `{service}`"), help);
    }
    names
}
