//! The variables a sandbox starts with.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::config::Function;
use crate::peers::connect::BUNDLE;

/// What only the platform knows about a new sandbox.
pub(super) struct Place<'a> {
    /// `host:port` of its Runtime API.
    pub runtime_api: String,
    /// URL of the Invoke API.
    pub endpoint: &'a str,
    pub region: &'a str,
    /// Name of its log stream.
    pub log_stream: String,
}

/// The caller's variables without `AWS_*`, then the platform's, then the function's own.
///
/// Real credentials of the caller do not reach the functions: a mistake on a laptop must not touch an account. Whom the
/// caller's machine trusts holds for them too.
pub(super) fn variables(function: &Function, place: &Place<'_>) -> BTreeMap<OsString, OsString> {
    let inherited = std::env::vars_os().filter_map(|(name, value)| inherited(name, value));
    let own = function.env.iter().map(|(name, value)| (name.clone(), value.clone()));
    let given = platform(function, place).into_iter().map(|(name, value)| (name.to_owned(), value)).chain(own);
    inherited.chain(given.map(|(name, value)| (name.into(), value.into()))).collect()
}

fn inherited(name: OsString, value: OsString) -> Option<(OsString, OsString)> {
    if name == BUNDLE {
        // Functions have folders of their own. No path is a bundle for nobody.
        return std::path::absolute(&value).ok().map(|file| (name, file.into()));
    }
    (!name.to_string_lossy().starts_with("AWS_")).then_some((name, value))
}

fn platform(function: &Function, place: &Place<'_>) -> Vec<(&'static str, String)> {
    let handler = function.handler.as_ref().or(function.command.last()).cloned().unwrap_or_default();
    vec![
        ("AWS_LAMBDA_RUNTIME_API", place.runtime_api.clone()),
        ("AWS_LAMBDA_FUNCTION_NAME", function.name.clone()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", function.memory_mb.to_string()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", function.name)),
        ("AWS_LAMBDA_LOG_STREAM_NAME", place.log_stream.clone()),
        ("AWS_ENDPOINT_URL_LAMBDA", place.endpoint.to_owned()),
        ("AWS_REGION", place.region.to_owned()),
        ("AWS_DEFAULT_REGION", place.region.to_owned()),
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("AWS_SESSION_TOKEN", "local".to_owned()),
        ("LAMBDA_TASK_ROOT", absolute(function)),
        ("_HANDLER", handler),
        ("TZ", ":UTC".to_owned()),
        // A pipe makes Python keep its lines back until 8 KB are full, or until it is too late.
        ("PYTHONUNBUFFERED", "1".to_owned()),
    ]
}

fn absolute(function: &Function) -> String {
    std::path::absolute(&function.cwd).unwrap_or_else(|_| function.cwd.clone()).to_string_lossy().into_owned()
}
