//! The front: start, invoke, listen, shut down.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use peer_contract_core::{ErrorCode, Pointer, Problem};
use serde::de::IgnoredAny;
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use super::config::Config;
use super::destination::GivenUp;
use super::event::{Bus, LocalEvent};
use super::http_io::serve;
use super::invoke_api;
use super::lineage;
use super::platform::{Platform, new_request_id, new_trace_id};
use super::pool::{Pool, Task};
use super::process::Processes;
use super::queue;
use super::refusal::Refusal;
use super::service::{Accepted, Invocation, InvocationType, MAX_CLIENT_CONTEXT, MAX_EVENT_BYTES, MAX_SYNC_BYTES};
use super::tasks::Tasks;

/// A running local Lambda.
///
/// Dropping it kills every process at once; [`LocalLambda::shutdown`] asks them first.
#[derive(Debug)]
pub struct LocalLambda {
    router: Arc<Router>,
    front: JoinHandle<()>,
}

/// Leads invocations to the pool of their function.
#[derive(Debug)]
pub(super) struct Router {
    pub platform: Arc<Platform>,
    pools: BTreeMap<String, Arc<Pool>>,
    queued: Tasks,
}

impl LocalLambda {
    /// Listens for callers. No function is started before somebody asks for it.
    ///
    /// Must run inside a tokio runtime with time, I/O and signals' process support enabled.
    ///
    /// # Errors
    /// `configuration_invalid` when a function could never run, or when the address is taken.
    pub async fn start(config: Config) -> Result<Self, Problem> {
        config.check()?;
        let listener = TcpListener::bind(config.address).await.map_err(|error| unusable(&config, &error))?;
        let address = listener.local_addr().map_err(|error| unusable(&config, &error))?;
        let platform = Arc::new(Platform {
            bus: Arc::new(Bus::default()),
            logs: Arc::default(),
            processes: Processes::new().map_err(|error| unusable(&config, &error))?,
            endpoint: format!("http://{address}"),
            region: config.region,
            init_timeout: config.init_timeout,
            retry_delays: config.retry_delays,
            max_event_age: config.max_event_age,
            idle_end: config.idle_end,
            stop_grace: config.stop_grace,
            closing: AtomicBool::new(false),
        });
        config.functions.iter().for_each(|function| platform.logs.open(&function.name));
        let pool = |function: super::Function| (function.name.clone(), Pool::new(function, platform.clone()));
        let pools = config.functions.into_iter().map(pool).collect();
        let router = Arc::new(Router { platform, pools, queued: Tasks::default() });
        let answering = router.clone();
        let front = tokio::spawn(serve(listener, move |request| invoke_api::answer(request, answering.clone())));
        Ok(Self { router, front })
    }

    /// URL of the Invoke API, for `AWS_ENDPOINT_URL_LAMBDA`.
    pub fn endpoint(&self) -> &str {
        &self.router.platform.endpoint
    }

    /// Everything that happens from now on, until the shutdown.
    pub fn events(&self) -> UnboundedReceiver<LocalEvent> {
        self.router.platform.bus.subscribe()
    }

    /// Invokes a function without HTTP, by the same rules.
    ///
    /// # Errors
    /// [`Refusal`]. An error of the function is an answer with [`super::Status::FunctionError`].
    pub async fn invoke(&self, invocation: Invocation) -> Result<Accepted, Refusal> {
        self.router.invoke(invocation).await
    }

    /// Starts one sandbox of every function that has none, without waiting for it.
    pub fn warm(&self) {
        self.router.pools.values().for_each(Pool::warm);
    }

    /// Ends the sandboxes of a function that were started before now, each when it has finished its work: what is invoked
    /// from now on runs the code that stands on the disk. Says whether there is such a function.
    pub fn renew(&self, function: &str) -> bool {
        self.router.pools.get(function).inspect(|pool| pool.renew()).is_some()
    }

    /// Refuses new work, asks all processes to end, kills those that do not, and waits for the last one.
    pub async fn shutdown(&self) {
        let platform = &self.router.platform;
        platform.closing.store(true, Ordering::Release);
        self.router.queued.abort();
        let stops = self.router.pools.values().map(|pool| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.stop().await })
        });
        for stop in stops.collect::<Vec<_>>() {
            let _ = stop.await;
        }
        self.front.abort();
        platform.bus.close();
    }
}

impl Drop for LocalLambda {
    fn drop(&mut self) {
        let platform = &self.router.platform;
        platform.closing.store(true, Ordering::Release);
        self.router.queued.abort();
        self.front.abort();
        platform.processes.kill_all();
    }
}

impl Router {
    pub async fn invoke(self: &Arc<Self>, invocation: Invocation) -> Result<Accepted, Refusal> {
        let (pool, task) = self.prepared(invocation)?;
        let request_id = task.request_id.clone();
        let kind = task.kind;
        match (kind, traced(task, pool)) {
            (InvocationType::Event, Err(looping)) => {
                let given_up = GivenUp { condition: "RecursiveInvocation", attempts: 0, error: Bytes::new() };
                queue::give_up(self, pool, *looping, given_up);
                Ok(Accepted::Queued(request_id))
            }
            (_, Err(_looping)) => Err(Refusal::Recursive),
            (InvocationType::DryRun, Ok(_)) => Ok(Accepted::WouldRun(request_id)),
            (InvocationType::RequestResponse, Ok(task)) => pool.run(&task).await.map(Accepted::Answer),
            (InvocationType::Event, Ok(task)) => self.enqueue(pool, task).map(|()| Accepted::Queued(request_id)),
        }
    }

    /// Queues the record for a destination.
    pub fn deliver(self: &Arc<Self>, record: Invocation) -> Result<(), Refusal> {
        let (pool, task) = self.prepared(record)?;
        // One that loops ends here: its record would loop like its cause.
        let task = traced(task, pool).map_err(|_looping| Refusal::Recursive)?;
        self.enqueue(pool, task)
    }

    fn enqueue(self: &Arc<Self>, pool: &Arc<Pool>, task: Task) -> Result<(), Refusal> {
        if self.platform.is_closing() {
            return Err(Refusal::ShuttingDown);
        }
        self.queued.spawn(queue::carry(self.clone(), pool.clone(), task));
        Ok(())
    }

    fn prepared(&self, invocation: Invocation) -> Result<(&Arc<Pool>, Task), Refusal> {
        Ok((self.pool(&invocation.function)?, task(invocation)?))
    }

    fn pool(&self, function: &str) -> Result<&Arc<Pool>, Refusal> {
        let name = plain_name(function);
        self.pools.get(name).ok_or_else(|| Refusal::NotFound(self.platform.arn(name)))
    }
}

/// The task with its function counted in its trace; as it was when that is one time too many.
fn traced(mut task: Task, pool: &Pool) -> Result<Task, Box<Task>> {
    match lineage::extend(&task.trace_id, &pool.function.name) {
        Ok(trace_id) => {
            task.trace_id = trace_id;
            Ok(task)
        }
        Err(lineage::Loops) => Err(Box::new(task)),
    }
}

/// The name in `name`, `name:alias`, `account:function:name[:alias]` and whole ARNs.
fn plain_name(function: &str) -> &str {
    let after = function.split_once("function:").map_or(function, |(_, name)| name);
    after.split_once(':').map_or(after, |(name, _alias)| name)
}

fn task(invocation: Invocation) -> Result<Task, Refusal> {
    let Invocation { kind, payload, client_context, trace_id, .. } = invocation;
    let limit = if kind == InvocationType::Event { MAX_EVENT_BYTES } else { MAX_SYNC_BYTES };
    if payload.len() > limit {
        return Err(Refusal::TooLarge(kind));
    }
    if client_context.as_ref().is_some_and(|context| context.len() > MAX_CLIENT_CONTEXT) {
        return Err(Refusal::client_context_too_long());
    }
    let payload = if payload.is_empty() { Bytes::from_static(b"{}") } else { payload };
    is_json(&payload)?;
    // `Event` carries no client context.
    let client_context = client_context.filter(|_| kind == InvocationType::RequestResponse);
    let trace_id = trace_id.unwrap_or_else(new_trace_id);
    Ok(Task { request_id: new_request_id(), kind, payload, client_context, trace_id })
}

fn is_json(payload: &[u8]) -> Result<(), Refusal> {
    let wrong = |line, column| Refusal::NotJson { line, column };
    let text = std::str::from_utf8(payload).map_err(|error| {
        let before = &payload[..error.valid_up_to()];
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        wrong(1 + before.iter().filter(|&&byte| byte == b'\n').count(), before.len() - line_start + 1)
    })?;
    serde_json::from_str::<IgnoredAny>(text).map(drop).map_err(|error| wrong(error.line(), error.column()))
}

fn unusable(config: &Config, error: &io::Error) -> Problem {
    let message = format!("could not listen on {}: {error}", config.address);
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root().key("address"), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_found_under_every_form_of_its_name() {
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:ranker";
        for form in ["ranker", "ranker:live", "000000000000:function:ranker", arn, &format!("{arn}:live")] {
            assert_eq!(plain_name(form), "ranker", "{form}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_have_a_place_too() {
        assert_eq!(is_json(b"[1,\n\"\xff\"]"), Err(Refusal::NotJson { line: 2, column: 2 }));
        assert_eq!(is_json(b"[1,\n]"), Err(Refusal::NotJson { line: 2, column: 1 }));
        assert_eq!(is_json(b"\"text\""), Ok(()));
    }
}
