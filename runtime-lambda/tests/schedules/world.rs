//! A Lambda that goes wrong by a seed: deliveries come twice, late, in any order, are killed between any two effects, and answers
//! get lost. Everything runs in one task that a seed leads, so a schedule that fails comes again with its seed.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use peer_contract::host::{Host, Invocation, Response, Settings};
use peer_contract::peers::{Answer, Invoke, Invoked, Mode, Request, Unreached};
use peer_contract::store::{Found, Key, MemoryStore, Put, Scope, Store, Swap, Version};
use peer_contract::{BoxFuture, Endpoint, ErrorCode, Serve};
use peer_contract_core::Problem;
use peer_contract_core::inbox::Event;

/// Lambda tries an event three times.
const ATTEMPTS: u32 = 3;

/// Numbers that look random, the same for a seed.
pub struct Draws(Mutex<u64>);

impl Draws {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d))
    }

    pub fn below(&self, end: usize) -> usize {
        let mut state = self.0.lock().unwrap();
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((*state >> 33) as usize) % end.max(1)
    }

    /// Once in so many times.
    fn once_in(&self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// One delivery of an event that is waiting, or waiting again.
struct Waiting {
    agent: String,
    payload: Bytes,
    request_id: String,
    attempt: u32,
    /// Where a caller looks for the answer. Who is called works on when its caller is killed.
    answer: Option<Slot>,
}

type Slot = Arc<Mutex<Option<Response>>>;

/// One that runs.
struct Running {
    waiting: Waiting,
    /// After so many looks it is killed.
    life: Option<usize>,
    future: BoxFuture<'static, Response>,
}

/// What everything in a schedule shares.
pub struct World {
    pub draws: Draws,
    pub store: Arc<dyn Store>,
    queue: Mutex<Vec<Waiting>>,
    requests: Mutex<u64>,
    endpoints: OnceLock<BTreeMap<&'static str, Arc<Endpoint>>>,
}

struct ToWorld(Weak<World>);

/// Gives way once, so that anything may come between.
struct Between(bool);

impl Future for Between {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl World {
    pub fn new(seed: u64, agents: Vec<Box<dyn Serve>>) -> Arc<Self> {
        let world = Arc::new(Self {
            draws: Draws::new(seed),
            store: Arc::new(Slow(MemoryStore::new(Scope::Shared))),
            queue: Mutex::default(),
            requests: Mutex::default(),
            endpoints: OnceLock::new(),
        });
        let endpoint = |agent: Box<dyn Serve>| {
            let (contract, name) = (agent.contract().unwrap().clone(), agent.agent());
            let peers = Arc::new(ToWorld(Arc::downgrade(&world)));
            let host = Host::with_parts(contract, name, Settings::default(), Some(world.store.clone()), peers).unwrap();
            (name, Arc::new(Endpoint::new(host, agent)))
        };
        let _ = world.endpoints.set(agents.into_iter().map(endpoint).collect());
        world
    }

    /// Runs all that was queued, and what that queues, to the end. Gives the number of deliveries.
    pub async fn settle(&self) -> usize {
        let (mut running, mut deliveries): (Vec<Running>, usize) = (Vec::new(), 0);
        let mut looks = 0;
        loop {
            let waiting = self.queue.lock().unwrap().len();
            if waiting == 0 && running.is_empty() {
                return deliveries;
            }
            looks += 1;
            assert!(looks < 2_000_000, "the schedule does not come to an end");
            if running.is_empty() || (waiting > 0 && running.len() < 40 && self.draws.once_in(6)) {
                let one = self.draws.below(waiting);
                let waiting = self.queue.lock().unwrap().swap_remove(one);
                deliveries += 1;
                running.push(self.begin(waiting));
                continue;
            }
            let index = self.draws.below(running.len());
            if running[index].life == Some(0) {
                let Running { waiting, .. } = running.swap_remove(index);
                self.queue.lock().unwrap().push(Waiting { attempt: waiting.attempt + 1, ..waiting });
                continue;
            }
            let one = &mut running[index];
            one.life = one.life.map(|life| life - 1);
            match one.future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                // Pauses between tries are real time, and pass while this gives way.
                Poll::Pending if looks % 16 == 0 => tokio::task::yield_now().await,
                Poll::Pending => {}
                Poll::Ready(response) => {
                    let Running { waiting, .. } = running.swap_remove(index);
                    if let Some(slot) = waiting.answer {
                        *slot.lock().unwrap() = Some(response);
                    } else if let (Response::Fault(_), true) = (response, waiting.attempt < ATTEMPTS) {
                        self.queue.lock().unwrap().push(Waiting { attempt: waiting.attempt + 1, ..waiting });
                    }
                }
            }
        }
    }

    fn begin(&self, waiting: Waiting) -> Running {
        let endpoint = self.endpoints.get().unwrap()[waiting.agent.as_str()].clone();
        let event = Event::Bytes(waiting.payload.clone());
        let invocation = Invocation { request_id: waiting.request_id.clone(), ..Invocation::default() };
        // The last try of a delivery comes through: what Lambda gives up for good is lost by its own rules.
        let may_die = waiting.attempt < ATTEMPTS && waiting.answer.is_none();
        let life = (may_die && self.draws.once_in(8)).then(|| self.draws.below(40));
        Running { life, future: Box::pin(async move { endpoint.answer(event, invocation).await }), waiting }
    }

    fn request_id(&self) -> String {
        let mut requests = self.requests.lock().unwrap();
        *requests += 1;
        format!("request-{requests}")
    }

    pub fn queue(&self, agent: &str, payload: Bytes) {
        let copies = if self.draws.once_in(5) { 2 } else { 1 };
        for _ in 0..copies {
            let (agent, payload, request_id) = (agent.to_owned(), payload.clone(), self.request_id());
            self.queue.lock().unwrap().push(Waiting { agent, payload, request_id, attempt: 1, answer: None });
        }
    }

    async fn answer(&self, request: Request<'_>) -> Result<Invoked, Unreached> {
        Between(false).await;
        let request_id = Some(self.request_id());
        if request.mode == Mode::Wait {
            let answer = self.call(request.agent, request.payload).await;
            return Ok(Invoked { answer, cold: None, request_id });
        }
        // Either the message is lost on its way, or the answer that says it was taken.
        let lost = || Err(Unreached::retryable(ErrorCode::PeerUnreachable, "the connection was lost"));
        if self.draws.once_in(200) {
            return lost();
        }
        self.queue(request.agent, request.payload);
        if self.draws.once_in(200) {
            return lost();
        }
        Ok(Invoked { answer: Answer::Payload(Bytes::new()), cold: None, request_id })
    }

    async fn call(&self, agent: &str, payload: Bytes) -> Answer {
        let slot = Slot::default();
        let (agent, request_id, answer) = (agent.to_owned(), self.request_id(), Some(slot.clone()));
        self.queue.lock().unwrap().push(Waiting { agent, payload, request_id, attempt: 1, answer });
        loop {
            match slot.lock().unwrap().take() {
                Some(Response::Payload(bytes)) => return Answer::Payload(bytes.into()),
                Some(Response::Fault(fault)) => return Answer::Fault(fault),
                None => {}
            }
            Between(false).await;
        }
    }
}

impl Invoke for ToWorld {
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        Box::pin(async move { self.0.upgrade().expect("the world is still there").answer(request).await })
    }
}

/// A store between whose operations anything may happen: before one, and after it.
struct Slow(MemoryStore);

impl Slow {
    fn around<'a, T: Send + 'a>(&'a self, operation: BoxFuture<'a, T>) -> BoxFuture<'a, T> {
        Box::pin(async move {
            Between(false).await;
            let done = operation.await;
            Between(false).await;
            done
        })
    }
}

impl Store for Slow {
    fn scope(&self) -> Scope {
        self.0.scope()
    }

    fn get<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<Option<Found>, Problem>> {
        self.around(self.0.get(key))
    }

    fn put_if_absent<'a>(&'a self, key: &'a Key, bytes: &'a [u8]) -> BoxFuture<'a, Result<Put, Problem>> {
        self.around(self.0.put_if_absent(key, bytes))
    }

    fn compare_and_set<'a>(
        &'a self,
        key: &'a Key,
        expected: Option<&'a Version>,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<Swap, Problem>> {
        self.around(self.0.compare_and_set(key, expected, bytes))
    }

    fn set_aside<'a>(&'a self, key: &'a Key) -> BoxFuture<'a, Result<(), Problem>> {
        self.around(self.0.set_aside(key))
    }
}
