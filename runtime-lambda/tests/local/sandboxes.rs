//! Start, reuse and limit of sandboxes, and what callers hear when one breaks.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use peer_contract::local::{Config, Function, LocalEvent, LocalLambda, StopReason};
use serde_json::json;

use crate::harness::{agent, ask, heard, lambda_with, post};

fn started_with(how: &str) -> Function {
    let mut function = agent();
    function.env.insert("START".to_owned(), how.to_owned());
    function
}

#[tokio::test]
async fn the_environment_is_that_of_lambda() {
    let mut function = agent();
    function.env.insert("MODE".to_owned(), "test".to_owned());
    function.memory_mb = 1024;
    let lambda = lambda_with(function).await;
    let seen = ask(&lambda, r#"{"do": "environment"}"#).await.json();
    let expected = json!({
        "AWS_LAMBDA_FUNCTION_NAME": "agent", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_LAMBDA": lambda.endpoint(), "TZ": ":UTC", "MODE": "test",
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&seen[name], value, "{name}");
    }
    assert!(seen["PATH"].is_string(), "the rest is inherited");
    assert!(seen["LAMBDA_TASK_ROOT"].as_str().unwrap().starts_with('/'));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_warm_sandbox_is_used_again() {
    let lambda = lambda_with(agent()).await;
    let first = ask(&lambda, r#"{"do": "count"}"#).await.json();
    for expected in 2..20 {
        let next = ask(&lambda, r#"{"do": "count"}"#).await.json();
        assert_eq!((&next["pid"], &next["invocations"]), (&first["pid"], &json!(expected)));
    }
    lambda.shutdown().await;
}

#[tokio::test]
async fn only_the_first_invocation_of_a_sandbox_is_cold() {
    let lambda = lambda_with(started_with("slow")).await;
    let mut events = lambda.events();
    ask(&lambda, "1").await;
    ask(&lambda, "2").await;
    let started = heard(&mut events, |event| match event {
        LocalEvent::Started { cold, .. } => Some(cold),
        _ => None,
    });
    assert!(started.await >= Duration::from_millis(300));
    for (cold, of) in [(true, "first"), (false, "second")] {
        let (start, duration) = heard(&mut events, |event| match event {
            LocalEvent::Answered { cold, duration, .. } => Some((cold, duration)),
            _ => None,
        })
        .await;
        assert_eq!(start.is_some(), cold, "{of}");
        assert!(duration < Duration::from_millis(300), "the start is no part of the {of} invocation");
    }
    lambda.shutdown().await;
}

#[tokio::test]
async fn eight_callers_get_eight_sandboxes_and_their_own_answers() {
    let lambda = lambda_with(agent()).await;
    let calls = (0..8).map(|number| {
        let event = format!(r#"{{"do": "sleep", "seconds": 1.5, "number": {number}}}"#);
        let lambda = &lambda;
        async move { ask(lambda, &event).await.json()["pid"].as_u64().unwrap() }
    });
    let pids: BTreeSet<_> = futures_all(calls).await.into_iter().collect();
    assert_eq!(pids.len(), 8);
    let echoes = (0..40).map(|number| {
        let lambda = &lambda;
        async move { (number, post(lambda, "agent", &[], number.to_string()).await) }
    });
    for (number, reply) in futures_all(echoes).await {
        assert!(reply.status == 429 || reply.json() == json!(number), "{reply:?}");
    }
    lambda.shutdown().await;
}

/// Runs all at once on this task.
async fn futures_all<T>(all: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut all: Vec<_> = all.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|context| {
        let mut ready = true;
        for (one, done) in &mut all {
            if done.is_none() {
                match one.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *done = Some(value),
                    std::task::Poll::Pending => ready = false,
                }
            }
        }
        if ready { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    all.into_iter().filter_map(|(_, done)| done).collect()
}

#[tokio::test]
async fn beyond_the_limit_callers_are_refused() {
    let mut function = agent();
    function.concurrency = 1;
    let lambda = lambda_with(function).await;
    ask(&lambda, "1").await;
    let (busy, refused) = tokio::join!(ask(&lambda, r#"{"do": "sleep", "seconds": 1}"#), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        ask(&lambda, "2").await
    });
    assert_eq!(busy.status, 200);
    assert_eq!((refused.status, refused.header("x-amzn-errortype")), (429, "TooManyRequestsException"));
    assert_eq!(refused.json()["Reason"], "ReservedFunctionConcurrentInvocationLimitExceeded");
    for number in 0..20 {
        assert_eq!(ask(&lambda, &number.to_string()).await.status, 200, "one after the other all fit in one");
    }
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_timeout_kills_the_sandbox_and_the_next_caller_gets_another() {
    let mut function = agent();
    function.timeout = Duration::from_millis(1500);
    let lambda = lambda_with(function).await;
    let mut events = lambda.events();
    let reply = ask(&lambda, r#"{"do": "sleep", "seconds": 60}"#).await;
    assert_eq!(reply.function_error(), "Sandbox.Timedout");
    let id = reply.header("x-amzn-requestid");
    assert_eq!(reply.json()["errorMessage"], format!("RequestId: {id} Error: Task timed out after 1.50 seconds"));
    let why = heard(&mut events, |event| match event {
        LocalEvent::Stopped { reason, .. } => Some(reason),
        _ => None,
    });
    assert_eq!(why.await, StopReason::TimedOut);
    assert_eq!(ask(&lambda, "1").await.json(), json!(1));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_process_that_ends_during_the_work_is_an_exit_error() {
    let lambda = lambda_with(agent()).await;
    for (event, end) in [
        (r#"{"do": "die"}"#, "Runtime exited with error: signal: killed"),
        (r#"{"do": "leave", "status": 7}"#, "Runtime exited with error: exit status 7"),
        (r#"{"do": "leave", "status": 0}"#, "Runtime exited without providing a reason"),
    ] {
        let reply = ask(&lambda, event).await;
        assert_eq!(reply.function_error(), "Runtime.ExitError");
        let id = reply.header("x-amzn-requestid");
        assert_eq!(reply.json()["errorMessage"], format!("RequestId: {id} Error: {end}"));
    }
    assert_eq!(ask(&lambda, "1").await.json(), json!(1));
    lambda.shutdown().await;
}

#[tokio::test]
async fn last_words_arrive_before_the_error() {
    let lambda = lambda_with(agent()).await;
    let mut events = lambda.events();
    ask(&lambda, r#"{"do": "leave", "status": 1}"#).await;
    let line = heard(&mut events, |event| match event {
        LocalEvent::Log { line, request_id, .. } => Some((line, request_id.is_some())),
        LocalEvent::Answered { .. } => panic!("answered before the log"),
        _ => None,
    });
    assert_eq!(line.await, ("last words".to_owned(), true));
    lambda.shutdown().await;
}

#[tokio::test]
async fn an_idle_sandbox_that_is_killed_is_replaced_without_a_word() {
    let lambda = lambda_with(agent()).await;
    for _ in 0..3 {
        let pid = ask(&lambda, r#"{"do": "count"}"#).await.json()["pid"].as_u64().unwrap();
        // SAFETY: a signal to a process that the test started.
        unsafe { libc::kill(i32::try_from(pid).unwrap(), libc::SIGKILL) };
        ended(pid).await;
        assert_eq!(ask(&lambda, "1").await.json(), json!(1));
    }
    lambda.shutdown().await;
}

/// Waits until a killed process has ended, which takes a while where many others run.
async fn ended(pid: u64) {
    let runs = || std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
    while runs() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn an_init_error_is_passed_on() {
    let lambda = lambda_with(started_with("fail")).await;
    let reply = ask(&lambda, "1").await;
    assert_eq!(reply.function_error(), "NoIndex");
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_process_that_leaves_during_its_start_is_an_exit_error() {
    let lambda = lambda_with(started_with("leave")).await;
    for _ in 0..3 {
        let reply = ask(&lambda, "1").await;
        assert_eq!(reply.function_error(), "Runtime.ExitError");
        assert!(reply.json()["errorMessage"].as_str().unwrap().ends_with("exit status 3"));
    }
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_start_that_takes_too_long_is_a_timeout() {
    let mut config = Config::new(vec![started_with("hang")]);
    config.init_timeout = Duration::from_millis(700);
    let lambda = LocalLambda::start(config).await.unwrap();
    let began = Instant::now();
    let reply = ask(&lambda, "1").await;
    assert_eq!(reply.function_error(), "Sandbox.Timedout");
    assert!(reply.json()["errorMessage"].as_str().unwrap().ends_with("Init timed out after 0.70 seconds"));
    assert!(began.elapsed() < Duration::from_secs(10));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_program_that_is_not_there_is_said_by_name() {
    let lambda = lambda_with(Function::new("agent", ["./no/such/program"])).await;
    let reply = ask(&lambda, "1").await;
    assert_eq!(reply.function_error(), "Runtime.InvalidEntrypoint");
    assert!(reply.json()["errorMessage"].as_str().unwrap().contains("`./no/such/program`"));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_runtime_cannot_take_two_invocations_or_answer_one_it_never_got() {
    let lambda = lambda_with(agent()).await;
    assert_eq!(ask(&lambda, r#"{"do": "ask_twice"}"#).await.json(), json!(403));
    assert_eq!(ask(&lambda, r#"{"do": "answer_other"}"#).await.json(), json!(400));
    lambda.shutdown().await;
}

#[tokio::test]
async fn both_streams_are_heard_line_by_line() {
    let lambda = lambda_with(agent()).await;
    let mut events = lambda.events();
    ask(&lambda, r#"{"do": "say", "line": "grüße"}"#).await;
    let mut streams = BTreeSet::new();
    while streams.len() < 2 {
        let stream = heard(&mut events, |event| match event {
            LocalEvent::Log { line, stream, sandbox, .. } if line == "grüße" && sandbox == "agent/1" => Some(stream),
            _ => None,
        });
        streams.insert(format!("{:?}", stream.await));
    }
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_sandbox_started_ahead_makes_the_first_invocation_warm() {
    let lambda = lambda_with(agent()).await;
    let mut events = lambda.events();
    lambda.warm();
    heard(&mut events, |event| matches!(event, LocalEvent::Started { .. }).then_some(())).await;
    ask(&lambda, "1").await;
    let cold = heard(&mut events, |event| match event {
        LocalEvent::Answered { cold, sandbox, .. } => Some((cold, sandbox)),
        _ => None,
    });
    assert_eq!(cold.await, (None, "agent/1".to_owned()));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_sandbox_that_fails_ahead_leaves_room_for_others() {
    let mut function = started_with("leave");
    function.concurrency = 1;
    let lambda = lambda_with(function).await;
    let mut events = lambda.events();
    lambda.warm();
    heard(&mut events, |event| matches!(event, LocalEvent::Stopped { .. }).then_some(())).await;
    for _ in 0..2 {
        assert_eq!(ask(&lambda, "1").await.function_error(), "Runtime.ExitError");
    }
    lambda.shutdown().await;
}
