//! What becomes of an `Event` that is given up, and of one that runs in a loop.

use std::time::Duration;

use peer_contract::local::{Config, Function, LocalEvent, LocalLambda, Refusal};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::harness::{agent, heard, post};

fn named(name: &str) -> Function {
    let mut function = agent();
    function.name = name.to_owned();
    function
}

fn failing_into(destination: &str) -> Function {
    let mut function = agent();
    function.retries = 1;
    function.on_failure = Some(destination.to_owned());
    function
}

async fn lambda_of(functions: Vec<Function>) -> LocalLambda {
    let mut config = Config::new(functions);
    config.retry_delays = [Duration::from_millis(10); 2];
    LocalLambda::start(config).await.unwrap()
}

async fn queue(lambda: &LocalLambda, event: &str) -> String {
    let reply = post(lambda, "agent", &[("X-Amz-Invocation-Type", "Event")], event.to_owned()).await;
    assert_eq!(reply.status, 202);
    reply.header("x-amzn-requestid").to_owned()
}

async fn record_for(events: &mut UnboundedReceiver<LocalEvent>, name: &str) -> Value {
    heard(events, |event| match event {
        LocalEvent::Invoked { function, payload, .. } if function == name => serde_json::from_slice(&payload).ok(),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn a_destination_hears_of_an_event_that_is_given_up() {
    let lambda = lambda_of(vec![failing_into("listener"), named("listener")]).await;
    let mut events = lambda.events();
    let id = queue(&lambda, r#"{"do": "fail", "message": "no index", "amount": 1.50}"#).await;
    let record = record_for(&mut events, "listener").await;
    let expected = json!({
        "requestId": id, "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:agent:$LATEST",
        "condition": "RetriesExhausted", "approximateInvokeCount": 2,
    });
    assert_eq!(record["requestContext"], expected);
    assert_eq!(record["requestPayload"], json!({"do": "fail", "message": "no index", "amount": 1.5}));
    assert_eq!(record["responsePayload"], json!({"errorType": "Failure", "errorMessage": "no index"}));
    assert_eq!(record["responseContext"]["functionError"], "Unhandled");
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_record_that_is_too_large_for_its_destination_is_told_of() {
    let lambda = lambda_of(vec![failing_into("listener"), named("listener")]).await;
    let mut events = lambda.events();
    let filler = "x".repeat((1 << 20) - 100);
    queue(&lambda, &format!(r#"{{"do": "fail", "filler": "{filler}"}}"#)).await;
    let refusal = heard(&mut events, |event| match event {
        LocalEvent::Undelivered { refusal, destination, .. } if destination == "listener" => Some(refusal),
        _ => None,
    });
    assert!(matches!(refusal.await, Refusal::TooLarge(_)));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_destination_that_is_no_function_here_is_refused_at_the_start() {
    let problem = LocalLambda::start(Config::new(vec![failing_into("nobody")])).await.unwrap_err();
    assert!(problem.message.contains("`nobody`"), "{}", problem.message);
}

#[tokio::test]
async fn a_function_that_is_its_own_destination_ends() {
    let lambda = lambda_of(vec![failing_into("agent")]).await;
    let mut events = lambda.events();
    queue(&lambda, r#"{"do": "fail"}"#).await;
    // The record is an event without `do`: it is echoed.
    assert_eq!(record_for(&mut events, "agent").await["do"], "fail");
    loop {
        let record = record_for(&mut events, "agent").await;
        if record["requestContext"]["condition"] == "RetriesExhausted" {
            break;
        }
    }
    lambda.shutdown().await;
}

#[tokio::test]
async fn an_event_that_goes_in_circles_is_stopped_after_sixteen_rounds() {
    let mut function = failing_into("listener");
    function.concurrency = 2;
    let lambda = lambda_of(vec![function, named("listener")]).await;
    let mut events = lambda.events();
    queue(&lambda, r#"{"do": "again", "function": "agent"}"#).await;
    let mut rounds = 0;
    let record: Value = loop {
        let (function, payload) = heard(&mut events, |event| match event {
            LocalEvent::Invoked { function, payload, .. } => Some((function, payload)),
            _ => None,
        })
        .await;
        if function == "listener" {
            break serde_json::from_slice(&payload).unwrap();
        }
        rounds += 1;
    };
    assert_eq!((rounds, &record["requestContext"]["condition"]), (16, &json!("RecursiveInvocation")));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_caller_that_waits_is_told_of_the_loop() {
    let mut function = agent();
    function.concurrency = 20;
    let lambda = lambda_of(vec![function]).await;
    let event = r#"{"do": "again", "function": "agent", "kind": "RequestResponse"}"#;
    let reply = post(&lambda, "agent", &[], event).await;
    // Each round hands back what the next one answered: the refusal comes through.
    assert_eq!(reply.json()["Type"], "User");
    assert!(reply.json()["Message"].as_str().unwrap().contains("recursive loop"), "{reply:?}");
    let trace = format!("Root=1-0-0;Lineage={}", "1:00000000:1|".repeat(3));
    assert_eq!(post(&lambda, "agent", &[("X-Amzn-Trace-Id", &trace)], "1").await.status, 200);
    lambda.shutdown().await;
}
