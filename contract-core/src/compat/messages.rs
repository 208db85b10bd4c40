//! Messages and replies that one version sends and the other refuses, where no schema says so: hops, sizes, phases, names,
//! errors that are not known.
//!
//! Each is made in full and given to what reads it when agents run: the inbox of the receiver, or the reader of
//! replies. The sender's own must take it, too. Only what it is about is shown.

use bytes::Bytes;
use serde_json::{Value, json};

use super::difference::Witness;
use super::node::Side;
use super::parts::Part;
use super::witness::{End, example};
use crate::contract::{Kind, Operation};
use crate::envelope::{Envelope, ErrorBody, Header, Outgoing, Payload, Recipient, Room, Travel, Unpacked, id};
use crate::events::Via;
use crate::fan::{self, Group};
use crate::inbox::{Arrival, Event, Inbox, Need, Opened, Replies, first_header, first_state};
use crate::json::Json;
use crate::{Contract, ErrorCode, Limits, Problem};

/// When these messages come, milliseconds since 1970; nothing depends on it.
const NOW_MS: u64 = 1_767_225_600_000;

/// Operations that one message is tried with.
const MOST_TRIED: usize = 16;

/// Who sends, and who refuses. `weight` is how many values may be made, and is counted down.
pub(super) struct Exchange<'a, 'w> {
    pub(super) sender: &'a Side<'a>,
    pub(super) receiver: &'a Side<'a>,
    pub(super) weight: &'w mut usize,
}

impl Exchange<'_, '_> {
    /// Work that has made so many hops.
    pub(super) fn hop(&mut self, hop: u64) -> Option<Witness> {
        self.any("/hop", ErrorCode::HopLimit, |message| message["hop"] = json!(hop))
    }

    /// Work whose state has so many bytes.
    pub(super) fn state(&mut self, bytes: u64) -> Option<Witness> {
        self.any("/data/stateRef/bytes", ErrorCode::StateTooLarge, |message| {
            let reference = json!({ "sha256": "0".repeat(64), "bytes": bytes, "encoding": "identity" });
            let Some(data) = message["data"].as_object_mut() else { return };
            if data.remove("state").is_some() {
                data.insert("stateRef".to_owned(), reference);
            }
        })
    }

    /// Any message, which names the contract.
    pub(super) fn name(&mut self) -> Option<Witness> {
        self.any("/type", ErrorCode::OperationUnknown, |_| {})
    }

    /// Work that comes to the operation in a phase, or a call of it. Where the receiver looks at something else first, as it
    /// does when the input does not fit either, the message is shown with what it refuses.
    pub(super) fn phase(&mut self, sent: &Operation, phase: Option<&str>) -> Option<Witness> {
        let message = self.message(sent, phase)?;
        let problem = self.refusal(sent, &message)?;
        let about = problem.at.as_str() == "/phase" || problem.code == ErrorCode::OperationNotCallable;
        let places: &[&str] = if about { &["/type", "/phase"] } else { &["/type", "/phase", "/data/input"] };
        Some(shown(&format!("{} from", sent.target), &message, places, problem))
    }

    /// The first message to any operation that is refused with this code once it was changed.
    fn any(&mut self, place: &str, code: ErrorCode, change: impl Fn(&mut Value)) -> Option<Witness> {
        let contract = self.sender.contract;
        let subject = if place == "/type" { "contract" } else { "constraints" };
        contract.operations().take(MOST_TRIED).find_map(|operation| {
            let mut message = self.message(operation, operation.from.first().map(String::as_str))?;
            change(&mut message);
            let problem = self.refusal(operation, &message).filter(|problem| problem.code == code)?;
            Some(shown(subject, &message, &["/type", place], problem))
        })
    }

    /// A group of an operation that fans out, with one child of this kind, or none. Whoever runs its children reads it.
    pub(super) fn group(&mut self, sent: &Operation, child: Option<&str>) -> Option<Witness> {
        let contract = self.sender.contract;
        let fan_out = sent.fans_out.as_ref()?;
        let join = contract.operation(&fan_out.join)?;
        let mut children = Vec::new();
        if let Some(child) = child.and_then(|child| contract.operation(child)) {
            let input = example(&End { side: self.sender, at: child.input.clone() }, self.weight)?;
            children.push((child.target.clone(), Json::of_strict(&input)));
        }
        let first = header(contract, join);
        let header = Header { phase: Some(fan_out.to.clone()), causation: Some(first.id.clone()), ..first };
        let mut outgoing = Outgoing::new(header, Recipient::Agent(join.agent.clone()));
        outgoing.fan_out = Some(fan::text_of(&children, fan_out.complete, fan_out.concurrency));
        outgoing.state = Some(first_state(contract));
        let message = packed(&outgoing)?;
        let read = |side: &Side<'_>| Group::unpack(side.contract, message.to_string()).err();
        let problem = read(self.receiver).filter(|_| read(self.sender).is_none())?;
        let place = if child.is_some() { "/data/fanOut/children" } else { "/type" };
        Some(shown(&format!("{} fansOut", sent.target), &message, &[place], problem))
    }

    fn message(&mut self, operation: &Operation, phase: Option<&str>) -> Option<Value> {
        let contract = self.sender.contract;
        let end = End { side: self.sender, at: operation.input.clone() };
        let input = Json::of_strict(&example(&end, self.weight)?);
        let header = Header { phase: phase.map(str::to_owned), ..header(contract, operation) };
        let mut outgoing = Outgoing::new(header, Recipient::Agent(operation.agent.clone()));
        outgoing.input = Some(input);
        outgoing.state = (operation.kind != Kind::Callable).then(|| first_state(contract));
        packed(&outgoing)
    }

    /// Why the receiver refuses a message that the sender's own agents would take.
    fn refusal(&self, operation: &Operation, message: &Value) -> Option<Problem> {
        let open = |side: &Side<'_>| refusal(side.contract, operation, message, self.sender.contract);
        // A state that is only announced is asked for in the store; that it is not there is no refusal.
        let taken = open(self.sender).is_none_or(|problem| problem.code == ErrorCode::StoreFailed);
        open(self.receiver).filter(|_| taken)
    }

    /// A reply of the sender, with the output or the error that a part names.
    pub(super) fn reply(&mut self, operation: &Operation, part: &Part, subject: &str) -> Option<Witness> {
        let given = match part {
            Part::Output => Some(&operation.output.as_ref()?.schema),
            Part::Error(name) => operation.errors.get(name)?.data.as_ref(),
            Part::Input | Part::State => return None,
        };
        let value = match given {
            Some(at) => Some(Json::of_strict(&example(&End { side: self.sender, at: at.clone() }, self.weight)?)),
            None => None,
        };
        let first = header(self.sender.contract, operation);
        let header = Header { reply: true, causation: Some(first.id.clone()), ..first };
        let mut outgoing = Outgoing::new(header, Recipient::Invoker);
        match part {
            Part::Error(name) => outgoing.error = Some(error(name, value)),
            _ => outgoing.output = value,
        }
        let message = packed(&outgoing)?;
        let read = |side: &Side<'_>| read(side.contract, operation, &message).err();
        let problem = read(self.receiver).filter(|_| read(self.sender).is_none())?;
        let place = if matches!(part, Part::Output) { "/data/output" } else { "/data/error" };
        Some(shown(subject, &message, &["/type", place], problem))
    }
}

fn header(contract: &Contract, operation: &Operation) -> Header {
    first_header(contract, operation, NOW_MS, id::first(NOW_MS, [0; 10]), Travel::Return)
}

fn error(name: &str, data: Option<Json>) -> ErrorBody {
    let (code, message) = (name.to_owned(), String::new());
    ErrorBody { code, at: None, message, data: data.map(Payload::Json), retryable: false }
}

fn packed(outgoing: &Outgoing) -> Option<Value> {
    serde_json::from_slice(&outgoing.pack(Room::sync(false)).ok()?.bytes).ok()
}

fn refusal(receiver: &Contract, operation: &Operation, message: &Value, sender: &Contract) -> Option<Problem> {
    let inbox = match Inbox::new(receiver.clone(), &operation.agent, Limits::default()) {
        Ok(inbox) => inbox,
        Err(problem) => return Some(problem),
    };
    let arrival = Arrival {
        now_ms: NOW_MS,
        deadline_ms: None,
        random: [0; 10],
        shared_store: true,
        via: Via::Invocation,
        trace: None,
    };
    let mut opened = inbox.open(Event::Bytes(Bytes::from(message.to_string())), &arrival);
    loop {
        opened = match opened {
            Opened::Ready(_) | Opened::Carried(_) => return None,
            Opened::Refused(refusal) => return Some(refusal.problem),
            Opened::Needs(pending) => {
                let is_contract = matches!(pending.need(), Need::Contract(_));
                pending.supply(is_contract.then(|| sender.canonical().to_vec()))
            }
        };
    }
}

fn read(reader: &Contract, operation: &Operation, message: &Value) -> Result<(), Problem> {
    let limits = Limits::default();
    let Unpacked::Envelope(reply) = Envelope::unpack(message.to_string(), &limits)? else { return Ok(()) };
    let Some(callee) = reader.operation(&operation.target) else { return Ok(()) };
    Replies { contract: reader, limits: &limits }.read(callee, *reply).map(drop)
}

/// The message but for what it is not about.
fn shown(part: &str, message: &Value, places: &[&str], problem: Problem) -> Witness {
    let mut value = json!({});
    for place in places {
        let Some(found) = message.pointer(place) else { continue };
        let spot = place.split('/').skip(1).fold(&mut value, |spot, token| &mut spot[token]);
        *spot = found.clone();
    }
    Witness { part: part.to_owned(), value, code: problem.code, at: problem.at }
}
