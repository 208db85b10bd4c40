//! Whom an agent reaches, where, and what it must be allowed to do for that.

use std::collections::{BTreeMap, BTreeSet};

use peer_contract::peers::Address;
use peer_contract_core::arn::Arn;
use peer_contract_core::contract::{Agent, FanOut, Operation, agent_of};
use peer_contract_core::replies::is_target;
use peer_contract_core::{Contract, Limits, replies};

/// Something that a function may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Invoke a function.
    Invoke,
    /// Invoke a function by its URL.
    InvokeByUrl,
    /// Publish to a topic.
    Publish,
    /// Send to a queue.
    Send,
}

/// Who gets messages of an agent.
pub struct Reach<'a> {
    contract: &'a Contract,
    agent: &'a Agent,
    /// `replyTo` of `peerc.toml`.
    reply_to: &'a [String],
}

impl<'a> Reach<'a> {
    pub fn of(contract: &'a Contract, agent: &'a Agent, reply_to: &'a [String]) -> Self {
        Self { contract, agent, reply_to }
    }

    /// The agents: those that it hands work to, calls, or spreads work over. Who is a child starts the next child when it ends, or the
    /// join, so it reaches what its parents reach. And those whose entries take the replies of works that end with it.
    pub fn agents(&self) -> BTreeSet<&'a str> {
        let own = self.agent.operations.values().flat_map(|one| one.hands_to.keys().chain(&one.calls));
        let spread = self.groups().flat_map(|group| group.each.iter().chain([&group.join]));
        let told = self.ending().flat_map(|one| replies::takers(self.contract, one));
        let told = told.filter(|entry| self.gets_replies(entry)).map(|entry| entry.agent.as_str());
        own.chain(spread).map(|target| agent_of(target)).chain(told).collect()
    }

    /// The addresses that replies may go to; none for an agent that ends no works.
    pub fn reply_addresses(&self) -> impl Iterator<Item = &'a str> {
        let ends = self.ending().next().is_some();
        self.reply_to.iter().map(String::as_str).filter(move |one| ends && !is_target(one))
    }

    /// What it must be allowed to do, each with where. `addresses` are those of agents that are not the usual function.
    pub fn rights(
        &self,
        addresses: &BTreeMap<&str, &str>,
        function: impl Fn(&str) -> String,
    ) -> BTreeMap<Right, BTreeSet<String>> {
        let agents = self.agents().into_iter().filter_map(|peer| {
            let own = function(peer);
            right_to(addresses.get(peer).copied().unwrap_or(&own), Some(&own))
        });
        let replies = self.reply_addresses().filter_map(|address| right_to(address, None));
        let mut rights: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (right, place) in agents.chain(replies) {
            rights.entry(right).or_default().insert(place);
        }
        rights
    }

    /// The operations with which works end in this agent. Who completes a group whose join cannot run ends the work.
    fn ending(&self) -> impl Iterator<Item = &'a Operation> {
        let joins = self.groups().filter_map(|group| self.contract.operation(&group.join));
        self.agent.operations.values().filter(|one| !one.is_callable()).chain(joins)
    }

    /// The groups that it begins, or is a child in.
    fn groups(&self) -> impl Iterator<Item = &'a FanOut> {
        let name = &self.agent.name;
        let groups = self.contract.operations().filter_map(|one| Some((one, one.fans_out.as_ref()?)));
        let own = groups.filter(move |(parent, group)| {
            parent.agent == *name || group.each.iter().any(|child| agent_of(child) == name)
        });
        own.map(|(_, group)| group)
    }

    /// Whether an entry that takes replies is there for them: it asks for something that they have, or `replyTo` names it. An entry
    /// that takes anything takes them by chance, and nobody shall be allowed to invoke it for that.
    fn gets_replies(&self, entry: &Operation) -> bool {
        let asks = || {
            let schema = self.contract.schema(&entry.input).ok();
            schema.is_some_and(|schema| schema.accept(b"{}".to_vec(), &Limits::default()).is_err())
        };
        self.reply_to.contains(&entry.target) || asks()
    }
}

/// What an address asks for; nothing for an endpoint that is not at AWS. `own` is the function of the agent there: a function's URL
/// does not say whose it is.
fn right_to(address: &str, own: Option<&str>) -> Option<(Right, String)> {
    Some(match Address::parse(address).ok()? {
        Address::Queue(queue) => {
            let arn = Arn::read(address).map_or_else(|| queue.arn(), |_| address.to_owned());
            (Right::Send, arn)
        }
        Address::Topic(topic) => (Right::Publish, topic.arn().to_owned()),
        Address::Function(name) => (Right::Invoke, arn_of_function(&name)),
        Address::Url(url) => {
            let labels: Vec<&str> = url.host()?.split('.').collect();
            let is_function = matches!(labels[..], [_, "lambda-url", _, "on", "aws"]);
            (Right::InvokeByUrl, arn_of_function(own.filter(|_| is_function)?))
        }
    })
}

/// The ARN of `name`, `name:alias` or `account:function:name`, for `Fn::Sub`.
pub fn arn_of_function(name: &str) -> String {
    if Arn::read(name).is_some() {
        return name.to_owned();
    }
    let (account, name) = name.split_once(":function:").unwrap_or(("${AWS::AccountId}", name));
    format!("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:{account}:function:{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needed(address: &str) -> Option<(Right, String)> {
        right_to(address, Some("shop-desk"))
    }

    fn shop() -> Contract {
        let text = include_str!("../../../schemas/vectors/contracts/shop.json");
        Contract::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn whoever_ends_works_reaches_the_entries_that_ask_for_their_replies() {
        let contract = shop();
        let reached = |agent: &str| {
            let agent = &contract.agents()[agent];
            Reach::of(&contract, agent, &[]).agents().into_iter().collect::<Vec<_>>()
        };
        assert_eq!(reached("hall"), ["office"]);
        assert_eq!(reached("desk"), ["desk", "hall", "office"]);
    }

    #[test]
    fn each_kind_of_address_needs_its_own_right() {
        let queue = "arn:aws:sqs:eu-west-1:123456789012:jobs.fifo";
        assert_eq!(needed(queue), Some((Right::Send, queue.to_owned())));
        let url = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs";
        assert_eq!(needed(url), Some((Right::Send, "arn:aws:sqs:eu-west-1:123456789012:jobs".to_owned())));
        let topic = "arn:aws:sns:eu-west-1:123456789012:orders";
        assert_eq!(needed(topic), Some((Right::Publish, topic.to_owned())));
        let alias = "arn:aws:lambda:eu-west-1:123456789012:function:ranker:live";
        assert_eq!(needed(alias), Some((Right::Invoke, alias.to_owned())));
        let named = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:ranker:live";
        assert_eq!(needed("ranker:live"), Some((Right::Invoke, named.to_owned())));
        let own = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:shop-desk";
        let url = "https://abc.lambda-url.eu-west-1.on.aws/";
        assert_eq!(needed(url), Some((Right::InvokeByUrl, own.to_owned())));
        assert_eq!(right_to(url, None), None);
    }

    #[test]
    fn an_endpoint_elsewhere_needs_no_right() {
        assert_eq!(needed("https://agents.example.org/ranker"), None);
        assert_eq!(needed("https://sqs.example.org/1/jobs"), None);
    }

    #[test]
    fn replies_go_to_listed_addresses_from_whoever_ends_works() {
        let contract = shop();
        let queue = "arn:aws:sqs:eu-west-1:123456789012:done";
        let listed = [queue.to_owned(), "office.note".to_owned()];
        for agent in contract.agents().values() {
            let ends = agent.operations.values().any(|one| !one.is_callable());
            let reach = Reach::of(&contract, agent, &listed);
            let rights = reach.rights(&BTreeMap::new(), str::to_owned);
            assert_eq!(rights.get(&Right::Send).is_some_and(|places| places.contains(queue)), ends, "{}", agent.name);
        }
    }
}
