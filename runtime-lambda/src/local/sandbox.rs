//! The life of one sandbox, from the start of its process to its end.
//!
//! ```text
//! Starting ─next→ Idle ─deliver→ Busy ─response│error→ Finishing ─next→ Idle
//!     └── deadline, exit, init error, shutdown: every stage can end, and whoever waits is answered ──┘
//! ```

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::event::{Ended, LocalEvent, StopReason};
use super::launch::{self, Process};
use super::log_lines::LogLines;
use super::platform::{Platform, new_log_stream};
use super::pool::Pool;
use super::report;
use super::service::{Answer, InvocationType, Status};

/// Time that the last lines of a dead process may take to arrive.
const LOG_PATIENCE: Duration = Duration::from_millis(250);
/// Time that the lines before an error may take: the answer came by another way than they do.
const FAULT_LOG_PATIENCE: Duration = Duration::from_millis(5);

/// One invocation on its way through a sandbox.
#[derive(Debug)]
pub(super) struct Job {
    pub request_id: String,
    pub kind: InvocationType,
    pub payload: Bytes,
    pub client_context: Option<String>,
    pub trace_id: String,
    pub answer: oneshot::Sender<Finished>,
}

/// What becomes of a job. A sender that is dropped means that everything ends.
#[derive(Debug)]
pub(super) enum Finished {
    Answer(Answer),
    /// The sandbox was gone before it took the job: ask another one.
    Stale,
}

/// What the runtime gets when it asks for work.
#[derive(Debug)]
pub(super) struct Delivery {
    pub request_id: String,
    pub deadline_ms: u128,
    pub arn: String,
    pub trace_id: String,
    pub client_context: Option<String>,
    pub payload: Bytes,
}

/// What the runtime hears about its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    UnknownRequest,
    WrongState,
}

/// What a sandbox is told, by its pool or by its own runtime.
#[derive(Debug)]
pub(super) enum Order {
    Invoke(Job),
    Next(oneshot::Sender<Delivery>),
    Answer {
        request_id: String,
        status: Status,
        body: Bytes,
        heard: oneshot::Sender<Verdict>,
    },
    InitFailed {
        body: Bytes,
        heard: oneshot::Sender<Verdict>,
    },
    /// To end as soon as there is no work underway.
    Retire,
    Stop,
}

/// How others reach a sandbox.
#[derive(Debug)]
pub(super) struct Sandbox {
    /// `function/number`.
    pub name: String,
    /// Its stream in the log group of its function.
    pub log_stream: Arc<str>,
    pub orders: mpsc::UnboundedSender<Order>,
}

#[derive(Debug)]
enum Stage {
    /// Somebody waits for it.
    Starting,
    /// Nobody does yet; to the pool it counts as finishing.
    StartingAhead,
    Idle,
    Busy(Job, Instant),
    Finishing,
}

/// Why a life ended, and what a job that was underway is answered with.
pub(super) struct Death {
    pub reason: StopReason,
    pub fault: Option<Bytes>,
}

impl Death {
    fn renewed() -> Self {
        Self { reason: StopReason::Renewed, fault: None }
    }

    /// Nothing went wrong: the process is asked to end before it is killed.
    fn is_asked_for(&self) -> bool {
        matches!(self.reason, StopReason::Shutdown | StopReason::Idle | StopReason::Renewed)
    }
}

pub(super) struct Life {
    sandbox: Arc<Sandbox>,
    pool: Arc<Pool>,
    platform: Arc<Platform>,
    log: Arc<LogLines>,
    stage: Stage,
    deadline: Option<Instant>,
    pending: Option<Job>,
    asking: Option<oneshot::Sender<Delivery>>,
    retired: bool,
    launched: Instant,
    /// Duration of the start, until the first invocation is told about it.
    cold: Option<Duration>,
    pid: u32,
}

/// Starts a sandbox, for `job` or ahead of any, and lives its life.
pub(super) async fn live(pool: Arc<Pool>, platform: Arc<Platform>, number: u32, job: Option<Job>) {
    let (sender, mut orders) = mpsc::unbounded_channel();
    let name = format!("{}/{number}", pool.function.name);
    let sandbox = Arc::new(Sandbox { name, log_stream: new_log_stream(), orders: sender });
    pool.started(&sandbox);
    let log = LogLines::new(&pool.function.name, &sandbox, platform.bus.clone(), platform.logs.clone());
    let now = Instant::now();
    let mut life = Life {
        stage: Stage::Starting,
        deadline: Some(now + platform.init_timeout),
        pending: None,
        asking: None,
        retired: false,
        launched: now,
        cold: None,
        pid: 0,
        sandbox,
        pool,
        platform,
        log,
    };
    match job {
        Some(job) => life.accept(job),
        None => life.stage = Stage::StartingAhead,
    }
    match launch::launch(&life.platform, &life.pool.function, &life.sandbox, &life.log).await {
        Ok(mut process) => {
            life.pid = process.group.id();
            let death = life.until_death(&mut process, &mut orders).await;
            life.bury(Some(process), orders, death).await;
        }
        Err(error) => {
            let fault = life.fault("Runtime.InvalidEntrypoint", &error);
            let death = Death { reason: StopReason::NotStarted(error), fault };
            life.bury(None, orders, death).await;
        }
    }
}

impl Life {
    async fn until_death(&mut self, process: &mut Process, orders: &mut mpsc::UnboundedReceiver<Order>) -> Death {
        loop {
            let step = tokio::select! {
                Some(order) = orders.recv() => self.obey(order).await,
                status = process.group.child.wait() => ControlFlow::Break(self.exited(status.ok())),
                () = until(self.deadline) => ControlFlow::Break(self.timed_out()),
            };
            if let ControlFlow::Break(death) = step {
                return death;
            }
        }
    }

    async fn obey(&mut self, order: Order) -> ControlFlow<Death> {
        match order {
            Order::Invoke(job) => {
                // The runtime may have hung up without ending; then this is what ends the wait.
                self.deadline = Some(Instant::now() + self.pool.function.timeout);
                self.accept(job);
                self.deliver();
            }
            Order::Next(asking) => return self.asked(asking),
            Order::Answer { request_id, status, body, heard } => {
                let verdict = self.answered(&request_id, status, body).await;
                let _ = heard.send(verdict);
            }
            Order::InitFailed { body, heard } => return self.init_failed(body, heard),
            Order::Retire => return self.retire(),
            Order::Stop => return ControlFlow::Break(Death { reason: StopReason::Shutdown, fault: None }),
        }
        ControlFlow::Continue(())
    }

    fn accept(&mut self, job: Job) {
        self.log.begin(&job.request_id);
        self.platform.bus.tell(&LocalEvent::Invoked {
            request_id: job.request_id.clone(),
            function: self.pool.function.name.clone(),
            sandbox: self.sandbox.name.clone(),
            kind: job.kind,
            payload: job.payload.clone(),
        });
        self.pending = Some(job);
    }

    fn asked(&mut self, asking: oneshot::Sender<Delivery>) -> ControlFlow<Death> {
        match self.stage {
            Stage::StartingAhead | Stage::Finishing if self.retired => return ControlFlow::Break(Death::renewed()),
            Stage::Starting => {
                self.cold = Some(self.has_started());
                self.stage = Stage::Idle;
            }
            Stage::StartingAhead => {
                self.has_started();
                self.rest();
            }
            Stage::Finishing => self.rest(),
            Stage::Idle => {}
            // Dropping the sender answers with 403: the work it has comes first.
            Stage::Busy(..) => return ControlFlow::Continue(()),
        }
        self.asking = Some(asking);
        self.deliver();
        ControlFlow::Continue(())
    }

    fn retire(&mut self) -> ControlFlow<Death> {
        self.retired = true;
        let has_nothing_to_do = matches!(self.stage, Stage::Idle) && self.pending.is_none();
        if has_nothing_to_do { ControlFlow::Break(Death::renewed()) } else { ControlFlow::Continue(()) }
    }

    fn has_started(&self) -> Duration {
        let cold = self.launched.elapsed();
        self.platform.bus.tell(&LocalEvent::Started {
            function: self.pool.function.name.clone(),
            sandbox: self.sandbox.name.clone(),
            pid: self.pid,
            cold,
        });
        cold
    }

    fn rest(&mut self) {
        self.stage = Stage::Idle;
        self.deadline = Some(Instant::now() + self.platform.idle_end);
        self.pool.is_idle(&self.sandbox);
    }

    fn is_starting(&self) -> bool {
        matches!(self.stage, Stage::Starting | Stage::StartingAhead)
    }

    /// Brings work and worker together, if both are there.
    fn deliver(&mut self) {
        let ready = matches!(self.stage, Stage::Idle) && self.asking.as_ref().is_some_and(|asking| !asking.is_closed());
        let (true, Some(job)) = (ready, self.pending.take_if(|_| ready)) else { return };
        let Some(asking) = self.asking.take() else { return };
        let timeout = self.pool.function.timeout;
        let delivery = Delivery {
            request_id: job.request_id.clone(),
            deadline_ms: (now() + timeout).as_millis(),
            arn: self.platform.arn(&self.pool.function.name),
            trace_id: job.trace_id.clone(),
            client_context: job.client_context.clone(),
            payload: job.payload.clone(),
        };
        if asking.send(delivery).is_err() {
            // It hung up this instant. It asks again, or its deadline comes.
            self.pending = Some(job);
            return;
        }
        self.log.told(&report::started(&job.request_id));
        let began = Instant::now();
        self.deadline = Some(began + timeout);
        self.stage = Stage::Busy(job, began);
    }

    async fn answered(&mut self, request_id: &str, status: Status, body: Bytes) -> Verdict {
        if !matches!(&self.stage, Stage::Busy(job, _) if job.request_id == request_id) {
            return Verdict::UnknownRequest;
        }
        if status == Status::FunctionError {
            tokio::time::sleep(FAULT_LOG_PATIENCE).await;
        }
        if let Stage::Busy(job, began) = std::mem::replace(&mut self.stage, Stage::Finishing) {
            // Before the answer: a caller that comes back at once finds a sandbox worth waiting for.
            self.pool.is_finishing();
            self.finish(job, status, body, began.elapsed());
        }
        Verdict::Accepted
    }

    fn finish(&mut self, job: Job, status: Status, payload: Bytes, duration: Duration) {
        let cold = self.cold.take();
        let function = &self.pool.function;
        let ended = report::ended(&job.request_id, function, duration, cold);
        let log_tail = report::with_platform_lines(&self.log.tail(), &job.request_id, &ended);
        ended.iter().for_each(|line| self.log.told(line));
        self.platform.bus.tell(&LocalEvent::Answered {
            request_id: job.request_id.clone(),
            function: function.name.clone(),
            sandbox: self.sandbox.name.clone(),
            duration,
            cold,
            ended: if status == Status::Ok { Ended::Answer } else { Ended::FunctionError },
            payload: payload.clone(),
        });
        let sandbox = self.sandbox.name.clone();
        let answer = Answer { request_id: job.request_id, status, payload, sandbox, duration, cold, log_tail };
        // A caller that stopped waiting does not need it.
        let _ = job.answer.send(Finished::Answer(answer));
    }

    fn init_failed(&mut self, body: Bytes, heard: oneshot::Sender<Verdict>) -> ControlFlow<Death> {
        if !self.is_starting() {
            let _ = heard.send(Verdict::WrongState);
            return ControlFlow::Continue(());
        }
        let _ = heard.send(Verdict::Accepted);
        ControlFlow::Break(Death { reason: StopReason::InitFailed, fault: Some(body) })
    }

    fn exited(&self, status: Option<std::process::ExitStatus>) -> Death {
        let (reason, fault) = report::exit(status);
        Death { reason: StopReason::Exited(reason), fault: self.fault("Runtime.ExitError", &fault) }
    }

    fn timed_out(&self) -> Death {
        if matches!(self.stage, Stage::Idle) && self.pending.is_none() {
            return Death { reason: StopReason::Idle, fault: None };
        }
        let fault = match self.stage {
            Stage::Starting | Stage::StartingAhead => {
                format!("Init timed out after {:.2} seconds", self.platform.init_timeout.as_secs_f64())
            }
            _ => format!("Task timed out after {:.2} seconds", self.pool.function.timeout.as_secs_f64()),
        };
        Death { reason: StopReason::TimedOut, fault: self.fault("Sandbox.Timedout", &fault) }
    }

    /// The error object for the job that is underway, if one is.
    fn fault(&self, error_type: &str, message: &str) -> Option<Bytes> {
        let underway = match &self.stage {
            Stage::Busy(job, _) => Some(job),
            _ => self.pending.as_ref(),
        };
        underway.map(|job| report::error_object(error_type, &job.request_id, message))
    }

    async fn bury(mut self, process: Option<Process>, mut orders: mpsc::UnboundedReceiver<Order>, death: Death) {
        // First of all nobody must find it any more.
        self.pool.ended(&self.sandbox, matches!(self.stage, Stage::Finishing | Stage::StartingAhead));
        orders.close();
        while let Ok(order) = orders.try_recv() {
            if let Order::Invoke(job) = order {
                let _ = job.answer.send(Finished::Stale);
            }
        }
        if let Some(process) = process {
            let grace = death.is_asked_for().then_some(self.platform.stop_grace);
            process.end(&self.platform, grace, LOG_PATIENCE).await;
        }
        self.settle(&death);
        self.platform.bus.tell(&LocalEvent::Stopped {
            function: self.pool.function.name.clone(),
            sandbox: self.sandbox.name.clone(),
            reason: death.reason,
        });
    }

    /// Answers whoever still waits.
    fn settle(&mut self, death: &Death) {
        let was_idle = matches!(self.stage, Stage::Idle);
        let (job, duration) = match std::mem::replace(&mut self.stage, Stage::Finishing) {
            Stage::Busy(job, began) => (Some(job), began.elapsed()),
            _ => (self.pending.take(), Duration::ZERO),
        };
        let Some(job) = job else { return };
        match &death.fault {
            None => drop(job),
            Some(_) if was_idle && matches!(death.reason, StopReason::Exited(_)) => {
                let _ = job.answer.send(Finished::Stale);
            }
            Some(fault) => {
                self.cold = self.cold.or_else(|| self.pid.eq(&0).then(|| self.launched.elapsed()));
                self.finish(job, Status::FunctionError, fault.clone(), duration);
            }
        }
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
