//! JSON text from typed values.

use peer_contract_core::{ErrorCode, Pointer, Problem};

use super::super::Error;
use super::Encode;

/// Writes one JSON text. Numbers and escapes are in canonical form (RFC 8785), and so are members where types list
/// them in that order.
#[derive(Debug, Default)]
pub struct Writer {
    text: Vec<u8>,
    fault: Option<&'static str>,
}

impl Writer {
    /// The text.
    ///
    /// # Errors
    /// `output_invalid` when a number was not finite, or something was [unwritable](Writer::unwritable).
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        let Some(fault) = self.fault else { return Ok(self.text) };
        let message = format!("the value has no JSON form: it holds {fault}");
        Err(Problem::new(ErrorCode::OutputInvalid, Pointer::root(), message).into())
    }

    /// Notes that the value holds something that no text can say; the first such thing is told.
    pub fn unwritable(&mut self, what: &'static str) {
        self.fault.get_or_insert(what);
    }

    /// `null`.
    pub fn null(&mut self) {
        self.text.extend_from_slice(b"null");
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.text.extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// An integer.
    pub fn integer(&mut self, value: i64) {
        self.text.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    }

    /// A number, as ECMAScript prints it.
    pub fn double(&mut self, value: f64) {
        if value.is_finite() {
            self.text.extend_from_slice(ryu_js::Buffer::new().format_finite(value).as_bytes());
        } else {
            self.unwritable("a number that is not finite");
            self.null();
        }
    }

    /// A string.
    pub fn string(&mut self, value: &str) {
        self.text.push(b'"');
        let mut plain = value.as_bytes();
        while let Some(at) = plain.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
            self.text.extend_from_slice(&plain[..at]);
            self.escape(plain[at]);
            plain = &plain[at + 1..];
        }
        self.text.extend_from_slice(plain);
        self.text.push(b'"');
    }

    fn escape(&mut self, byte: u8) {
        let short = match byte {
            b'\n' => b'n',
            b'\t' => b't',
            b'\r' => b'r',
            0x08 => b'b',
            0x0c => b'f',
            b'"' | b'\\' => byte,
            _ => {
                let digit = |four: u8| b"0123456789abcdef"[usize::from(four)];
                return self.text.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            }
        };
        self.text.extend_from_slice(&[b'\\', short]);
    }

    /// An array.
    pub fn array<'a, T: Encode + 'a>(&mut self, items: impl IntoIterator<Item = &'a T>) {
        self.text.push(b'[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.text.push(b',');
            }
            item.encode(self);
        }
        self.text.push(b']');
    }

    /// An object; `rest` are the properties that its type does not list, sorted.
    pub fn object<'w, 'r>(&'w mut self, rest: Vec<(&'r str, &'r dyn Encode)>) -> Members<'w, 'r> {
        self.text.push(b'{');
        let begin = self.text.len();
        Members { writer: self, begin, rest: rest.into_iter().peekable() }
    }
}

/// The members of an object that is being written: those that the type lists, the rest between them.
pub struct Members<'w, 'r> {
    writer: &'w mut Writer,
    begin: usize,
    rest: std::iter::Peekable<std::vec::IntoIter<(&'r str, &'r dyn Encode)>>,
}

impl Members<'_, '_> {
    /// The next member, by the order of the list.
    pub fn member<T: Encode + ?Sized>(&mut self, key: &str, value: &T) {
        while let Some((other, value)) = self.rest.next_if(|(other, _)| *other < key) {
            self.put(other, value);
        }
        self.put(key, value);
    }

    /// The next member, where it is there.
    pub fn optional<T: Encode>(&mut self, key: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.member(key, value);
        }
    }

    /// Behind the last member.
    pub fn end(mut self) {
        while let Some((key, value)) = self.rest.next() {
            self.put(key, value);
        }
        self.writer.text.push(b'}');
    }

    fn put<T: Encode + ?Sized>(&mut self, key: &str, value: &T) {
        if self.writer.text.len() > self.begin {
            self.writer.text.push(b',');
        }
        self.writer.string(key);
        self.writer.text.push(b':');
        value.encode(self.writer);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn written(value: &impl Encode) -> Vec<u8> {
        let mut writer = Writer::default();
        value.encode(&mut writer);
        writer.finish().unwrap()
    }

    #[test]
    fn a_tree_is_written_as_the_core_writes_it() {
        let value =
            json!({ "b": [1, -1, 2.5, 1e21, 1e-7, 0.1], "a": { "é\n\u{1}\"": "\u{7f}\\/\u{8}\u{c}\t\r" }, "": null });
        assert_eq!(written(&value), peer_contract_core::json::canonical(&value).into_vec());
    }

    #[test]
    fn what_is_not_listed_stands_in_its_place() {
        let extra: serde_json::Map<String, Value> = [("a", json!(1)), ("m", json!([])), ("z", json!(null))]
            .map(|(key, value)| (key.to_owned(), value))
            .into_iter()
            .collect();
        let mut writer = Writer::default();
        let mut members = writer.object(super::super::RestOf::sorted(&extra));
        members.member("b", &true);
        members.optional("c", &None::<i64>);
        members.optional("n", &Some(0.5));
        members.end();
        assert_eq!(writer.finish().unwrap(), br#"{"a":1,"b":true,"m":[],"n":0.5,"z":null}"#);
    }

    #[test]
    fn a_number_that_is_not_finite_has_no_text() {
        let mut writer = Writer::default();
        vec![1.0, f64::NAN].encode(&mut writer);
        assert_eq!(writer.finish().unwrap_err().code(), ErrorCode::OutputInvalid);
    }
}
