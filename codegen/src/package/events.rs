//! What invokes a function beside its peers, as the `Events` of AWS SAM.

use std::collections::BTreeSet;

use peer_contract_core::arn::Arn;
use peer_contract_core::contract::{Agent, ObjectChange};

use crate::project::{Sources, UrlAccess};
use crate::text::Node;

/// The sources of an agent's events, by name; `address` is where its peers reach it.
pub fn events(agent: &Agent, address: Option<&str>, sources: &Sources) -> Vec<(String, Node)> {
    let of = |service: &str| address.filter(|address| Arn::read(address).is_some_and(|arn| arn.service == service));
    let queues = sources.queues.iter().map(String::as_str).chain(of("sqs"));
    let topics = sources.topics.iter().map(String::as_str).chain(of("sns"));
    let mut events: Vec<Node> = queues.map(queue).collect();
    events.extend(topics.map(|topic| event("SNS", vec![("Topic", Node::text(topic))])));
    if !sources.buckets.is_empty() {
        events.push(objects(agent, &sources.buckets));
    }
    if !sources.buses.is_empty() {
        events.push(rule(sources.bus.as_deref(), Node::map([("source", texts(&sources.buses))])));
    }
    if let Some(path) = &sources.http {
        let version = Node::text("2.0");
        let members =
            vec![("Method", Node::text("POST")), ("Path", Node::text(path)), ("PayloadFormatVersion", version)];
        events.push(event("HttpApi", members));
    }
    events.into_iter().enumerate().map(|(index, node)| (format!("Event{}", index + 1), node)).collect()
}

/// The function's own URL.
pub fn url(sources: &Sources) -> Option<(String, Node)> {
    let kind = match sources.url? {
        UrlAccess::Iam => "AWS_IAM",
        UrlAccess::Public => "NONE",
    };
    Some(("FunctionUrlConfig".to_owned(), Node::map([("AuthType", Node::text(kind))])))
}

/// Without the word about failures, Lambda takes a batch for done although some of its messages failed.
fn queue(arn: &str) -> Node {
    let failures = Node::List(vec![Node::text("ReportBatchItemFailures")]);
    event("SQS", vec![("Queue", Node::text(arn)), ("FunctionResponseTypes", failures)])
}

/// Objects of buckets, which tell EventBridge of them: a notification of its own can only have a bucket that this template makes.
fn objects(agent: &Agent, buckets: &[String]) -> Node {
    let mapped: BTreeSet<ObjectChange> = agent
        .operations
        .values()
        .filter_map(|one| one.objects.as_ref())
        .flat_map(|objects| objects.on.clone())
        .collect();
    let types = mapped.into_iter().map(|change| match change {
        ObjectChange::Created => Node::text("Object Created"),
        ObjectChange::Deleted => Node::text("Object Deleted"),
    });
    let types = types.collect();
    let bucket = Node::map([("bucket", Node::map([("name", texts(buckets))]))]);
    rule(None, Node::map([("source", texts(&["aws.s3"])), ("detail-type", Node::List(types)), ("detail", bucket)]))
}

fn rule(bus: Option<&str>, pattern: Node) -> Node {
    let bus = bus.map(|bus| ("EventBusName", Node::text(bus)));
    event("EventBridgeRule", bus.into_iter().chain([("Pattern", pattern)]).collect())
}

fn event(kind: &str, properties: Vec<(&str, Node)>) -> Node {
    let properties = properties.into_iter().map(|(name, node)| (name.to_owned(), node)).collect();
    Node::map([("Type", Node::text(kind)), ("Properties", Node::Map(properties))])
}

fn texts(texts: &[impl AsRef<str>]) -> Node {
    Node::List(texts.iter().map(|text| Node::text(text.as_ref())).collect())
}
