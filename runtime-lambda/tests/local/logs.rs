//! The log groups, as `aws logs` asks for them.

use peer_contract::local::LocalLambda;
use serde_json::{Value, json};

use crate::harness::{Reply, agent, ask, lambda_with, post_to};

async fn logs(lambda: &LocalLambda, operation: &str, question: Value) -> Reply {
    let headers = [
        ("X-Amz-Target", format!("Logs_20140328.{operation}")),
        ("Content-Type", "application/x-amz-json-1.1".to_owned()),
    ];
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    post_to(lambda, "/", &headers, question.to_string()).await
}

#[tokio::test]
async fn the_lines_of_an_invocation_stand_between_those_of_the_platform() {
    let lambda = lambda_with(agent()).await;
    let id = ask(&lambda, r#"{"do": "say", "line": "grüße"}"#).await.header("x-amzn-requestid").to_owned();
    ask(&lambda, r#"{"do": "count"}"#).await;
    let told = logs(&lambda, "FilterLogEvents", json!({ "logGroupName": "/aws/lambda/agent" })).await;
    assert_eq!((told.status, told.header("content-type")), (200, "application/x-amz-json-1.1"));
    let told = told.json();
    let lines: Vec<&str> =
        told["events"].as_array().unwrap().iter().map(|event| event["message"].as_str().unwrap()).collect();
    assert_eq!(lines[0], format!("START RequestId: {id} Version: $LATEST"));
    assert_eq!(lines.iter().filter(|line| **line == "grüße").count(), 2, "{lines:?}");
    let end = lines.iter().position(|line| *line == format!("END RequestId: {id}")).unwrap();
    assert!(lines[end + 1].starts_with(&format!("REPORT RequestId: {id}\tDuration: ")), "{lines:?}");
    let stream = told["events"][0]["logStreamName"].as_str().unwrap();
    let seen = ask(&lambda, r#"{"do": "environment"}"#).await.json();
    assert_eq!(seen["AWS_LAMBDA_LOG_STREAM_NAME"], stream);
    assert!(stream.contains("/[$LATEST]") && stream.len() == "2026/01/01/[$LATEST]".len() + 32, "{stream}");
    lambda.shutdown().await;
}

#[tokio::test]
async fn groups_and_streams_are_listed() {
    let lambda = lambda_with(agent()).await;
    let groups = logs(&lambda, "DescribeLogGroups", json!({ "logGroupNamePrefix": "/aws/lambda/" })).await.json();
    assert_eq!(groups["logGroups"][0]["logGroupName"], "/aws/lambda/agent", "a function has one before it ran");
    ask(&lambda, "1").await;
    let streams = logs(&lambda, "DescribeLogStreams", json!({ "logGroupName": "/aws/lambda/agent" })).await.json();
    assert_eq!(streams["logStreams"].as_array().unwrap().len(), 1);
    lambda.shutdown().await;
}

#[tokio::test]
async fn what_is_not_there_is_refused_in_the_words_of_the_service() {
    let lambda = lambda_with(agent()).await;
    for (operation, question, kind) in [
        ("FilterLogEvents", json!({ "logGroupName": "/aws/lambda/other" }), "ResourceNotFoundException"),
        ("FilterLogEvents", json!({}), "InvalidParameterException"),
        ("GetLogEvents", json!({ "logGroupName": 7 }), "SerializationException"),
        ("DeleteLogGroup", json!({}), "UnknownOperationException"),
    ] {
        let refused = logs(&lambda, operation, question).await;
        assert_eq!((refused.status, &refused.json()["__type"]), (400, &json!(kind)), "{operation}");
    }
    lambda.shutdown().await;
}
