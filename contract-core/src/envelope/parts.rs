//! The parts of an outgoing message as bytes, and how they get smaller.

use super::encoding::{compress, to_base64};
use super::write::Object;
use super::{Blob, ErrorBody, Outgoing, Packed, Payload, Reference, Room, attributes};
use crate::json::Json;
use crate::{ErrorCode, Pointer, Problem};

/// Bytes that a part is not worth compressing or moving for: a reference alone is about as long.
const SMALL: usize = 512;

pub(super) struct Parts<'a> {
    outgoing: &'a Outgoing,
    /// In the order of the members of `data`.
    parts: Vec<Part<'a>>,
    frame: Frame,
}

/// The envelope without its parts.
struct Frame {
    text: Vec<u8>,
    /// Where the data of the error goes, if there is an error.
    error_data: Option<usize>,
    /// Where all other parts go.
    parts: usize,
}

struct Part<'a> {
    name: Name,
    raw: &'a [u8],
    form: Form,
    /// Hash and length, once they are known.
    reference: Option<Reference>,
    /// Base64 of its compressed bytes, if it came with them and goes on unchanged.
    came_inline: Option<&'a str>,
    /// Whether its compressed bytes lie in the shared store already.
    is_stored: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    ErrorData,
    FanOut,
    Input,
    Output,
    State,
}

impl Name {
    /// The member of `data` by value, and by reference. The data of an error stands inside `error`.
    fn members(self) -> (&'static str, &'static str) {
        match self {
            Self::ErrorData => ("error", "errorDataRef"),
            Self::FanOut => ("fanOut", "fanOutRef"),
            Self::Input => ("input", "inputRef"),
            Self::Output => ("output", "outputRef"),
            Self::State => ("state", "stateRef"),
        }
    }
}

enum Form {
    AsIs,
    Inline { encoded: Option<Vec<u8>>, written: Vec<u8> },
    Moved { blob: Option<Vec<u8>>, written: Vec<u8> },
}

impl<'a> Part<'a> {
    fn new(name: Name, json: &'a Json) -> Self {
        let (form, raw) = (Form::AsIs, json.as_bytes());
        Self { name, raw, form, reference: None, came_inline: None, is_stored: false }
    }

    /// The same, with what is known of the form in which it came.
    fn having_come(self, form: Option<&'a Reference>) -> Self {
        // Another encoding than our own is not passed on: it is read, and written anew.
        let Some(form) = form.filter(|form| form.encoding == "zstd") else { return self };
        let reference = form.bare();
        Self {
            reference: Some(reference),
            came_inline: form.inline.as_deref(),
            is_stored: form.inline.is_none(),
            ..self
        }
    }

    /// What of it stands in the envelope.
    fn written(&self) -> &[u8] {
        match &self.form {
            Form::AsIs => self.raw,
            Form::Inline { written, .. } | Form::Moved { written, .. } => written,
        }
    }

    /// Whether it is a member of `error`.
    fn stands_in_error(&self) -> bool {
        self.name == Name::ErrorData && matches!(self.form, Form::AsIs)
    }

    fn reference(&mut self) -> &Reference {
        self.reference.get_or_insert_with(|| Reference::to(self.raw))
    }

    fn compress(&mut self) {
        let (encoded, written) = match self.came_inline {
            Some(inline) => (None, write_reference(self.reference(), Some(inline))),
            None => {
                let encoded = compress(self.raw);
                let written = write_reference(self.reference(), Some(&to_base64(&encoded)));
                (Some(encoded), written)
            }
        };
        if written.len() < self.raw.len() {
            self.form = Form::Inline { encoded, written };
        }
    }

    fn move_out(&mut self) {
        let encoded = match std::mem::replace(&mut self.form, Form::AsIs) {
            Form::Inline { encoded, .. } => encoded,
            Form::Moved { .. } | Form::AsIs => None,
        };
        let blob = if self.is_stored { None } else { Some(encoded.unwrap_or_else(|| compress(self.raw))) };
        self.form = Form::Moved { blob, written: write_reference(self.reference(), None) };
    }
}

impl<'a> Parts<'a> {
    pub(super) fn of(outgoing: &'a Outgoing) -> Self {
        let error_data = match outgoing.error.as_ref().and_then(|error| error.data.as_ref()) {
            Some(Payload::Json(data)) => Some(data),
            _ => None,
        };
        let parts = [
            (Name::ErrorData, error_data),
            (Name::FanOut, outgoing.fan_out.as_ref()),
            (Name::Input, outgoing.input.as_ref()),
            (Name::Output, outgoing.output.as_ref()),
            (Name::State, outgoing.state.as_ref()),
        ];
        let parts = parts.into_iter().filter_map(|(name, json)| Some(Part::new(name, json?)));
        let came = |part: Part<'a>| match part.name {
            Name::State => part.having_come(outgoing.state_form.as_ref()),
            _ => part,
        };
        Self { outgoing, parts: parts.map(came).collect(), frame: Frame::of(outgoing) }
    }

    /// Compresses, then moves, largest first, until the envelope has room.
    pub(super) fn shrink_to(&mut self, room: Room) -> Result<(), Problem> {
        if self.bytes() <= room.bytes {
            return Ok(());
        }
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
        let bytes = |index: &usize| self.parts[*index].written().len();
        crate::sorting::sort_by(&mut order, |a, b| bytes(b).cmp(&bytes(a)));
        order
    }

    /// An upper bound: names, colons and commas are counted generously.
    fn bytes(&self) -> usize {
        self.frame.text.len() + self.parts.iter().map(|part| part.written().len() + 24).sum::<usize>()
    }

    fn too_large(&self, room: Room) -> Problem {
        let message = format!("{} bytes are left after compressing, {} may be sent", self.bytes(), room.bytes);
        let problem = Problem::new(ErrorCode::PayloadTooLarge, Pointer::root().key("data"), message);
        if room.shared_store { problem } else { problem.with_help("configure a shared store for large parts") }
    }

    pub(super) fn write(self) -> Packed {
        let bytes = self.envelope();
        let state_bytes = self.parts.iter().find(|part| part.name == Name::State).map_or(0, |part| part.raw.len());
        let work = &self.outgoing.header.work;
        let blobs = self.parts.into_iter().filter_map(|mut part| match std::mem::replace(&mut part.form, Form::AsIs) {
            Form::Moved { blob, .. } => Some(Blob { key: part.reference().key(work), bytes: blob? }),
            _ => None,
        });
        Packed { bytes, blobs: blobs.collect(), state_bytes }
    }

    fn envelope(&self) -> Vec<u8> {
        let Frame { text: frame, error_data, parts } = &self.frame;
        let mut text = Vec::with_capacity(self.bytes());
        let error_data = error_data.unwrap_or(*parts);
        text.extend_from_slice(&frame[..error_data]);
        for part in self.parts.iter().filter(|part| part.stands_in_error()) {
            Object::go_on(&mut text).json("data", part.raw);
        }
        text.extend_from_slice(&frame[error_data..*parts]);
        let mut data = Object::go_on(&mut text);
        for part in self.parts.iter().filter(|part| !part.stands_in_error()) {
            let (by_value, by_reference) = part.name.members();
            let name = if matches!(part.form, Form::AsIs) { by_value } else { by_reference };
            data.json(name, part.written());
        }
        text.extend_from_slice(&frame[*parts..]);
        text
    }
}

impl Frame {
    fn of(outgoing: &Outgoing) -> Self {
        let contract = outgoing.contract.as_deref();
        let mut text = Vec::with_capacity(FRAME + contract.map_or(0, str::len));
        let mut event = Object::open(&mut text);
        attributes::write_head(&outgoing.header, &mut event);
        let mut data = Object::open(event.value("data"));
        data.optional("contract", contract);
        let error_data = outgoing.error.as_ref().map(|error| write_error(error, data.value("error")));
        let parts = data.length();
        data.close();
        attributes::write_tail(&outgoing.header, &mut event);
        event.close();
        Self { text, error_data, parts }
    }
}

/// More than the attributes take, in most messages.
const FRAME: usize = 1 << 10;

/// Writes an error; gives the place for its data.
fn write_error(error: &ErrorBody, text: &mut Vec<u8>) -> usize {
    let mut members = Object::open(text);
    members.optional("at", error.at.as_deref());
    members.string("code", &error.code);
    let data = members.length();
    members.string("message", &error.message);
    members.literal("retryable", error.retryable);
    members.close();
    data
}

fn write_reference(reference: &Reference, inline: Option<&str>) -> Vec<u8> {
    let mut text = Vec::with_capacity(160 + inline.map_or(0, str::len));
    let mut members = Object::open(&mut text);
    members.literal("bytes", reference.bytes);
    members.string("encoding", &reference.encoding);
    members.optional("inline", inline);
    members.string("sha256", &reference.sha256);
    members.close();
    text
}
