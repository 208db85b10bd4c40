//! Whom an agent reaches, where, and what it must be allowed to do for that.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract_core::contract::{Agent, agent_of};
use peer_contract_core::{Contract, replies};

use super::events::service_of;

/// The agents that one agent sends messages to: those it hands work to, calls, or spreads work over. Who is a child starts the next
/// child when it ends, or the join, so it reaches what its parents reach. And those whose entries take the replies of works that end
/// with it, where `replyto` names one.
pub fn reached<'c>(contract: &'c Contract, agent: &'c Agent) -> BTreeSet<&'c str> {
    let own = agent.operations.values().flat_map(|one| one.hands_to.keys().chain(&one.calls));
    let groups = contract.operations().filter_map(|one| Some((one, one.fans_out.as_ref()?)));
    let groups = groups.filter(|(parent, group)| {
        let is_child = group.each.iter().any(|child| agent_of(child) == agent.name);
        parent.agent == agent.name || is_child
    });
    let groups: Vec<_> = groups.map(|(_, group)| group).collect();
    let spread = groups.iter().flat_map(|group| group.each.iter().chain([&group.join]));
    // Who completes a group whose join cannot run ends the work.
    let joins = groups.iter().filter_map(|group| contract.operation(&group.join));
    let ending = agent.operations.values().filter(|one| !one.is_callable()).chain(joins);
    let told = ending.flat_map(|one| replies::takers(contract, one)).map(|entry| entry.agent.as_str());
    own.chain(spread).map(|target| agent_of(target)).chain(told).collect()
}

/// The actions that peers need, each with where it is done. `addresses` are those that are not the usual function.
pub fn actions(
    peers: &BTreeSet<&str>,
    addresses: &BTreeMap<&str, &str>,
    function: impl Fn(&str) -> String,
) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut actions: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for peer in peers {
        let needed = match addresses.get(peer) {
            None => Some(("lambda:InvokeFunction", arn_of_function(&function(peer)))),
            Some(address) => action(address, || arn_of_function(&function(peer))),
        };
        if let Some((action, resource)) = needed {
            actions.entry(action).or_default().insert(resource);
        }
    }
    actions
}

/// What an address asks for; nothing for an endpoint that is not at AWS.
fn action(address: &str, function: impl Fn() -> String) -> Option<(&'static str, String)> {
    match service_of(address) {
        Some("sqs") => return Some(("sqs:SendMessage", address.to_owned())),
        Some("sns") => return Some(("sns:Publish", address.to_owned())),
        Some(_) => return Some(("lambda:InvokeFunction", address.to_owned())),
        None => {}
    }
    let Some((_, rest)) = address.split_once("://") else {
        return Some(("lambda:InvokeFunction", arn_of_function(address)));
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let labels: Vec<&str> = host.split('.').collect();
    match (labels.as_slice(), path.split_once('/')) {
        (["sqs", region, "amazonaws", ..], Some((account, name))) => {
            Some(("sqs:SendMessage", format!("arn:${{AWS::Partition}}:sqs:{region}:{account}:{name}")))
        }
        // The URL does not say whose it is; the agent's is that of its function.
        ([_, "lambda-url", _, "on", "aws"], _) => Some(("lambda:InvokeFunctionUrl", function())),
        _ => None,
    }
}

/// The ARN of `name`, `name:alias` or `account:function:name`, for `Fn::Sub`.
pub fn arn_of_function(name: &str) -> String {
    let (account, name) = name.split_once(":function:").unwrap_or(("${AWS::AccountId}", name));
    format!("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:{account}:function:{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needed(address: &str) -> Option<(&'static str, String)> {
        action(address, || "own".to_owned())
    }

    #[test]
    fn whoever_ends_works_reaches_the_entries_that_take_their_replies() {
        let text = include_str!("../../../schemas/vectors/contracts/shop.json");
        let contract = Contract::parse(text.as_bytes()).unwrap();
        let reached = |agent: &str| reached(&contract, &contract.agents()[agent]).into_iter().collect::<Vec<_>>();
        assert_eq!(reached("hall"), ["office"]);
        assert_eq!(reached("desk"), ["desk", "hall", "office"]);
    }

    #[test]
    fn each_kind_of_address_needs_its_own_right() {
        let queue = "arn:aws:sqs:eu-west-1:123456789012:jobs.fifo";
        assert_eq!(needed(queue), Some(("sqs:SendMessage", queue.to_owned())));
        let url = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs";
        let arn = "arn:${AWS::Partition}:sqs:eu-west-1:123456789012:jobs";
        assert_eq!(needed(url), Some(("sqs:SendMessage", arn.to_owned())));
        let topic = "arn:aws:sns:eu-west-1:123456789012:orders";
        assert_eq!(needed(topic), Some(("sns:Publish", topic.to_owned())));
        let alias = "arn:aws:lambda:eu-west-1:123456789012:function:ranker:live";
        assert_eq!(needed(alias), Some(("lambda:InvokeFunction", alias.to_owned())));
        let named = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:ranker:live";
        assert_eq!(needed("ranker:live"), Some(("lambda:InvokeFunction", named.to_owned())));
        let own = Some(("lambda:InvokeFunctionUrl", "own".to_owned()));
        assert_eq!(needed("https://abc.lambda-url.eu-west-1.on.aws/"), own);
    }

    #[test]
    fn an_endpoint_elsewhere_needs_no_right() {
        assert_eq!(needed("https://agents.example.org/ranker"), None);
        assert_eq!(needed("https://sqs.example.org/1/jobs"), None);
    }
}
