//! Header ↔ attributes of the event.
//!
//! Attributes of other parties are left alone; each of ours is checked, and `null` reads as absent.

use serde_json::{Map, Value, json};

use super::id::is_id;
use super::trace::is_traceparent;
use super::{Header, Travel, from_rfc3339, to_rfc3339};
use crate::contract::{is_contract_name, is_name};
use crate::{ErrorCode, Pointer, Problem};

/// Begins `dataschema`; with `specversion` it tells our events from all others.
const SCHEMA_PREFIX: &str = "urn:peer-contract:";

/// Longest `source` and `replyto`, in bytes.
const LONGEST_TEXT: usize = 1024;

/// Whether the object says of itself that it is one of our events.
pub(super) fn is_envelope(attributes: &Map<String, Value>) -> bool {
    let ours = |schema: &Value| schema.as_str().is_some_and(|schema| schema.starts_with(SCHEMA_PREFIX));
    attributes.contains_key("specversion") && attributes.get("dataschema").is_some_and(ours)
}

/// What is wrong with the attribute or part at `at`.
pub(super) fn invalid(at: Pointer, message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::EnvelopeInvalid, at, message)
}

pub(super) fn read(attributes: &Map<String, Value>) -> Result<Header, Problem> {
    let read = Reader(attributes);
    read.required("specversion", "`1.0`", |text| (text == "1.0").then_some(()))?;
    read.optional("datacontenttype", "`application/json`", |text| is_json(text).then_some(()))?;
    let kind = read.required("type", "`<contract>.<agent>.<operation>`, and `.reply` for a reply", Type::read)?;
    Ok(Header {
        id: read.required("id", "a UUID in lower case", id)?,
        source: read.required("source", "a URI reference of up to 1024 bytes", line)?,
        contract_name: kind.contract,
        target: kind.target,
        reply: kind.reply,
        work: read.required("subject", "the id of the work, a UUID in lower case", id)?,
        time_ms: read.required("time", "a time as RFC 3339 writes it, not before 1970", from_rfc3339)?,
        contract: read.required("dataschema", "`urn:peer-contract:sha256:` and 64 lowercase hex digits", |text| {
            text.strip_prefix(SCHEMA_PREFIX)?.parse().ok()
        })?,
        operation: read.required("operation", "`sha256:` and 64 lowercase hex digits", |text| text.parse().ok())?,
        phase: read.optional("phase", "the name of a phase", |text| is_name(text).then(|| text.to_owned()))?,
        hop: read.hop()?,
        travel: read.optional("delivery", "`return` or `event`", travel)?.unwrap_or_default(),
        expiry_ms: read.optional("expirytime", "a time as RFC 3339 writes it, not before 1970", from_rfc3339)?,
        causation: read.optional("causationid", "a UUID in lower case", id)?,
        traceparent: read.optional("traceparent", "a trace parent as W3C trace context writes it", |text| {
            is_traceparent(text).then(|| text.to_owned())
        })?,
        reply_to: read.optional("replyto", "`store`, or an address of up to 1024 bytes", line)?,
    })
}

/// The attributes as JSON, in their order in the event.
pub(super) fn write(header: &Header) -> Map<String, Value> {
    let suffix = if header.reply { ".reply" } else { "" };
    let mut attributes = Map::new();
    let mut set = |name: &str, value: Value| attributes.insert(name.to_owned(), value);
    set("specversion", json!("1.0"));
    set("datacontenttype", json!("application/json"));
    set("id", json!(header.id));
    set("source", json!(header.source));
    set("type", json!(format!("{}.{}{suffix}", header.contract_name, header.target)));
    set("subject", json!(header.work));
    set("time", json!(to_rfc3339(header.time_ms)));
    set("dataschema", json!(format!("{SCHEMA_PREFIX}{}", header.contract)));
    set("operation", json!(header.operation.to_string()));
    set("hop", json!(header.hop));
    set("delivery", json!(if header.travel == Travel::Event { "event" } else { "return" }));
    let texts = [
        ("phase", header.phase.clone()),
        ("expirytime", header.expiry_ms.map(to_rfc3339)),
        ("causationid", header.causation.clone()),
        ("traceparent", header.traceparent.clone()),
        ("replyto", header.reply_to.clone()),
    ];
    for (name, text) in texts {
        text.map(|text| set(name, Value::String(text)));
    }
    attributes
}

struct Reader<'a>(&'a Map<String, Value>);

impl Reader<'_> {
    fn optional<T>(&self, name: &str, wanted: &str, of: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        let wrong = || invalid(Pointer::root().key(name), format!("found something else in `{name}` than {wanted}"));
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_str().and_then(of).map(Some).ok_or_else(wrong),
        }
    }

    fn required<T>(&self, name: &str, wanted: &str, of: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
        let missing = || invalid(Pointer::root().key(name), format!("`{name}` is missing; it holds {wanted}"));
        self.optional(name, wanted, of)?.ok_or_else(missing)
    }

    fn hop(&self) -> Result<u32, Problem> {
        let wrong = || invalid(Pointer::root().key("hop"), "`hop` is an integer from 1 to 2147483647");
        let hop = self.0.get("hop").and_then(whole_number).ok_or_else(wrong)?;
        u32::try_from(hop).ok().filter(|hop| (1..=i32::MAX as u32).contains(hop)).ok_or_else(wrong)
    }
}

/// A number that is whole, however it is written: `2` and `2.0` are one number.
pub(super) fn whole_number(value: &Value) -> Option<u64> {
    let whole = |number: f64| (number.fract() == 0.0 && (0.0..=9e15).contains(&number)).then_some(number as u64);
    value.as_u64().or_else(|| value.as_f64().and_then(whole))
}

struct Type {
    contract: String,
    target: String,
    reply: bool,
}

impl Type {
    fn read(text: &str) -> Option<Self> {
        let mut words = text.split('.');
        let (contract, agent, operation, last) = (words.next()?, words.next()?, words.next()?, words.next());
        let named = is_contract_name(contract) && is_name(agent) && is_name(operation);
        let ends = matches!(last, None | Some("reply")) && words.next().is_none();
        (named && ends).then(|| Self {
            contract: contract.to_owned(),
            target: format!("{agent}.{operation}"),
            reply: last.is_some(),
        })
    }
}

fn id(text: &str) -> Option<String> {
    is_id(text).then(|| text.to_owned())
}

fn line(text: &str) -> Option<String> {
    let clean = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    (clean && (1..=LONGEST_TEXT).contains(&text.len())).then(|| text.to_owned())
}

fn travel(text: &str) -> Option<Travel> {
    match text {
        "return" => Some(Travel::Return),
        "event" => Some(Travel::Event),
        _ => None,
    }
}

/// `application/json`, whatever parameters follow.
fn is_json(text: &str) -> bool {
    text.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
