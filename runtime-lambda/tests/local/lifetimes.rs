//! Sandboxes that end without a fault: for want of work, and because their code is another now.

use std::time::Duration;

use peer_contract::local::{Config, LocalEvent, LocalLambda, StopReason};
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::harness::{agent, ask, heard, is_gone_soon, lambda_with};

async fn ended(events: &mut UnboundedReceiver<LocalEvent>) -> StopReason {
    heard(events, |event| match event {
        LocalEvent::Stopped { reason, .. } => Some(reason),
        _ => None,
    })
    .await
}

async fn pid(lambda: &LocalLambda) -> u64 {
    ask(lambda, r#"{"do": "count"}"#).await.json()["pid"].as_u64().unwrap()
}

#[tokio::test]
async fn a_sandbox_without_work_ends_and_the_next_caller_gets_another() {
    let mut config = Config::new(vec![agent()]);
    config.idle_end = Duration::from_millis(300);
    let lambda = LocalLambda::start(config).await.unwrap();
    let mut events = lambda.events();
    let first = pid(&lambda).await;
    assert_eq!(pid(&lambda).await, first, "work in time keeps it");
    assert_eq!(ended(&mut events).await, StopReason::Idle);
    assert!(is_gone_soon(first).await);
    assert_ne!(pid(&lambda).await, first);
    lambda.shutdown().await;
}

#[tokio::test]
async fn work_that_takes_longer_than_a_sandbox_may_idle_ends_well() {
    let mut config = Config::new(vec![agent()]);
    config.idle_end = Duration::from_millis(100);
    let lambda = LocalLambda::start(config).await.unwrap();
    assert_eq!(ask(&lambda, r#"{"do": "sleep", "seconds": 0.5}"#).await.status, 200);
    for number in 0..20 {
        tokio::time::sleep(Duration::from_millis(95)).await;
        assert_eq!(ask(&lambda, &number.to_string()).await.json(), json!(number), "none is lost at the brink");
    }
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_renewed_function_answers_from_new_processes() {
    let lambda = lambda_with(agent()).await;
    let mut events = lambda.events();
    let first = pid(&lambda).await;
    assert!(lambda.renew("agent"));
    let second = pid(&lambda).await;
    assert_ne!(second, first);
    assert_eq!(ended(&mut events).await, StopReason::Renewed);
    assert!(is_gone_soon(first).await);
    assert_eq!(pid(&lambda).await, second);
    assert!(!lambda.renew("other"));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_renewal_waits_for_the_work_underway() {
    let mut function = agent();
    function.concurrency = 1;
    let lambda = lambda_with(function).await;
    let first = pid(&lambda).await;
    let (slept, next) = tokio::join!(ask(&lambda, r#"{"do": "sleep", "seconds": 0.7}"#), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        lambda.renew("agent");
        lambda.renew("agent");
        tokio::time::sleep(Duration::from_millis(550)).await;
        pid(&lambda).await
    });
    assert_eq!(slept.json()["pid"].as_u64(), Some(first));
    assert_ne!(next, first);
    lambda.shutdown().await;
}
