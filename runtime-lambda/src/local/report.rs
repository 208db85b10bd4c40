//! The platform's own words: error objects and log lines.

use std::process::ExitStatus;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;

use super::config::Function;
use super::log_lines::append;
use super::process::describe;

/// `{"errorType", "errorMessage"}` with the request id in front of the message.
pub(super) fn error_object(error_type: &str, request_id: &str, message: &str) -> Bytes {
    let message = format!("RequestId: {request_id} Error: {message}");
    json!({ "errorType": error_type, "errorMessage": message }).to_string().into()
}

/// How a process ended: short for the listeners, as a sentence for the caller.
pub(super) fn exit(status: Option<ExitStatus>) -> (String, String) {
    match status.and_then(describe) {
        Some(end) => (end.clone(), format!("Runtime exited with error: {end}")),
        None => ("exit status 0".to_owned(), "Runtime exited without providing a reason".to_owned()),
    }
}

/// The log of one invocation between `START` and `REPORT`.
pub(super) fn with_platform_lines(log: &str, request_id: &str, ended: &[String; 2]) -> String {
    let mut text = String::new();
    append(&mut text, &started(request_id));
    log.lines().chain(ended.iter().map(String::as_str)).for_each(|line| append(&mut text, line));
    text
}

/// The line before those of an invocation.
pub(super) fn started(request_id: &str) -> String {
    format!("START RequestId: {request_id} Version: $LATEST")
}

/// The lines after those of an invocation.
pub(super) fn ended(request_id: &str, function: &Function, duration: Duration, cold: Option<Duration>) -> [String; 2] {
    [format!("END RequestId: {request_id}"), report(request_id, function, duration, cold)]
}

fn report(request_id: &str, function: &Function, duration: Duration, cold: Option<Duration>) -> String {
    let ms = duration.as_secs_f64() * 1e3;
    let billed = ms.ceil();
    let memory = function.memory_mb;
    let init = cold.map(|cold| format!("\tInit Duration: {:.2} ms", cold.as_secs_f64() * 1e3)).unwrap_or_default();
    format!(
        "REPORT RequestId: {request_id}\tDuration: {ms:.2} ms\tBilled Duration: {billed} ms\tMemory Size: {memory} MB{init}"
    )
}
