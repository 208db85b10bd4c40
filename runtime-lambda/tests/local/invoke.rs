//! The Invoke API of the local Lambda as callers see it.

use crate::harness::{agent, ask, lambda_with, post};
use peer_contract::local::{Accepted, Config, Invocation, InvocationType, LocalLambda, Refusal, Status};
use serde_json::json;

#[tokio::test]
async fn an_answer_comes_with_the_headers_of_the_service() {
    let lambda = lambda_with(agent()).await;
    let reply = ask(&lambda, r#"{"a": [1, 2.50]}"#).await;
    assert_eq!((reply.status, reply.json()), (200, json!({"a": [1, 2.5]})));
    assert_eq!(reply.header("x-amz-executed-version"), "$LATEST");
    assert_eq!(reply.header("x-amz-function-error"), "");
    assert_eq!(reply.header("x-amzn-requestid").len(), 36);
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_function_answers_to_every_form_of_its_name() {
    let lambda = lambda_with(agent()).await;
    let arn = "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aagent";
    for name in ["agent", "agent:live", "agent%3A1", arn, &format!("{arn}%3Alive")] {
        assert_eq!(post(&lambda, name, &[], "1").await.status, 200, "{name}");
    }
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_qualifier_is_accepted() {
    let lambda = lambda_with(agent()).await;
    let uri: http::Uri =
        format!("{}/2015-03-31/functions/agent/invocations?Qualifier=live", lambda.endpoint()).parse().unwrap();
    let stream = std::net::TcpStream::connect(uri.authority().unwrap().as_str()).unwrap();
    let status = tokio::task::spawn_blocking(move || raw_post(stream, uri.path_and_query().unwrap().as_str(), "1"));
    assert!(status.await.unwrap().starts_with("HTTP/1.1 200"));
    lambda.shutdown().await;
}

fn raw_post(mut stream: std::net::TcpStream, path: &str, body: &str) -> String {
    use std::io::{Read, Write};
    let length = body.len();
    write!(stream, "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn an_unknown_function_is_not_found() {
    let lambda = lambda_with(agent()).await;
    let reply = post(&lambda, "other", &[], "{}").await;
    assert_eq!((reply.status, reply.header("x-amzn-errortype")), (404, "ResourceNotFoundException"));
    let message = "Function not found: arn:aws:lambda:us-east-1:000000000000:function:other";
    assert_eq!(reply.json(), json!({"Type": "User", "Message": message}));
    lambda.shutdown().await;
}

#[tokio::test]
async fn text_that_is_not_json_is_refused_before_the_function() {
    let lambda = lambda_with(agent()).await;
    for text in [&b"{\"a\": "[..], b"nothing", b"\"\xff\"", b"{} {}"] {
        let reply = post(&lambda, "agent", &[], text).await;
        assert_eq!((reply.status, reply.header("x-amzn-errortype")), (400, "InvalidRequestContentException"));
    }
    lambda.shutdown().await;
}

#[tokio::test]
async fn an_empty_request_reads_as_an_empty_object() {
    let lambda = lambda_with(agent()).await;
    assert_eq!(ask(&lambda, "").await.json(), json!({}));
    lambda.shutdown().await;
}

fn text_of(bytes: usize) -> String {
    format!("\"{}\"", "x".repeat(bytes - 2))
}

#[tokio::test]
async fn six_megabytes_pass_and_one_byte_more_does_not() {
    const LIMIT: usize = 6_291_556;
    let lambda = lambda_with(agent()).await;
    let reply = ask(&lambda, &text_of(LIMIT)).await;
    assert_eq!((reply.status, reply.header("x-amz-function-error"), reply.body.len()), (200, "", LIMIT));
    let reply = ask(&lambda, &text_of(LIMIT + 1)).await;
    assert_eq!((reply.status, reply.header("x-amzn-errortype")), (413, "RequestTooLargeException"));
    let reply = ask(&lambda, &format!(r#"{{"do": "large", "bytes": {LIMIT}}}"#)).await;
    assert_eq!((reply.status, reply.header("x-amz-function-error"), reply.body.len()), (200, "", LIMIT));
    let reply = ask(&lambda, &format!(r#"{{"do": "large", "bytes": {}}}"#, LIMIT + 1)).await;
    assert_eq!(reply.function_error(), "Function.ResponseSizeTooLarge");
    assert_eq!(ask(&lambda, "1").await.json(), json!(1), "the sandbox goes on");
    lambda.shutdown().await;
}

#[tokio::test]
async fn one_megabyte_passes_as_an_event_and_one_byte_more_does_not() {
    const LIMIT: usize = 1 << 20;
    let lambda = lambda_with(agent()).await;
    let event = [("X-Amz-Invocation-Type", "Event")];
    let reply = post(&lambda, "agent", &event, text_of(LIMIT)).await;
    assert_eq!((reply.status, reply.body.len()), (202, 0));
    let reply = post(&lambda, "agent", &event, text_of(LIMIT + 1)).await;
    assert_eq!((reply.status, reply.header("x-amzn-errortype")), (413, "RequestTooLargeException"));
    assert!(reply.json()["message"].as_str().unwrap().contains("1048576"));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_dry_run_runs_nothing() {
    let lambda = lambda_with(agent()).await;
    let mut events = lambda.events();
    let reply = post(&lambda, "agent", &[("X-Amz-Invocation-Type", "DryRun")], "{}").await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    assert_eq!(post(&lambda, "other", &[("X-Amz-Invocation-Type", "DryRun")], "{}").await.status, 404);
    lambda.shutdown().await;
    assert!(events.recv().await.is_none());
}

#[tokio::test]
async fn an_unknown_invocation_type_is_refused() {
    let lambda = lambda_with(agent()).await;
    let reply = post(&lambda, "agent", &[("X-Amz-Invocation-Type", "Later")], "{}").await;
    assert_eq!((reply.status, reply.header("x-amzn-errortype")), (400, "InvalidParameterValueException"));
    lambda.shutdown().await;
}

#[tokio::test]
async fn another_path_is_no_operation() {
    let lambda = lambda_with(agent()).await;
    let reply = post(&lambda, "agent/versions", &[], "{}").await;
    assert_eq!(reply.status, 404, "{reply:?}");
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_function_error_is_passed_on_as_it_was_posted() {
    let lambda = lambda_with(agent()).await;
    let reply = ask(&lambda, r#"{"do": "fail", "message": "no luck"}"#).await;
    assert_eq!(reply.function_error(), "Failure");
    assert_eq!(reply.json(), json!({"errorType": "Failure", "errorMessage": "no luck"}));
    lambda.shutdown().await;
}

#[tokio::test]
async fn the_log_tail_stands_between_the_lines_of_the_platform() {
    use base64::Engine;
    let lambda = lambda_with(agent()).await;
    ask(&lambda, r#"{"do": "say", "line": "earlier"}"#).await;
    let reply = post(&lambda, "agent", &[("X-Amz-Log-Type", "Tail")], r#"{"do": "fail"}"#).await;
    let log = base64::prelude::BASE64_STANDARD.decode(reply.header("x-amz-log-result")).unwrap();
    let log = String::from_utf8(log).unwrap();
    let id = reply.header("x-amzn-requestid");
    assert!(log.starts_with(&format!("START RequestId: {id} Version: $LATEST\n")), "{log}");
    assert!(
        log.contains("\nfailing\n") && log.contains(&format!("\nEND RequestId: {id}\nREPORT RequestId: {id}\t")),
        "{log}"
    );
    assert!(!log.contains("earlier"), "{log}");
    lambda.shutdown().await;
}

#[tokio::test]
async fn the_runtime_learns_what_the_caller_sent_along() {
    let lambda = lambda_with(agent()).await;
    let headers = [("X-Amz-Client-Context", "e30="), ("X-Amzn-Trace-Id", "Root=1-0-0;Sampled=1")];
    let before = now_ms();
    let reply = post(&lambda, "agent", &headers, r#"{"do": "headers_of"}"#).await;
    let seen = reply.json();
    assert_eq!(seen["lambda-runtime-client-context"], "e30=");
    let trace = seen["lambda-runtime-trace-id"].as_str().unwrap();
    assert!(trace.starts_with("Root=1-0-0;Sampled=1;Lineage=1:") && trace.ends_with(":1"), "{trace}");
    assert_eq!(seen["lambda-runtime-aws-request-id"], reply.header("x-amzn-requestid"));
    assert_eq!(seen["lambda-runtime-invoked-function-arn"], "arn:aws:lambda:us-east-1:000000000000:function:agent");
    let deadline: u64 = seen["lambda-runtime-deadline-ms"].as_str().unwrap().parse().unwrap();
    let after = now_ms();
    assert!((before + 20_000..=after + 20_000).contains(&deadline), "{deadline} between {before} and {after}");
    lambda.shutdown().await;
}

fn now_ms() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64
}

#[tokio::test]
async fn a_client_context_may_have_3583_characters() {
    let lambda = lambda_with(agent()).await;
    let just = "x".repeat(3583);
    assert_eq!(post(&lambda, "agent", &[("X-Amz-Client-Context", &just)], "{}").await.status, 200);
    assert_eq!(post(&lambda, "agent", &[("X-Amz-Client-Context", &format!("{just}x"))], "{}").await.status, 400);
    lambda.shutdown().await;
}

#[tokio::test]
async fn the_same_rules_hold_without_http() {
    let lambda = lambda_with(agent()).await;
    let ask = |function: &str, kind, payload: &str| {
        lambda.invoke(Invocation {
            function: function.to_owned(),
            kind,
            payload: payload.to_owned().into(),
            ..Invocation::default()
        })
    };
    let Ok(Accepted::Answer(answer)) = ask("agent", InvocationType::RequestResponse, "[1]").await else { panic!() };
    assert_eq!((answer.status, &answer.payload[..]), (Status::Ok, &b"[1]"[..]));
    assert!(answer.cold.is_some());
    assert!(matches!(ask("other", InvocationType::Event, "1").await, Err(Refusal::NotFound(_))));
    assert!(matches!(ask("agent", InvocationType::Event, "x").await, Err(Refusal::NotJson { line: 1, column: 1 })));
    assert!(matches!(ask("agent", InvocationType::Event, "1").await, Ok(Accepted::Queued(_))));
    lambda.shutdown().await;
}

#[tokio::test]
async fn functions_that_could_never_run_are_refused_at_the_start() {
    let mut empty = agent();
    empty.command.clear();
    let mut nameless = agent();
    nameless.name = "a b".to_owned();
    for functions in [vec![empty], vec![nameless], vec![agent(), agent()]] {
        let problem = LocalLambda::start(Config::new(functions)).await.unwrap_err();
        assert_eq!(problem.code.as_str(), "configuration_invalid");
    }
}
