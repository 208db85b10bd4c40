//! The shared contract `shop`: its agents over one store, and what they send.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use peer_contract::host::{Begun, Host, Invocation, Response, Settings, Turn};
use peer_contract::peers::{Answer, Invoke, Invoked, Request, Unreached};
use peer_contract::store::Store;
use peer_contract::{BoxFuture, Contract, ErrorCode, Value};
use peer_contract_core::envelope::{Envelope, Room, Travel, Unpacked};
use peer_contract_core::inbox::{self, Event, Start};
use peer_contract_core::json::{Draft, Json};

/// An address that replies may go to.
pub const ADDRESS: &str = "arn:aws:sns:eu-west-1:123456789012:done";

pub fn contract() -> Contract {
    Contract::parse(include_bytes!("../../../schemas/vectors/contracts/shop.json")).unwrap()
}

/// To whom, and the payload.
type Sent = (String, Vec<u8>);

/// Peers that take every event, or fail as they are told.
#[derive(Clone, Default)]
pub struct Wire {
    sent: Arc<Mutex<Vec<Sent>>>,
    failure: Arc<Mutex<Option<Unreached>>>,
}

impl Wire {
    /// What was sent since the last look.
    pub fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }

    /// From now on nobody is reached, or everybody is again.
    pub fn failing(&self, failure: Option<ErrorCode>) {
        let unreached = |code: ErrorCode| match code.retryable() {
            true => Unreached::retryable(code, "as the test says"),
            false => Unreached::terminal(code, "as the test says"),
        };
        *self.failure.lock().unwrap() = failure.map(unreached);
    }
}

impl Invoke for Wire {
    fn invoke<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, Result<Invoked, Unreached>> {
        if let Some(failure) = self.failure.lock().unwrap().clone() {
            return Box::pin(async move { Err(failure) });
        }
        self.sent.lock().unwrap().push((request.agent.to_owned(), request.payload.to_vec()));
        let answer = Answer::Payload(Vec::new().into());
        Box::pin(async move { Ok(Invoked { answer, cold: None, request_id: None }) })
    }

    fn room(&self, agent: &str, shared_store: bool) -> Room {
        if agent == ADDRESS { Room::topic(shared_store) } else { Room::event(shared_store) }
    }
}

pub fn host(agent: &str, store: Option<Arc<dyn Store>>, wire: &Wire) -> Host {
    let mut settings = Settings::default();
    settings.reply_to.insert(ADDRESS.to_owned());
    settings.cache = std::env::temp_dir().join("peer-contract-shop");
    Host::with_parts(contract(), agent, settings, store, Arc::new(wire.clone())).unwrap()
}

pub fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

pub fn text(value: &Value) -> Draft {
    Json::of_value(value).unwrap().into()
}

/// The first message of a new work.
pub fn first(entry: &str, travel: Travel, input: &Value) -> Vec<u8> {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let mut random = [0; 10];
    random[..8].copy_from_slice(&COUNT.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    let (now_ms, input) = (now_ms(), text(input));
    let start = Start { entry, input, now_ms, random, travel, trace: None, reply_to: None };
    inbox::start(&contract(), start).unwrap().pack(Room::sync(false)).unwrap().bytes
}

pub async fn begin(host: &Host, message: &[u8], request_id: &str) -> Begun {
    let invocation = Invocation { request_id: request_id.into(), ..Invocation::default() };
    host.begin(Event::Bytes(message.to_vec().into()), invocation).await
}

pub async fn turn(host: &Host, message: &[u8], request_id: &str) -> Turn {
    match begin(host, message, request_id).await {
        Begun::Run(turn) => turn,
        Begun::Done(response) => panic!("{response:?}"),
        Begun::Batch(_) => panic!("no batch was sent"),
    }
}

pub async fn done(host: &Host, message: &[u8], request_id: &str) -> Response {
    match begin(host, message, request_id).await {
        Begun::Done(response) => response,
        _ => panic!("the handler would run"),
    }
}

pub fn payload(response: Response) -> Vec<u8> {
    match response {
        Response::Payload(bytes) => bytes,
        Response::Fault(fault) => panic!("{fault:?}"),
    }
}

pub fn fault_code(response: Response) -> String {
    match response {
        Response::Payload(bytes) => panic!("{}", String::from_utf8_lossy(&bytes)),
        Response::Fault(fault) => fault.code,
    }
}

pub fn envelope(bytes: &[u8]) -> Envelope {
    match Envelope::unpack(bytes.to_vec(), &Default::default()).unwrap() {
        Unpacked::Envelope(envelope) => *envelope,
        Unpacked::Plain(json) => panic!("{json:?}"),
    }
}
