//! The sandboxes of one function: reuse before start, and a limit.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use super::config::Function;
use super::platform::Platform;
use super::refusal::Refusal;
use super::sandbox::{Finished, Job, Order, Sandbox, live};
use super::service::{Answer, InvocationType};
use super::tasks::Tasks;

/// A sandbox that has answered asks for more within a millisecond or so; waiting for it beats starting another.
const REUSE_PATIENCE: Duration = Duration::from_millis(50);
/// The same when no other may be started.
const FULL_PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(super) struct Pool {
    pub function: Function,
    platform: Arc<Platform>,
    lives: Tasks,
    slots: Mutex<Slots>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct Slots {
    all: Vec<Arc<Sandbox>>,
    /// The last one that worked is the next to work: its caches are warm.
    idle: Vec<Arc<Sandbox>>,
    live: usize,
    /// Answered, but did not ask for more yet.
    finishing: usize,
    /// Callers that wait for one of these.
    waiting: usize,
    started: u32,
}

/// What is asked of a function, apart from who waits for the answer.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub request_id: String,
    pub kind: InvocationType,
    pub payload: bytes::Bytes,
    pub client_context: Option<String>,
    pub trace_id: String,
}

enum Place {
    Warm(Arc<Sandbox>),
    New(u32),
    Wait(Duration),
    Full,
}

impl Pool {
    pub fn new(function: Function, platform: Arc<Platform>) -> Arc<Self> {
        let (slots, freed, lives) = (Mutex::default(), Notify::new(), Tasks::default());
        Arc::new(Self { function, platform, lives, slots, freed })
    }

    /// Runs a task once.
    ///
    /// # Errors
    /// [`Refusal::TooManyRequests`], [`Refusal::ShuttingDown`]. What the function says is an [`Answer`].
    pub async fn run(self: &Arc<Self>, task: &Task) -> Result<Answer, Refusal> {
        loop {
            let (answer, finished) = oneshot::channel();
            self.place(task.job(answer)).await?;
            match finished.await {
                Ok(Finished::Answer(answer)) => return Ok(answer),
                Ok(Finished::Stale) => {}
                Err(_) => return Err(Refusal::ShuttingDown),
            }
        }
    }

    /// Starts a sandbox that waits for work, unless there is one or no room.
    pub fn warm(self: &Arc<Self>) {
        let mut slots = self.slots();
        if slots.live > 0 || self.platform.is_closing() {
            return;
        }
        slots.live += 1;
        slots.started += 1;
        // As if it had answered: whoever comes now waits a moment for it rather than start another.
        slots.finishing += 1;
        let number = slots.started;
        drop(slots);
        self.lives.spawn(live(self.clone(), self.platform.clone(), number, None));
    }

    /// Resolves when a sandbox may have become free.
    pub async fn freed(&self) {
        self.freed.notified().await;
    }

    async fn place(self: &Arc<Self>, job: Job) -> Result<(), Refusal> {
        let began = Instant::now();
        loop {
            let freed = self.freed.notified();
            if self.platform.is_closing() {
                return Err(Refusal::ShuttingDown);
            }
            match self.pick(began.elapsed()) {
                Place::Warm(sandbox) => {
                    // A sandbox that died this instant drains its orders, and a closed one gives the job back:
                    // in both cases the caller hears `Stale` and comes again.
                    if let Err(refused) = sandbox.orders.send(Order::Invoke(job)) {
                        let Order::Invoke(job) = refused.0 else { return Err(Refusal::ShuttingDown) };
                        let _ = job.answer.send(Finished::Stale);
                    }
                    return Ok(());
                }
                Place::New(number) => {
                    self.lives.spawn(live(self.clone(), self.platform.clone(), number, Some(job)));
                    return Ok(());
                }
                Place::Wait(patience) => {
                    let _waiting = Waiting(self);
                    let _ = tokio::time::timeout(patience, freed).await;
                }
                Place::Full => return Err(Refusal::TooManyRequests),
            }
        }
    }

    fn pick(&self, waited: Duration) -> Place {
        let mut slots = self.slots();
        if let Some(sandbox) = slots.idle.pop() {
            return Place::Warm(sandbox);
        }
        let full = slots.live >= self.function.concurrency;
        let patience = if full { FULL_PATIENCE } else { REUSE_PATIENCE }.saturating_sub(waited);
        if slots.finishing > slots.waiting && !patience.is_zero() {
            slots.waiting += 1;
            return Place::Wait(patience);
        }
        if full {
            return Place::Full;
        }
        slots.live += 1;
        slots.started += 1;
        Place::New(slots.started)
    }

    pub fn started(&self, sandbox: &Arc<Sandbox>) {
        self.slots().all.push(sandbox.clone());
        if self.platform.is_closing() {
            let _ = sandbox.orders.send(Order::Stop);
        }
    }

    pub fn is_finishing(&self) {
        self.slots().finishing += 1;
    }

    /// Ends all sandboxes of this moment, each when it has nothing left to do.
    pub fn renew(&self) {
        let mut slots = self.slots();
        slots.idle.clear();
        for sandbox in &slots.all {
            let _ = sandbox.orders.send(Order::Retire);
        }
    }

    /// A sandbox that was finishing wants more.
    pub fn is_idle(&self, sandbox: &Arc<Sandbox>) {
        let mut slots = self.slots();
        slots.finishing -= 1;
        slots.idle.push(sandbox.clone());
        drop(slots);
        self.freed.notify_waiters();
    }

    pub fn ended(&self, sandbox: &Arc<Sandbox>, was_finishing: bool) {
        let mut slots = self.slots();
        slots.live -= 1;
        slots.finishing -= usize::from(was_finishing);
        slots.idle.retain(|idle| !Arc::ptr_eq(idle, sandbox));
        slots.all.retain(|one| !Arc::ptr_eq(one, sandbox));
        drop(slots);
        self.freed.notify_waiters();
    }

    /// Tells every sandbox to end and waits until its process is gone. New ones are refused by then.
    pub async fn stop(&self) {
        for sandbox in &self.slots().all {
            let _ = sandbox.orders.send(Order::Stop);
        }
        self.freed.notify_waiters();
        self.lives.finished().await;
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().expect("no holder of the slots panics")
    }
}

impl Task {
    fn job(&self, answer: oneshot::Sender<Finished>) -> Job {
        let Self { request_id, kind, payload, client_context, trace_id } = self.clone();
        Job { request_id, kind, payload, client_context, trace_id, answer }
    }
}

/// One caller that waits; its place is given back also when it is dropped while waiting.
struct Waiting<'a>(&'a Pool);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.slots().waiting -= 1;
    }
}
