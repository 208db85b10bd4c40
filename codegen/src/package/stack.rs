//! The template: functions, who may invoke whom, and the store, for AWS SAM and CloudFormation.

use std::collections::BTreeMap;

use peer_contract_core::Contract;
use peer_contract_core::contract::Agent;
use serde_json::{Value, json};

use super::rights::{self, Reach, Right};
use super::{Arch, Packed, events, storage};
use crate::project::{Allowance, Project, function_name};
use crate::text::{Node, yaml};

/// How long Lambda keeps an event that it could not deliver, in seconds: at least and at most.
const EVENT_AGE: (u64, u64) = (60, 21_600);
/// Seconds that a function may run at most.
const LONGEST: u64 = 900;
/// MB that a function may have: at least and at most.
const MEMORY: (u32, u32) = (128, 10_240);

/// The template for these functions, which may be some of the contract's only.
pub fn template(project: &Project, contract: &Contract, packed: &[Packed], arch: Arch) -> String {
    let stack = Stack { project, contract, arch };
    let mut resources = storage::resources();
    resources.extend(packed.iter().flat_map(|one| stack.function(one)));
    let root = Node::map([
        ("AWSTemplateFormatVersion", Node::text("2010-09-09")),
        ("Transform", Node::text("AWS::Serverless-2016-10-31")),
        ("Description", Node::text(format!("The agents of the contract {} {}.", contract.name(), contract.version()))),
        ("Parameters", Node::Map(stack.parameters(packed))),
        ("Resources", Node::Map(resources)),
        ("Outputs", Node::Map(stack.outputs(packed))),
    ]);
    format!(
        "# Made by `peerc package` from {} {} ({}). Make it again instead of changing it.\n{}",
        contract.name(),
        contract.version(),
        contract.hash(),
        yaml(&root, 0, 2)
    )
}

struct Stack<'a> {
    project: &'a Project,
    contract: &'a Contract,
    arch: Arch,
}

impl Stack<'_> {
    fn parameters(&self, packed: &[Packed]) -> Vec<(String, Node)> {
        let days = [1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731];
        let retention = Node::map([
            ("Type", Node::text("Number")),
            ("Default", Node::number(30)),
            ("AllowedValues", Node::List(days.map(Node::number).into())),
            ("Description", Node::text("How many days the logs of the functions are kept.")),
        ]);
        let configs = packed.iter().filter(|one| self.agent(&one.agent).config.is_some()).map(|one| {
            let mut parameter = vec![("Type".to_owned(), Node::text("String"))];
            if let Some(config) = self.project.configs.get(&one.agent) {
                parameter.push(("Default".to_owned(), Node::text(config.hash().to_string())));
            }
            parameter.extend([
                ("AllowedPattern".to_owned(), Node::text("^sha256:[0-9a-f]{64}$")),
                (
                    "Description".to_owned(),
                    Node::text(format!("The configuration of {}, as `peerc config put` prints it.", one.agent)),
                ),
            ]);
            (config_parameter(&one.agent), Node::Map(parameter))
        });
        std::iter::once(("LogRetentionDays".to_owned(), retention)).chain(configs).collect()
    }

    fn function(&self, packed: &Packed) -> [(String, Node); 2] {
        let logical = logical(&packed.agent);
        let logs = Node::map([
            ("Type", Node::text("AWS::Logs::LogGroup")),
            ("DeletionPolicy", Node::text("Delete")),
            ("UpdateReplacePolicy", Node::text("Delete")),
            (
                "Properties",
                Node::map([
                    ("LogGroupName", Node::text(format!("/aws/lambda/{}", packed.function))),
                    ("RetentionInDays", reference("LogRetentionDays")),
                ]),
            ),
        ]);
        let function = Node::map([
            ("Type", Node::text("AWS::Serverless::Function")),
            ("DependsOn", Node::text(format!("{logical}Logs"))),
            ("Properties", Node::Map(self.properties(packed))),
        ]);
        [(format!("{logical}Logs"), logs), (format!("{logical}Function"), function)]
    }

    fn properties(&self, packed: &Packed) -> Vec<(String, Node)> {
        let allowance = Allowance::of(self.contract, &packed.agent);
        let seconds = allowance.timeout.as_millis().div_ceil(1_000);
        let seconds = u64::try_from(seconds).unwrap_or(LONGEST).min(LONGEST);
        let memory = u64::from(allowance.memory_mb.clamp(MEMORY.0, MEMORY.1));
        let age = (self.contract.deadline_ms() / 1_000).clamp(EVENT_AGE.0, EVENT_AGE.1);
        let mut invocations = vec![
            ("MaximumRetryAttempts".to_owned(), Node::number(allowance.retries.into())),
            ("MaximumEventAgeInSeconds".to_owned(), Node::number(age)),
        ];
        let setting = self.project.agents.get(&packed.agent);
        let told = setting.and_then(|agent| agent.on_failure.as_ref()).map(|other| self.told(other));
        invocations.extend(told.map(|told| ("DestinationConfig".to_owned(), told)));
        let properties = [
            ("FunctionName", Node::text(&packed.function)),
            ("CodeUri", Node::text(format!("./{}.zip", packed.agent))),
            ("Runtime", Node::text(&packed.runtime)),
            ("Handler", Node::text(&packed.handler)),
            ("Architectures", Node::List(vec![Node::text(self.arch.name())])),
            ("Timeout", Node::number(seconds)),
            ("MemorySize", Node::number(memory)),
            ("Environment", Node::map([("Variables", Node::Map(self.variables(packed)))])),
            ("EventInvokeConfig", Node::Map(invocations)),
            ("Policies", Node::List(vec![self.policy(&packed.agent)])),
        ];
        let properties = properties.into_iter().map(|(name, node)| (name.to_owned(), node));
        properties.chain(self.sources(&packed.agent)).collect()
    }

    /// What invokes the function beside its peers.
    fn sources(&self, agent: &str) -> Vec<(String, Node)> {
        let Some(setting) = self.project.agents.get(agent) else { return Vec::new() };
        let events = events::events(self.agent(agent), setting.address.as_deref(), &setting.events);
        let events = (!events.is_empty()).then(|| ("Events".to_owned(), Node::Map(events)));
        events.into_iter().chain(events::url(&setting.events)).collect()
    }

    /// The function that is told of events this one gave up.
    fn told(&self, other: &str) -> Node {
        let function = rights::arn_of_function(&function_name(self.contract, other));
        let destination = [("Type", Node::text("Lambda")), ("Destination", substitute(&function))];
        Node::map([("OnFailure", Node::map(destination))])
    }

    fn variables(&self, packed: &Packed) -> Vec<(String, Node)> {
        let store = ("PEER_CONTRACT_STORE".to_owned(), substitute("s3://${StoreBucket}/?table=${StoreTable}"));
        let config = self.agent(&packed.agent).config.as_ref();
        let config = config.map(|_| ("PEER_CONTRACT_CONFIG".to_owned(), reference(&config_parameter(&packed.agent))));
        let peers = self.peers(&packed.agent);
        let peers =
            (!peers.is_empty()).then(|| ("PEER_CONTRACT_PEERS".to_owned(), Node::text(json!(peers).to_string())));
        std::iter::once(store).chain(config).chain(peers).collect()
    }

    /// Where its peers are, when not at the functions of their names, and to whom it may send replies.
    fn peers(&self, agent: &str) -> BTreeMap<&str, Value> {
        let reach = self.reach(agent);
        let reached = reach.agents();
        let addresses = self.addresses().into_iter().filter(|(peer, _)| reached.contains(peer));
        let mut peers: BTreeMap<_, _> = addresses.map(|(peer, address)| (peer, json!(address))).collect();
        let replies: Vec<&str> = reach.reply_addresses().collect();
        if !replies.is_empty() {
            peers.insert("reply-to", json!(replies));
        }
        peers
    }

    fn reach<'s>(&'s self, agent: &str) -> Reach<'s> {
        Reach::of(self.contract, self.agent(agent), &self.project.reply_to)
    }

    /// The agents that are reached elsewhere than as the functions of their names.
    fn addresses(&self) -> BTreeMap<&str, &str> {
        let agents = self.project.agents.values();
        agents.filter_map(|agent| Some((agent.name.as_str(), agent.address.as_deref()?))).collect()
    }

    /// What the function may do: use the store, and send messages to the agents that the contract lets it send to. No one else.
    fn policy(&self, agent: &str) -> Node {
        let mut statements = vec![
            allow(&["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], vec![substitute("${StoreBucket.Arn}/*")]),
            // Without it S3 answers "forbidden" for a key that is not there.
            allow(&["s3:ListBucket"], vec![attribute("StoreBucket")]),
            allow(&["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"], vec![attribute("StoreTable")]),
        ];
        // By name: references to each other's functions would be a circle where work goes in one.
        let rights = self.reach(agent).rights(&self.addresses(), |peer| function_name(self.contract, peer));
        for (right, places) in rights {
            let places = || places.iter().map(|place| substitute_any(place)).collect();
            statements.push(allow(&[action_of(right)], places()));
            if right == Right::InvokeByUrl {
                statements.push(through_urls(allow(&["lambda:InvokeFunction"], places())));
            }
        }
        Node::map([("Version", Node::text("2012-10-17")), ("Statement", Node::List(statements))])
    }

    fn outputs(&self, packed: &[Packed]) -> Vec<(String, Node)> {
        let value =
            |description: &str, value: Node| Node::map([("Description", Node::text(description)), ("Value", value)]);
        let location = substitute("s3://${StoreBucket}/?table=${StoreTable}");
        let mut outputs = vec![("Store".to_owned(), value("The shared store, for `--store` of peerc.", location))];
        outputs.extend(packed.iter().map(|one| {
            let name = format!("{}Function", logical(&one.agent));
            (name.clone(), value(&format!("The function of {}.", one.agent), attribute(&name)))
        }));
        outputs
    }

    fn agent(&self, name: &str) -> &Agent {
        &self.contract.agents()[name]
    }
}

fn allow(actions: &[&str], resources: Vec<Node>) -> Node {
    Node::map([
        ("Effect", Node::text("Allow")),
        ("Action", Node::List(actions.iter().map(|action| Node::text(*action)).collect())),
        ("Resource", Node::List(resources)),
    ])
}

fn action_of(right: Right) -> &'static str {
    match right {
        Right::Invoke => "lambda:InvokeFunction",
        Right::InvokeByUrl => "lambda:InvokeFunctionUrl",
        Right::Publish => "sns:Publish",
        Right::Send => "sqs:SendMessage",
    }
}

/// The statement for invocations by function URLs alone. Since October 2025 these need both rights:
/// docs.aws.amazon.com/lambda/latest/dg/urls-auth.html.
fn through_urls(statement: Node) -> Node {
    let Node::Map(mut members) = statement else { return statement };
    let by_url = Node::map([("lambda:InvokedViaFunctionUrl", Node::text("true"))]);
    members.push(("Condition".to_owned(), Node::map([("Bool", by_url)])));
    Node::Map(members)
}

fn reference(name: &str) -> Node {
    Node::map([("Ref", Node::text(name))])
}

fn substitute(text: &str) -> Node {
    Node::map([("Fn::Sub", Node::text(text))])
}

/// With something to substitute, or as it is.
fn substitute_any(text: &str) -> Node {
    if text.contains("${") { substitute(text) } else { Node::text(text) }
}

fn attribute(name: &str) -> Node {
    Node::map([("Fn::GetAtt", Node::List(vec![Node::text(name), Node::text("Arn")]))])
}

/// The name of an agent's resources: letters and digits. Names of agents differ without their `_`, too.
fn logical(agent: &str) -> String {
    let plain = agent.replace('_', "");
    let (first, rest) = plain.split_at(1.min(plain.len()));
    format!("{}{rest}", first.to_ascii_uppercase())
}

fn config_parameter(agent: &str) -> String {
    format!("{}Config", logical(agent))
}
