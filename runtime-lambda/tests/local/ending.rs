//! No process outlives a local Lambda, however it ends.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use peer_contract::local::{Config, Invocation, LocalEvent, LocalLambda, Refusal};

use crate::harness::{agent, ask, heard, is_alive, is_gone_soon, lambda_with};

/// An agent at work that has a process of its own; both ids.
async fn busy_family(lambda: &LocalLambda) -> (u64, u64) {
    let reply = ask(lambda, r#"{"do": "spawn"}"#).await.json();
    (reply["pid"].as_u64().unwrap(), reply["child"].as_u64().unwrap())
}

#[tokio::test]
async fn a_shutdown_ends_processes_and_their_children() {
    let lambda = lambda_with(agent()).await;
    let (agent, child) = busy_family(&lambda).await;
    assert!(is_alive(agent) && is_alive(child));
    lambda.shutdown().await;
    assert!(!is_alive(agent), "the shutdown waits for the process");
    assert!(is_gone_soon(child).await);
}

#[tokio::test]
async fn a_drop_ends_them_too() {
    let lambda = lambda_with(agent()).await;
    let (agent, child) = busy_family(&lambda).await;
    drop(lambda);
    assert!(is_gone_soon(agent).await && is_gone_soon(child).await);
}

#[tokio::test]
async fn a_kill_of_the_agent_ends_its_children() {
    let lambda = lambda_with(agent()).await;
    let (agent, child) = busy_family(&lambda).await;
    // SAFETY: a signal to a process that the test started.
    unsafe { libc::kill(i32::try_from(agent).unwrap(), libc::SIGKILL) };
    assert!(is_gone_soon(child).await);
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_timeout_ends_children_as_well() {
    let mut function = agent();
    function.timeout = Duration::from_secs(2);
    let lambda = lambda_with(function).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    ask(&lambda, &format!(r#"{{"do": "spawn", "then": "hang", "file": {file:?}}}"#)).await.function_error();
    assert!(is_gone_soon(std::fs::read_to_string(file).unwrap().parse().unwrap()).await);
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_process_that_ignores_the_request_to_end_is_killed() {
    let script = "trap '' TERM; while :; do sleep 0.1; done";
    let mut config = Config::new(vec![peer_contract::local::Function::new("agent", ["sh", "-c", script])]);
    config.stop_grace = Duration::from_millis(200);
    let lambda = LocalLambda::start(config).await.unwrap();
    let waiting = lambda.invoke(Invocation { function: "agent".to_owned(), ..Invocation::default() });
    let waiting = tokio::time::timeout(Duration::from_millis(500), waiting).await;
    assert!(waiting.is_err(), "it never asks for work");
    let began = Instant::now();
    lambda.shutdown().await;
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_caller_that_waits_during_a_shutdown_is_answered() {
    let lambda = lambda_with(agent()).await;
    let mut events = lambda.events();
    let payload = r#"{"do": "sleep", "seconds": 60}"#.into();
    let waiting = lambda.invoke(Invocation { function: "agent".to_owned(), payload, ..Invocation::default() });
    let (answer, ()) = tokio::join!(waiting, async {
        heard(&mut events, |event| matches!(event, LocalEvent::Started { .. }).then_some(())).await;
        lambda.shutdown().await;
    });
    assert_eq!(answer.unwrap_err(), Refusal::ShuttingDown);
    let late = lambda.invoke(Invocation { function: "agent".to_owned(), ..Invocation::default() }).await;
    assert_eq!(late.unwrap_err(), Refusal::ShuttingDown);
}

/// Runs itself as another process, which starts an agent and is then killed.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn agents_die_with_a_parent_that_is_killed() {
    const ROLE: &str = "PEER_CONTRACT_TEST_PARENT";
    if std::env::var_os(ROLE).is_some() {
        let lambda = lambda_with(agent()).await;
        println!("agent {}", ask(&lambda, r#"{"do": "count"}"#).await.json()["pid"]);
        tokio::time::sleep(Duration::from_secs(60)).await;
        unreachable!("the parent is killed long before");
    }
    let name = "ending::agents_die_with_a_parent_that_is_killed";
    let mut parent = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(ROLE, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(parent.stdout.take().unwrap()).lines();
    // The name of the test may stand on the same line.
    let pid = lines.map_while(Result::ok).find_map(|line| line.split_once("agent ")?.1.parse().ok()).unwrap();
    assert!(is_alive(pid));
    parent.kill().unwrap();
    parent.wait().unwrap();
    assert!(is_gone_soon(pid).await);
}
