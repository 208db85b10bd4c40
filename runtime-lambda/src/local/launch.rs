//! From a function to a running process with its own Runtime API, and to its end.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use super::config::Function;
use super::environment::{Place, variables};
use super::event::Stream;
use super::http_io::serve;
use super::log_lines::LogLines;
use super::platform::Platform;
use super::process::Group;
use super::runtime_api;
use super::sandbox::Sandbox;

/// A process, its log and its Runtime API.
pub(super) struct Process {
    pub group: Group,
    log: JoinSet<()>,
    api: JoinHandle<()>,
}

/// Starts the process of a sandbox. The error is a sentence.
pub(super) async fn launch(
    platform: &Platform,
    function: &Function,
    sandbox: &Arc<Sandbox>,
    log: &Arc<LogLines>,
) -> Result<Process, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|error| error.to_string())?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let place = Place {
        runtime_api: format!("127.0.0.1:{port}"),
        endpoint: &platform.endpoint,
        region: &platform.region,
        log_stream: sandbox.log_stream.to_string(),
    };
    let program = &function.command[0];
    let mut group = platform
        .processes
        .start(&function.command, &function.cwd, variables(function, &place))
        .await
        .map_err(|error| format!("could not start `{program}` in `{}`: {error}", function.cwd.display()))?;
    let mut lines = JoinSet::new();
    if let Some(stdout) = group.child.stdout.take() {
        lines.spawn(log.clone().follow(Stream::Stdout, stdout));
    }
    if let Some(stderr) = group.child.stderr.take() {
        lines.spawn(log.clone().follow(Stream::Stderr, stderr));
    }
    let orders = sandbox.orders.clone();
    let api = tokio::spawn(serve(listener, move |request| runtime_api::answer(request, orders.clone())));
    Ok(Process { group, log: lines, api })
}

impl Process {
    /// Ends the whole group, after a grace if one is given, and takes in its last lines.
    pub async fn end(mut self, platform: &Platform, grace: Option<Duration>, log_patience: Duration) {
        if let Some(grace) = grace {
            self.group.terminate();
            let _ = tokio::time::timeout(grace, self.group.child.wait()).await;
        }
        // Also when the leader is gone: others of its group may live.
        self.group.kill();
        let _ = self.group.child.wait().await;
        platform.processes.ended(&self.group);
        let _ = tokio::time::timeout(log_patience, async { while self.log.join_next().await.is_some() {} }).await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.api.abort();
    }
}
