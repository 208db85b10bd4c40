//! JSON text of objects, member by member.

use std::fmt::Display;
use std::io::Write;

/// Appends an object. The members come in the order of RFC 8785; that is the caller's to keep.
pub(crate) struct Object<'a> {
    text: &'a mut Vec<u8>,
}

impl<'a> Object<'a> {
    pub(crate) fn open(text: &'a mut Vec<u8>) -> Self {
        text.push(b'{');
        Self { text }
    }

    /// Members that come next of an object that was opened before.
    pub(crate) fn go_on(text: &'a mut Vec<u8>) -> Self {
        Self { text }
    }

    /// Bytes of the text so far.
    pub(crate) fn length(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn close(self) {
        self.text.push(b'}');
    }

    /// A string.
    pub(crate) fn string(&mut self, name: &str, value: &str) {
        string(self.value(name), value);
    }

    /// A string, if there is one.
    pub(crate) fn optional(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.string(name, value);
        }
    }

    /// A number, `true` or `false`.
    pub(crate) fn literal(&mut self, name: &str, value: impl Display) {
        write!(self.value(name), "{value}").expect("a vector takes every write");
    }

    /// JSON as it is.
    pub(crate) fn json(&mut self, name: &str, json: &[u8]) {
        self.value(name).extend_from_slice(json);
    }

    /// The place of a member's value.
    pub(crate) fn value(&mut self, name: &str) -> &mut Vec<u8> {
        if self.text.last() != Some(&b'{') {
            self.text.push(b',');
        }
        string(self.text, name);
        self.text.push(b':');
        self.text
    }
}

fn string(text: &mut Vec<u8>, value: &str) {
    if value.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        serde_json::to_writer(text, value).expect("a vector takes every write, and a string has a JSON text");
        return;
    }
    text.push(b'"');
    text.extend_from_slice(value.as_bytes());
    text.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let mut text = Vec::new();
        let mut object = Object::open(&mut text);
        object.string("a\"b", "line\nend \\ \u{1} é");
        object.optional("none", None);
        object.literal("flag", true);
        object.literal("number", 7);
        object.json("raw", b"[1]");
        object.close();
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(value["a\"b"], "line\nend \\ \u{1} é");
        assert_eq!(text, serde_json::to_vec(&value).unwrap());
    }
}
