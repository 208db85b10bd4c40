//! `data` of the event: what the header says it must hold, and nothing else.

use super::attributes::invalid;
use super::scan::{Found, Members};
use super::{Envelope, ErrorBody, Header, Payload, Reference};
use crate::json::Json;
use crate::{Pointer, Problem};

#[derive(Default)]
pub(super) struct Data {
    input: Option<Payload>,
    output: Option<Payload>,
    error: Option<ErrorBody>,
    state: Option<Payload>,
    fan_out: Option<Payload>,
    contract: Option<String>,
}

impl Data {
    pub(super) fn into_envelope(self, header: Header) -> Envelope {
        let Self { input, output, error, state, fan_out, contract } = self;
        Envelope { header, input, output, error, state, fan_out, contract }
    }
}

/// Reads `data` of `message`, as it was found there.
pub(super) fn read(header: &Header, data: Found, message: &Json) -> Result<Data, Problem> {
    let mut members = Reader::of(data, Pointer::root().key("data"), message)?;
    let read = if header.reply { reply(&mut members)? } else { input(&mut members)? };
    members.end()?;
    Ok(read)
}

fn input(data: &mut Reader<'_>) -> Result<Data, Problem> {
    let input = data.part("input", "inputRef")?;
    let fan_out = data.part("fanOut", "fanOutRef")?;
    if input.is_some() == fan_out.is_some() {
        return Err(data.wrong("input", "a message carries an input, or else the children of a group in `fanOut`"));
    }
    let state = data.part("state", "stateRef")?;
    Ok(Data { input, fan_out, state, contract: data.text("contract")?, ..Data::default() })
}

fn reply(data: &mut Reader<'_>) -> Result<Data, Problem> {
    let output = data.part("output", "outputRef")?;
    let error = match data.present("error") {
        None => None,
        Some(error) => Some(error_body(error, data)?),
    };
    if output.is_some() == error.is_some() {
        return Err(data.wrong("output", "a reply carries either an output or an error"));
    }
    Ok(Data { output, error, state: data.part("state", "stateRef")?, ..Data::default() })
}

fn error_body(error: Found, data: &mut Reader<'_>) -> Result<ErrorBody, Problem> {
    let mut members = Reader::of(error, data.at.key("error"), data.message)?;
    let inline = members.by_value("data");
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
struct Reader<'a> {
    at: Pointer,
    members: Members,
    message: &'a Json,
}

impl<'a> Reader<'a> {
    fn of(found: Found, at: Pointer, message: &'a Json) -> Result<Self, Problem> {
        match found {
            Found::Members(members) => Ok(Self { at, members: *members, message }),
            _ => Err(invalid(at, "an object belongs here")),
        }
    }

    fn wrong(&self, name: &str, message: &str) -> Problem {
        invalid(self.at.key(name), message)
    }

    /// A value of its own, `null` included, or a reference beside it.
    fn part(&mut self, name: &str, reference: &str) -> Result<Option<Payload>, Problem> {
        let value = self.by_value(name);
        let beside = self.reference(reference)?.map(Payload::Reference);
        match (&value, &beside) {
            (Some(_), Some(_)) => Err(self.wrong(reference, "the part is there by value already")),
            _ => Ok(value.or(beside)),
        }
    }

    fn by_value(&mut self, name: &str) -> Option<Payload> {
        match self.members.take(name)? {
            Found::Part(range) => Some(Payload::Json(self.message.slice(range))),
            _ => None,
        }
    }

    fn reference(&mut self, name: &str) -> Result<Option<Reference>, Problem> {
        let Some(found) = self.present(name) else { return Ok(None) };
        let mut members = Reader::of(found, self.at.key(name), self.message)?;
        let reference = members.read_reference()?;
        members.end()?;
        Ok(Some(reference))
    }

    fn read_reference(&mut self) -> Result<Reference, Problem> {
        let sha256 = self.text("sha256")?.filter(|text| is_digest(text));
        let encoding = self.text("encoding")?.filter(|text| matches!(text.as_str(), "zstd" | "identity"));
        let bytes = match self.present("bytes") {
            Some(Found::Whole(bytes)) => u64::try_from(bytes).ok(),
            _ => None,
        };
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
            Some(Found::Text(range)) => Ok(Some(self.message.str(range).to_owned())),
            Some(Found::Unescaped(text)) => Ok(Some(text.into())),
            Some(_) => Err(self.wrong(name, "a string belongs here")),
        }
    }

    fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        match self.present(name) {
            None => Ok(false),
            Some(Found::Flag(flag)) => Ok(flag),
            Some(_) => Err(self.wrong(name, "`true` or `false` belongs here")),
        }
    }

    fn present(&mut self, name: &str) -> Option<Found> {
        self.members.take(name).filter(|found| *found != Found::Null)
    }

    /// Nothing may be left: a member that nobody reads would be lost in silence.
    fn end(self) -> Result<(), Problem> {
        match self.members.least() {
            None => Ok(()),
            Some(name) => Err(invalid(self.at.key(name), "nothing reads this member; a misspelling, perhaps")),
        }
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}
