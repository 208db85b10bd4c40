//! The parts of an outgoing message as bytes, and how they get smaller.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::encoding::{compress, to_base64};
use super::{Blob, ErrorBody, Outgoing, Packed, Payload, Reference, Room, attributes};
use crate::json::Json;
use crate::{ErrorCode, Pointer, Problem};

/// Bytes that a part is not worth compressing or moving for: a reference alone is about as long.
const SMALL: usize = 512;

pub(super) struct Parts<'a> {
    outgoing: &'a Outgoing,
    parts: Vec<Part<'a>>,
    /// Bytes of the envelope without its parts.
    frame: usize,
}

struct Part<'a> {
    /// Name by value, or empty for the data of an error, which stands inside `error`.
    name: &'static str,
    reference: &'static str,
    raw: &'a [u8],
    form: Form,
}

enum Form {
    AsIs,
    Inline { encoded: Vec<u8>, written: Vec<u8> },
    Moved { encoded: Vec<u8>, written: Vec<u8> },
}

impl<'a> Part<'a> {
    fn new(name: &'static str, reference: &'static str, json: &'a Json) -> Self {
        Self { name, reference, raw: json.as_bytes(), form: Form::AsIs }
    }

    /// What of it stands in the envelope.
    fn written(&self) -> &[u8] {
        match &self.form {
            Form::AsIs => self.raw,
            Form::Inline { written, .. } | Form::Moved { written, .. } => written,
        }
    }

    fn compress(&mut self) {
        let encoded = compress(self.raw);
        let reference = Reference { inline: Some(to_base64(&encoded)), ..Reference::to(self.raw) };
        let written = write_reference(&reference);
        if written.len() < self.raw.len() {
            self.form = Form::Inline { encoded, written };
        }
    }

    fn move_out(&mut self) {
        let encoded = match std::mem::replace(&mut self.form, Form::AsIs) {
            Form::Inline { encoded, .. } | Form::Moved { encoded, .. } => encoded,
            Form::AsIs => compress(self.raw),
        };
        self.form = Form::Moved { encoded, written: write_reference(&Reference::to(self.raw)) };
    }
}

impl<'a> Parts<'a> {
    pub(super) fn of(outgoing: &'a Outgoing) -> Self {
        let error_data = match outgoing.error.as_ref().and_then(|error| error.data.as_ref()) {
            Some(Payload::Json(data)) => Some(data),
            _ => None,
        };
        let parts = [
            ("input", "inputRef", outgoing.input.as_ref()),
            ("output", "outputRef", outgoing.output.as_ref()),
            ("", "errorDataRef", error_data),
            ("state", "stateRef", outgoing.state.as_ref()),
        ];
        let parts = parts.into_iter().filter_map(|(name, reference, value)| Some(Part::new(name, reference, value?)));
        let mut this = Self { outgoing, parts: Vec::new(), frame: 0 };
        this.frame = this.envelope().len();
        this.parts = parts.collect();
        this
    }

    /// Compresses, then moves, largest first, until the envelope has room.
    pub(super) fn shrink_to(&mut self, room: Room) -> Result<(), Problem> {
        for index in self.largest_first() {
            if self.bytes() > room.bytes {
                self.parts[index].compress();
            }
        }
        for index in self.largest_first() {
            if self.bytes() > room.bytes && room.shared_store {
                self.parts[index].move_out();
            }
        }
        if self.bytes() > room.bytes { Err(self.too_large(room)) } else { Ok(()) }
    }

    fn largest_first(&self) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.parts.len()).filter(|index| self.parts[*index].raw.len() > SMALL).collect();
        order.sort_by_key(|index| std::cmp::Reverse(self.parts[*index].written().len()));
        order
    }

    /// An upper bound: names, colons and commas are counted generously.
    fn bytes(&self) -> usize {
        self.frame + self.parts.iter().map(|part| part.written().len() + 24).sum::<usize>()
    }

    fn too_large(&self, room: Room) -> Problem {
        let message = format!("{} bytes are left after compressing, {} may be sent", self.bytes(), room.bytes);
        let problem = Problem::new(ErrorCode::PayloadTooLarge, Pointer::root().key("data"), message);
        if room.shared_store { problem } else { problem.with_help("configure a shared store for large parts") }
    }

    pub(super) fn write(self) -> Packed {
        let bytes = self.envelope();
        let state_bytes = self.parts.iter().find(|part| part.name == "state").map_or(0, |part| part.raw.len());
        let work = &self.outgoing.header.work;
        let blobs = self.parts.into_iter().filter_map(|part| match part.form {
            Form::Moved { encoded, .. } => Some(Blob { key: Reference::to(part.raw).key(work), bytes: encoded }),
            _ => None,
        });
        Packed { bytes, blobs: blobs.collect(), state_bytes }
    }

    fn envelope(&self) -> Vec<u8> {
        let mut members: Members = BTreeMap::new();
        for (name, value) in attributes::write(&self.outgoing.header) {
            members.insert(name, to_bytes(&value));
        }
        members.insert("data".to_owned(), self.data());
        object(&members)
    }

    fn data(&self) -> Vec<u8> {
        let mut members: Members = BTreeMap::new();
        if let Some(contract) = &self.outgoing.contract {
            members.insert("contract".to_owned(), to_bytes(contract));
        }
        let mut error = self.outgoing.error.as_ref().map(error_members);
        for part in &self.parts {
            let written = part.written().to_vec();
            match (&part.form, &mut error) {
                (Form::AsIs, Some(error)) if part.name.is_empty() => error.insert("data".to_owned(), written),
                (Form::AsIs, _) => members.insert(part.name.to_owned(), written),
                _ => members.insert(part.reference.to_owned(), written),
            };
        }
        if let Some(error) = error {
            members.insert("error".to_owned(), object(&error));
        }
        object(&members)
    }
}

type Members = BTreeMap<String, Vec<u8>>;

/// Members in the order of RFC 8785, which for the names used here is the order of their bytes.
fn object(members: &Members) -> Vec<u8> {
    let length = members.iter().map(|(name, value)| name.len() + value.len() + 4).sum::<usize>() + 2;
    let mut text = Vec::with_capacity(length);
    for (name, value) in members {
        text.push(if text.is_empty() { b'{' } else { b',' });
        text.extend(to_bytes(name));
        text.push(b':');
        text.extend(value);
    }
    if text.is_empty() {
        text.push(b'{');
    }
    text.push(b'}');
    text
}

fn error_members(error: &ErrorBody) -> Members {
    let mut members = Members::new();
    members.insert("code".to_owned(), to_bytes(&error.code));
    members.insert("message".to_owned(), to_bytes(&error.message));
    members.insert("retryable".to_owned(), to_bytes(&error.retryable));
    if let Some(at) = &error.at {
        members.insert("at".to_owned(), to_bytes(at));
    }
    members
}

fn write_reference(reference: &Reference) -> Vec<u8> {
    let mut value = json!({ "sha256": reference.sha256, "bytes": reference.bytes, "encoding": reference.encoding });
    if let Some(inline) = &reference.inline {
        value["inline"] = json!(inline);
    }
    to_bytes(&value)
}

fn to_bytes(value: &(impl Serialize + ?Sized)) -> Vec<u8> {
    serde_json::to_vec(value).expect("strings, numbers and values always have a JSON text")
}
