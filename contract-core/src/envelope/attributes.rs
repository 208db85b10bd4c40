//! Header ↔ attributes of the event.
//!
//! Attributes of other parties are left alone; each of ours is checked, and `null` reads as absent.

use super::id::is_id;
use super::scan::{Found, Members};
use super::write::Object;
use super::{Header, TraceContext, Travel, from_rfc3339, to_rfc3339};
use crate::contract::{is_contract_name, is_name};
use crate::json::Json;
use crate::{ErrorCode, Pointer, Problem};

/// Begins `dataschema`; with `specversion` it tells our events from all others.
const SCHEMA_PREFIX: &str = "urn:peer-contract:";

/// Longest `source` and `replyto`, in bytes.
const LONGEST_TEXT: usize = 1024;

/// Whether the object says of itself that it is one of our events.
pub(super) fn is_envelope(attributes: &Members, message: &Json) -> bool {
    let schema = attributes.get("dataschema").and_then(|found| found.text(message));
    attributes.get("specversion").is_some() && schema.is_some_and(is_our_schema)
}

/// Whether `dataschema` names a contract.
pub(crate) fn is_our_schema(schema: &str) -> bool {
    schema.starts_with(SCHEMA_PREFIX)
}

/// What is wrong with the attribute or part at `at`.
pub(super) fn invalid(at: Pointer, message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::EnvelopeInvalid, at, message)
}

pub(super) fn read(attributes: &Members, message: &Json) -> Result<Header, Problem> {
    let read = Reader(attributes, message);
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
        trace: read.trace()?,
        reply_to: read.optional("replyto", "`store`, or an address of up to 1024 bytes", line)?,
    })
}

/// The attributes that stand before `data`.
pub(super) fn write_head(header: &Header, event: &mut Object<'_>) {
    event.optional("causationid", header.causation.as_deref());
}

/// The attributes that stand behind `data`.
pub(super) fn write_tail(header: &Header, event: &mut Object<'_>) {
    let Header { contract_name, target, .. } = header;
    let suffix = if header.reply { ".reply" } else { "" };
    event.string("datacontenttype", "application/json");
    event.string("dataschema", &format!("{SCHEMA_PREFIX}{}", header.contract));
    event.string("delivery", if header.travel == Travel::Event { "event" } else { "return" });
    event.optional("expirytime", header.expiry_ms.map(to_rfc3339).as_deref());
    event.literal("hop", header.hop);
    event.string("id", &header.id);
    event.string("operation", &header.operation.to_string());
    event.optional("phase", header.phase.as_deref());
    event.optional("replyto", header.reply_to.as_deref());
    event.string("source", &header.source);
    event.string("specversion", "1.0");
    event.string("subject", &header.work);
    event.string("time", &to_rfc3339(header.time_ms));
    if let Some(trace) = &header.trace {
        event.string("traceparent", &trace.to_string());
        event.optional("tracestate", trace.state());
    }
    event.string("type", &format!("{contract_name}.{target}{suffix}"));
}

struct Reader<'a>(&'a Members, &'a Json);

impl Reader<'_> {
    fn optional<T>(&self, name: &str, wanted: &str, of: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        let wrong = || invalid(Pointer::root().key(name), format!("found something else in `{name}` than {wanted}"));
        match self.0.get(name) {
            None | Some(Found::Null) => Ok(None),
            Some(found) => found.text(self.1).and_then(of).map(Some).ok_or_else(wrong),
        }
    }

    fn required<T>(&self, name: &str, wanted: &str, of: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
        let missing = || invalid(Pointer::root().key(name), format!("`{name}` is missing; it holds {wanted}"));
        self.optional(name, wanted, of)?.ok_or_else(missing)
    }

    /// What is no trace context is as good as none.
    fn trace(&self) -> Result<Option<TraceContext>, Problem> {
        let text = |name| self.optional(name, "a string", |text| Some(text.to_owned()));
        let (parent, state) = (text("traceparent")?, text("tracestate")?);
        Ok(parent.and_then(|parent| TraceContext::read(&parent, state.as_deref())))
    }

    fn hop(&self) -> Result<u32, Problem> {
        let hop = match self.0.get("hop") {
            Some(Found::Whole(hop)) => u32::try_from(*hop).ok(),
            _ => None,
        };
        let wrong = || invalid(Pointer::root().key("hop"), "`hop` is an integer from 1 to 2147483647");
        hop.filter(|hop| (1..=i32::MAX as u32).contains(hop)).ok_or_else(wrong)
    }
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
    is_line(text).then(|| text.to_owned())
}

/// Whether the text may be a `source` or a `replyto`.
pub(crate) fn is_line(text: &str) -> bool {
    let clean = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    clean && (1..=LONGEST_TEXT).contains(&text.len())
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
