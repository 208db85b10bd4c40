//! RFC 8785, the JSON Canonicalization Scheme.

use serde_json::{Map, Number, Value};

use crate::limits::MAX_SAFE_INTEGER;
use crate::plan::{escape, key_order, next_special};

/// Bytes that are in canonical form. [`canonical`] makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonicalBytes(Vec<u8>);

impl CanonicalBytes {
    /// Bytes of which the caller shows, by a hash, that they were canonical bytes before.
    pub(crate) fn hashed_before(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to keep.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

/// Writes `value` in canonical form: members sorted by UTF-16 code unit, numbers as ECMAScript prints them.
pub fn canonical(value: &Value) -> CanonicalBytes {
    let mut text = Vec::new();
    write(value, &mut text);
    CanonicalBytes(text)
}

fn write(value: &Value, text: &mut Vec<u8>) {
    match value {
        Value::Null => text.extend_from_slice(b"null"),
        Value::Bool(flag) => text.extend_from_slice(if *flag { b"true" } else { b"false" }),
        Value::Number(number) => write_number(number, text),
        Value::String(string) => write_string(string, text),
        Value::Array(items) => write_items(items, text),
        Value::Object(members) => write_members(members, text),
    }
}

fn write_items(items: &[Value], text: &mut Vec<u8>) {
    text.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        write(item, text);
    }
    text.push(b']');
}

fn write_members(members: &Map<String, Value>, text: &mut Vec<u8>) {
    let order = |a: &&String, b: &&String| key_order(a.as_bytes(), b.as_bytes());
    let mut sorted = Vec::new();
    // A tree has its members by the order of their bytes, which is the right one but for rare characters.
    if !members.keys().is_sorted_by(|a, b| order(a, b).is_lt()) {
        sorted = members.keys().collect();
        crate::sorting::sort_by(&mut sorted, order);
    }
    text.push(b'{');
    let in_order = sorted.iter().filter_map(|key| members.get_key_value(*key));
    for (index, (key, value)) in in_order.chain(members.iter().filter(|_| sorted.is_empty())).enumerate() {
        if index > 0 {
            text.push(b',');
        }
        write_string(key, text);
        text.push(b':');
        write(value, text);
    }
    text.push(b'}');
}

/// Every number is a double; those that are safe integers print as integers do.
fn write_number(number: &Number, text: &mut Vec<u8>) {
    match number.as_i64().filter(|integer| integer.unsigned_abs() <= MAX_SAFE_INTEGER) {
        Some(integer) => text.extend_from_slice(itoa::Buffer::new().format(integer).as_bytes()),
        None => {
            let double =
                number.as_f64().expect("the numbers of a `Value` are doubles, or integers that become doubles");
            text.extend_from_slice(ryu_js::Buffer::new().format_finite(double).as_bytes());
        }
    }
}

fn write_string(string: &str, text: &mut Vec<u8>) {
    let bytes = string.as_bytes();
    text.push(b'"');
    let mut start = 0;
    loop {
        let end = next_special(bytes, start);
        text.extend_from_slice(&bytes[start..end]);
        let Some(special) = bytes.get(end) else { break };
        text.extend_from_slice(escape(*special).as_slice());
        start = end + 1;
    }
    text.push(b'"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn trees_are_written_as_the_reference_writes_them() {
        for value in [
            json!({ "b": [1, -1, 2.5, 1e21, 1e-7, 0.1, -0.0, 1.0], "a": { "é\n\u{1}\"": "\u{7f}\\/\u{8}\u{c}\t\r" }, "": null }),
            json!({ "\u{10000}": 1, "\u{e000}": 2, "\u{ffff}": true, "a": false, "\u{10400}b": [] , "é": {} }),
            json!([9_007_199_254_740_991_u64, 9_007_199_254_740_993_u64, u64::MAX, i64::MIN, 5e-324, f64::MAX, 1e300]),
            json!("a text that is longer than a block of what is looked at together, with \" and \\ in it"),
        ] {
            let expected = serde_json_canonicalizer::to_vec(&value).unwrap();
            assert_eq!(canonical(&value).into_vec(), expected, "{value}");
        }
    }
}
