//! `Event` invocations: retries, age, and what is told when one is given up.

use std::time::{Duration, Instant};

use peer_contract::local::{Config, Ended, Function, LocalEvent, LocalLambda};

use crate::harness::{Reply, agent, ask, heard, post};

async fn quick_lambda(function: Function) -> LocalLambda {
    let mut config = Config::new(vec![function]);
    config.retry_delays = [Duration::from_millis(20), Duration::from_millis(40)];
    LocalLambda::start(config).await.unwrap()
}

async fn queue(lambda: &LocalLambda, event: &str) -> Reply {
    let reply = post(lambda, "agent", &[("X-Amz-Invocation-Type", "Event")], event.to_owned()).await;
    assert_eq!((reply.status, reply.body.len()), (202, 0));
    reply
}

#[tokio::test]
async fn an_event_is_accepted_before_it_runs() {
    let lambda = quick_lambda(agent()).await;
    let mut events = lambda.events();
    let began = Instant::now();
    let id = queue(&lambda, r#"{"do": "sleep", "seconds": 2}"#).await.header("x-amzn-requestid").to_owned();
    assert!(began.elapsed() < Duration::from_secs(2));
    let done = heard(&mut events, |event| match event {
        LocalEvent::Answered { request_id, ended, .. } => Some((request_id, ended)),
        _ => None,
    });
    assert_eq!(done.await, (id, Ended::Answer));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_failed_event_is_tried_again_under_its_request_id() {
    let lambda = quick_lambda(agent()).await;
    let mut events = lambda.events();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tries");
    let event = format!(r#"{{"do": "fail_until", "times": 2, "file": {file:?}}}"#);
    let id = queue(&lambda, &event).await.header("x-amzn-requestid").to_owned();
    let mut ends = Vec::new();
    while ends.last() != Some(&Ended::Answer) {
        let (request_id, ended) = heard(&mut events, |event| match event {
            LocalEvent::Answered { request_id, ended, .. } => Some((request_id, ended)),
            LocalEvent::Dropped { .. } => panic!("given up"),
            _ => None,
        })
        .await;
        assert_eq!(request_id, id);
        ends.push(ended);
    }
    assert_eq!(ends, [Ended::FunctionError, Ended::FunctionError, Ended::Answer]);
    lambda.shutdown().await;
}

async fn dropped(lambda: &LocalLambda, event: &str) -> (u32, &'static str, String) {
    let mut events = lambda.events();
    queue(lambda, event).await;
    heard(&mut events, |event| match event {
        LocalEvent::Dropped { attempts, condition, error, .. } => {
            Some((attempts, condition, String::from_utf8_lossy(&error).into_owned()))
        }
        _ => None,
    })
    .await
}

#[tokio::test]
async fn an_event_that_keeps_failing_is_given_up_after_its_retries() {
    for retries in [0, 1, 2] {
        let mut function = agent();
        function.retries = retries;
        let lambda = quick_lambda(function).await;
        let (attempts, condition, error) = dropped(&lambda, r#"{"do": "fail"}"#).await;
        assert_eq!((attempts, condition), (retries + 1, "RetriesExhausted"));
        assert!(error.contains("Failure"), "{error}");
        lambda.shutdown().await;
    }
}

#[tokio::test]
async fn a_crash_loop_ends() {
    let lambda = quick_lambda(agent()).await;
    let (attempts, _, error) = dropped(&lambda, r#"{"do": "die"}"#).await;
    assert_eq!(attempts, 3);
    assert!(error.contains("Runtime.ExitError"), "{error}");
    lambda.shutdown().await;
}

#[tokio::test]
async fn an_event_waits_for_a_sandbox_until_it_is_too_old() {
    let mut function = agent();
    function.concurrency = 1;
    let mut config = Config::new(vec![function]);
    config.max_event_age = Duration::from_millis(700);
    let lambda = LocalLambda::start(config).await.unwrap();
    ask(&lambda, "1").await;
    let (busy, given_up) = tokio::join!(ask(&lambda, r#"{"do": "sleep", "seconds": 2}"#), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        dropped(&lambda, "2").await
    });
    assert_eq!(busy.status, 200);
    assert_eq!(given_up, (0, "EventAgeExceeded", String::new()));
    lambda.shutdown().await;
}

#[tokio::test]
async fn more_events_than_sandboxes_all_run() {
    let mut function = agent();
    function.concurrency = 2;
    let lambda = quick_lambda(function).await;
    let mut events = lambda.events();
    for _ in 0..12 {
        queue(&lambda, r#"{"do": "sleep", "seconds": 0.05}"#).await;
    }
    for _ in 0..12 {
        let ended = heard(&mut events, |event| match event {
            LocalEvent::Answered { ended, .. } => Some(ended),
            _ => None,
        });
        assert_eq!(ended.await, Ended::Answer);
    }
    lambda.shutdown().await;
}
