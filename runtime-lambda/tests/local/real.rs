//! The real runtime clients against our Runtime API: `lambda_runtime` and `awslambdaric`.

use std::path::{Path, PathBuf};
use std::process::Command;

use peer_contract::local::Function;
use serde_json::{Value, json};

use crate::harness::{Reply, ask, lambda_with};

/// What every runtime must get right; both functions below do what the event says, as `agent.py` does.
async fn keeps_the_rules(function: Function, kind_of_failure: &str) {
    let lambda = lambda_with(function).await;
    assert_eq!(ask(&lambda, r#"{"do": "echo", "a": [1, "ü", null]}"#).await.json(), json!([1, "ü", null]));
    let seen = ask(&lambda, r#"{"do": "context"}"#).await;
    assert_eq!(seen.json()["requestId"], seen.header("x-amzn-requestid"));
    assert_eq!(seen.json()["arn"], "arn:aws:lambda:us-east-1:000000000000:function:agent");
    assert!((1..=20_000).contains(&seen.json()["remainingMs"].as_i64().unwrap()), "{seen:?}");
    let failed = ask(&lambda, r#"{"do": "fail"}"#).await;
    assert_eq!((failed.function_error().as_str(), message(&failed)), (kind_of_failure, "asked for".to_owned()));
    let large = ask(&lambda, r#"{"do": "large"}"#).await;
    assert_eq!(large.function_error(), "Function.ResponseSizeTooLarge");
    assert_eq!(ask(&lambda, r#"{"do": "echo", "a": 1}"#).await.json(), json!(1), "it goes on afterwards");
    lambda.shutdown().await;
}

fn message(reply: &Reply) -> String {
    reply.json()["errorMessage"].as_str().unwrap().to_owned()
}

/// Runs itself as the function: the test of this name, in another process, is the Lambda binary.
#[cfg(feature = "lambda")]
#[tokio::test(flavor = "multi_thread")]
async fn the_official_rust_runtime_keeps_the_rules() {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        lambda_runtime::run(lambda_runtime::service_fn(rust_function)).await.unwrap();
        return;
    }
    let name = "real::the_official_rust_runtime_keeps_the_rules";
    let own = std::env::current_exe().unwrap();
    let mut function = Function::new("agent", [own.to_str().unwrap(), name, "--exact", "--nocapture"]);
    function.timeout = std::time::Duration::from_secs(20);
    keeps_the_rules(function, "&alloc::boxed::Box<dyn core::error::Error + core::marker::Send + core::marker::Sync>")
        .await;
}

#[cfg(feature = "lambda")]
async fn rust_function(event: lambda_runtime::LambdaEvent<Value>) -> Result<Value, lambda_runtime::Error> {
    match event.payload["do"].as_str() {
        Some("echo") => Ok(event.payload["a"].clone()),
        Some("context") => {
            let left = event.context.deadline().duration_since(std::time::SystemTime::now())?;
            let (id, arn) = (&event.context.request_id, &event.context.invoked_function_arn);
            Ok(json!({"requestId": id, "arn": arn, "remainingMs": left.as_millis() as u64}))
        }
        Some("large") => Ok("x".repeat(6_291_557).into()),
        _ => Err("asked for".into()),
    }
}

#[tokio::test]
async fn the_official_python_runtime_keeps_the_rules() {
    let Some(python) = python_with_awslambdaric() else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("handlers.py"), PYTHON_FUNCTION).unwrap();
    let command = [python.to_str().unwrap(), "-m", "awslambdaric", "handlers.handler"];
    let mut function = Function::new("agent", command);
    function.cwd = folder.path().to_owned();
    function.timeout = std::time::Duration::from_secs(20);
    keeps_the_rules(function, "ValueError").await;
}

const PYTHON_FUNCTION: &str = r#"
def handler(event, context):
    if event["do"] == "echo":
        return event["a"]
    if event["do"] == "context":
        left = context.get_remaining_time_in_millis()
        return {"requestId": context.aws_request_id, "arn": context.invoked_function_arn, "remainingMs": left}
    if event["do"] == "large":
        return "x" * 6291557
    raise ValueError("asked for")
"#;

/// `AWSLAMBDARIC_PYTHON`, or the active virtual environment, as `make test` sets it up.
fn python_with_awslambdaric() -> Option<PathBuf> {
    let named = std::env::var_os("AWSLAMBDARIC_PYTHON").map(PathBuf::from);
    let active = std::env::var_os("VIRTUAL_ENV").map(|folder| Path::new(&folder).join("bin/python"));
    let found = named.or(active).filter(|python| has_awslambdaric(python));
    if found.is_none() && std::env::var_os("PEER_CONTRACT_SKIP_REAL").is_some_and(|set| set == "1") {
        eprintln!("not checked: PEER_CONTRACT_SKIP_REAL=1 says that `awslambdaric` is not to be had here");
        return None;
    }
    Some(found.expect(
        "no Python with `awslambdaric`: run `make test`, which makes one; or `python3 -m venv V && V/bin/pip install \
         awslambdaric` and set AWSLAMBDARIC_PYTHON=V/bin/python; or set PEER_CONTRACT_SKIP_REAL=1 to go without",
    ))
}

fn has_awslambdaric(python: &Path) -> bool {
    Command::new(python).args(["-c", "import awslambdaric"]).output().is_ok_and(|run| run.status.success())
}
