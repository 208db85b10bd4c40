//! `data` of the event: what the header says it must hold, and nothing else.

use serde_json::{Map, Value};

use super::attributes::{invalid, whole_number};
use super::unpack::object;
use super::{Envelope, ErrorBody, Header, Payload, Reference};
use crate::json::Json;
use crate::{Pointer, Problem};

#[derive(Default)]
pub(super) struct Data {
    input: Option<Payload>,
    output: Option<Payload>,
    error: Option<ErrorBody>,
    state: Option<Payload>,
    contract: Option<String>,
}

impl Data {
    pub(super) fn into_envelope(self, header: Header) -> Envelope {
        let Self { input, output, error, state, contract } = self;
        Envelope { header, input, output, error, state, contract }
    }
}

pub(super) fn read(header: &Header, data: Value) -> Result<Data, Problem> {
    let at = Pointer::root().key("data");
    let mut members = Members { at: at.clone(), members: object(data, &at)? };
    let read = if header.reply { reply(&mut members)? } else { message(&mut members)? };
    members.end()?;
    Ok(read)
}

fn message(data: &mut Members) -> Result<Data, Problem> {
    let input = data.part("input", "inputRef")?.ok_or_else(|| data.wrong("input", "a message carries an input"))?;
    let state = data.part("state", "stateRef")?;
    Ok(Data { input: Some(input), state, contract: data.text("contract")?, ..Data::default() })
}

fn reply(data: &mut Members) -> Result<Data, Problem> {
    let output = data.part("output", "outputRef")?;
    let error = match data.members.remove("error") {
        None | Some(Value::Null) => None,
        Some(error) => Some(error_body(error, data)?),
    };
    if output.is_some() == error.is_some() {
        return Err(data.wrong("output", "a reply carries either an output or an error"));
    }
    Ok(Data { output, error, state: data.part("state", "stateRef")?, ..Data::default() })
}

fn error_body(error: Value, data: &mut Members) -> Result<ErrorBody, Problem> {
    let at = data.at.key("error");
    let mut members = Members { at: at.clone(), members: object(error, &at)? };
    let inline = members.members.remove("data").map(by_value);
    let beside = data.reference("errorDataRef")?.map(Payload::Reference);
    if inline.is_some() && beside.is_some() {
        return Err(data.wrong("errorDataRef", "`error.data` is there already"));
    }
    let body = ErrorBody {
        code: members.text("code")?.ok_or_else(|| members.wrong("code", "an error has a code"))?,
        at: members.text("at")?,
        message: members.text("message")?.unwrap_or_default(),
        data: inline.or(beside),
        retryable: members.flag("retryable")?,
    };
    members.end()?;
    Ok(body)
}

/// Members of an object that are taken out one by one.
struct Members {
    at: Pointer,
    members: Map<String, Value>,
}

impl Members {
    fn wrong(&self, name: &str, message: &str) -> Problem {
        invalid(self.at.key(name), message)
    }

    /// A value of its own, `null` included, or a reference beside it.
    fn part(&mut self, name: &str, reference: &str) -> Result<Option<Payload>, Problem> {
        let value = self.members.remove(name).map(by_value);
        let beside = self.reference(reference)?.map(Payload::Reference);
        match (&value, &beside) {
            (Some(_), Some(_)) => Err(self.wrong(reference, "the part is there by value already")),
            _ => Ok(value.or(beside)),
        }
    }

    fn reference(&mut self, name: &str) -> Result<Option<Reference>, Problem> {
        let Some(value) = self.present(name) else { return Ok(None) };
        let at = self.at.key(name);
        let mut members = Self { at: at.clone(), members: object(value, &at)? };
        let reference = members.read_reference()?;
        members.end()?;
        Ok(Some(reference))
    }

    fn read_reference(&mut self) -> Result<Reference, Problem> {
        let sha256 = self.text("sha256")?.filter(|text| is_digest(text));
        let encoding = self.text("encoding")?.filter(|text| matches!(text.as_str(), "zstd" | "identity"));
        let bytes = self.present("bytes").as_ref().and_then(whole_number);
        Ok(Reference {
            sha256: sha256.ok_or_else(|| self.wrong("sha256", "64 lowercase hex digits belong here"))?,
            bytes: bytes.ok_or_else(|| self.wrong("bytes", "the length of the uncompressed bytes belongs here"))?,
            encoding: encoding.ok_or_else(|| self.wrong("encoding", "`zstd` or `identity` belongs here"))?,
            inline: self.text("inline")?,
        })
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.present(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(name, "a string belongs here")),
        }
    }

    fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        match self.present(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(self.wrong(name, "`true` or `false` belongs here")),
        }
    }

    fn present(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name).filter(|value| !value.is_null())
    }

    /// Nothing may be left: a member that nobody reads would be lost in silence.
    fn end(self) -> Result<(), Problem> {
        match self.members.iter().find(|(_, value)| !value.is_null()) {
            None => Ok(()),
            Some((name, _)) => Err(invalid(self.at.key(name), "nothing reads this member; a misspelling, perhaps")),
        }
    }
}

fn by_value(value: Value) -> Payload {
    Payload::Json(Json::of_strict(&value))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}
