//! One value, written in the many ways that JSON allows, and in some that it does not.

use serde_json::{Number, Value};

use crate::random::Random;

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// RFC 8785.
    Canonical,
    /// No white space, members in the order of the tree.
    Compact,
    /// Two spaces a level, as people read it.
    Pretty,
    /// Everything that the grammar allows: white space, any order, escapes, number spellings.
    Wild,
}

/// Writes `value`.
pub fn spell(value: &Value, style: Style, random: &mut Random) -> Vec<u8> {
    match style {
        Style::Canonical => serde_json_canonicalizer::to_vec(value).expect("a tree has a canonical form"),
        Style::Compact => serde_json::to_vec(value).expect("a tree has a text"),
        Style::Pretty => serde_json::to_vec_pretty(value).expect("a tree has a text"),
        Style::Wild => {
            let mut wild = Wild { out: Vec::new(), space: random.below(3), escapes: random.below(3), random };
            wild.space();
            wild.value(value);
            wild.space();
            wild.out
        }
    }
}

struct Wild<'r> {
    out: Vec<u8>,
    /// 0: none; then more and more.
    space: usize,
    escapes: usize,
    random: &'r mut Random,
}

impl Wild<'_> {
    fn space(&mut self) {
        if self.space > 0 && self.random.once_in(5 - 2 * self.space.min(2)) {
            let run = if self.random.once_in(12) { 40 } else { 1 + self.random.below(3) };
            for _ in 0..run {
                self.out.push(*self.random.pick(b" \n\r\t"));
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.out.extend(b"null"),
            Value::Bool(true) => self.out.extend(b"true"),
            Value::Bool(false) => self.out.extend(b"false"),
            Value::Number(number) => self.number(number),
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                self.out.push(b'[');
                self.space();
                for (index, item) in items.iter().enumerate() {
                    self.comma(index);
                    self.value(item);
                    self.space();
                }
                self.out.push(b']');
            }
            Value::Object(members) => {
                let mut members: Vec<(&String, &Value)> = members.iter().collect();
                if !self.random.once_in(3) {
                    self.random.shuffle(&mut members);
                }
                if members.len() > 1 && self.random.once_in(60) {
                    // The same key twice: refused, wherever the second one stands.
                    members.push(members[self.random.below(members.len())]);
                }
                self.out.push(b'{');
                self.space();
                for (index, (key, member)) in members.into_iter().enumerate() {
                    self.comma(index);
                    self.text(key);
                    self.space();
                    self.out.push(b':');
                    self.space();
                    self.value(member);
                    self.space();
                }
                self.out.push(b'}');
            }
        }
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.out.push(b',');
            self.space();
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push(b'"');
        for char in text.chars() {
            let must = matches!(char, '"' | '\\' | '\0'..='\u{1f}');
            if !must && (self.escapes == 0 || !self.random.once_in(8)) {
                self.out.extend(char.encode_utf8(&mut [0; 4]).bytes());
                continue;
            }
            let short = match char {
                '"' | '\\' | '/' => Some(char),
                '\u{8}' => Some('b'),
                '\u{c}' => Some('f'),
                '\n' => Some('n'),
                '\r' => Some('r'),
                '\t' => Some('t'),
                _ => None,
            };
            match short.filter(|_| !self.random.once_in(4)) {
                Some(short) => self.out.extend([b'\\', short as u8]),
                None => {
                    for unit in char.encode_utf16(&mut [0; 2]) {
                        let upper = self.random.once_in(2);
                        let digits = if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
                        self.out.extend(digits.bytes());
                    }
                }
            }
        }
        self.out.push(b'"');
    }

    fn number(&mut self, number: &Number) {
        let written = match number.as_i64() {
            Some(integer) => match self.random.below(8) {
                0 => format!("{integer}.0"),
                1 => format!("{integer}e0"),
                2 => format!("{integer}.000E+0"),
                3 if integer.abs() < 1 << 40 => format!("{integer}00e-2"),
                4 if integer % 10 == 0 && integer != 0 => format!("{}e1", integer / 10),
                5 if integer == 0 => "-0".to_owned(),
                _ => integer.to_string(),
            },
            None => {
                let double = number.as_f64().unwrap_or(0.0);
                match self.random.below(4) {
                    0 => format!("{double:e}"),
                    1 => format!("{double:E}").replace('E', "E+").replace("E+-", "E-"),
                    2 if double.abs() < 1e6 => format!("{double:?}000"),
                    _ => number.to_string(),
                }
            }
        };
        self.out.extend(written.bytes());
    }
}
