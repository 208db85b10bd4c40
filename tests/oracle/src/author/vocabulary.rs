//! The words that schemas and instances share, chosen to lie close to each other and to edges.

use serde_json::{Value, json};

use crate::random::Random;

/// Property names: common ones, prefixes of each other, around the widths of machine words, and
/// such as need escapes or sort differently by UTF-16 than by UTF-8.
pub(crate) const NAMES: &[&str] = &[
    "a",
    "b",
    "c",
    "ab",
    "abc",
    "kind",
    "type",
    "id",
    "name",
    "x-one",
    "x-two",
    "12",
    "items",
    "sevench",
    "eightchr",
    "ninechars",
    "eightchs",
    "fifteen_letters",
    "sixteen_letters_",
    "seventeen_letters",
    "a name of more than thirty-two letters",
    "a name of more than thirty-two letterz",
    "",
    "a/b",
    "a~b",
    "quo\"te",
    "back\\slash",
    "new\nline",
    "\u{0}",
    "é",
    "e\u{301}",
    "日本",
    "\u{e000}",
    "\u{ffff}",
    "😀",
    "__proto__",
    "constructor",
];

/// Patterns, each with strings that match it and such as nearly do.
pub(crate) const PATTERNS: &[(&str, &[&str], &[&str])] = &[
    ("^[a-z]+$", &["a", "abc", "zz"], &["", "A", "abC", "abc\n", "é"]),
    ("^a", &["a", "abc", "a\n"], &["", "ba", "A"]),
    ("^x-", &["x-one", "x-"], &["x", "ax-", "X-one"]),
    ("b$", &["b", "ab"], &["", "ba", "b\n"]),
    ("[0-9]{2,4}", &["12", "a1234b", "12345"], &["1", "a", "1a2"]),
    ("^[0-9]{2,4}$", &["12", "1234"], &["1", "12345", "１２"]),
    ("^\\d{4}-\\d{2}$", &["2026-01"], &["2026-1", "2026-011", "٢٠٢٦-٠١"]),
    ("^(foo|bar)$", &["foo", "bar"], &["foobar", "fo", ""]),
    ("^[A-Za-z][A-Za-z0-9_]{0,31}$", &["a", "Name_1"], &["1a", "", "abcdefghijklmnopqrstuvwxyz0123456789"]),
    ("^[0-9a-f]{8}$", &["01234567", "deadbeef"], &["0123456", "012345678", "DEADBEEF"]),
    ("\\bword\\b", &["word", "a word."], &["words", "sword"]),
    ("\\p{Lu}", &["A", "aÉ"], &["a", "é", ""]),
    ("^\\S*$", &["", "abc", "😀"], &[" ", "a b", "\u{a0}"]),
    ("^.{3}$", &["abc", "😀😀😀", "日本語"], &["ab", "abcd", "a\nb"]),
    ("^$", &[""], &[" ", "a", "\n"]),
    ("é", &["é", "café"], &["e", "e\u{301}"]),
    ("(a|b)*c", &["c", "ababc"], &["ab", ""]),
    ("^[^\"\\\\]*$", &["", "plain"], &["quo\"te", "back\\slash"]),
    ("^sha256:[0-9a-f]{4}$", &["sha256:00ff"], &["sha256:00f", "sha255:00ff"]),
    ("", &["", "anything"], &[]),
];

/// Formats, each with strings of it and such as nearly are.
pub(crate) const FORMATS: &[(&str, &[&str], &[&str])] = &[
    ("date", &["2026-11-21", "2024-02-29"], &["2026-02-29", "2026-13-01", "2026-1-1", "2026-11-21T", "２026-11-21"]),
    (
        "date-time",
        &[
            "2026-11-21T04:46:27Z",
            "1990-12-31T23:59:60Z",
            "2026-11-21t04:46:27.123456789+05:30",
            "1985-04-12T23:20:50.52Z",
        ],
        &[
            "2026-11-21 04:46:27Z",
            "2026-11-21T04:46:27",
            "2026-11-21T24:00:00Z",
            "2026-11-21T04:46:27.Z",
            "2026-11-21T04:46:27+25:00",
        ],
    ),
    ("time", &["04:46:27Z", "23:59:60Z", "12:00:00.5-01:00"], &["24:00:00Z", "04:46Z", "04:46:27", "12:00:60Z"]),
    ("duration", &["P1D", "PT1M30S", "P2W", "P1Y2M3DT4H5M6S"], &["P", "PT", "P1", "P1D2H", "1D", "P2W1D", "-P1D"]),
    (
        "email",
        &["a@b.c", "joe.bloggs@example.com", "\"joe bloggs\"@example.com"],
        &["a", "@b", "a@", ".a@b.c", "a..b@c.d"],
    ),
    ("hostname", &["example.com", "a", "xn--nxasmq6b"], &["-a.com", "a-.com", "a..b", "a_b", "", "é.com"]),
    ("idn-email", &["실례@실례.테스트", "a@b.c"], &["2962", "a"]),
    ("idn-hostname", &["例え.jp", "a.b"], &["〮a", "-a"]),
    ("ipv4", &["127.0.0.1", "255.255.255.255"], &["256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4 "]),
    ("ipv6", &["::1", "2001:db8::ff", "::ffff:1.2.3.4"], &[":::", "12345::", "1::2::3", "::1%eth0"]),
    ("iri", &["http://ƒøø.ßår/?∂éœ=πîx", "urn:a"], &["/abc", "\\\\a"]),
    ("iri-reference", &["#ƒrägmênt", "/a"], &["\\\\WINDOWS\\filëßåré"]),
    ("json-pointer", &["", "/a/b", "/a~1b", "/a~0b"], &["a", "/a~", "/a~2", "#"]),
    ("regex", &["^a+$", "[0-9]"], &["^(abc]", "*"]),
    ("relative-json-pointer", &["0", "1/a", "2#"], &["", "-1", "01", "/a"]),
    ("uri", &["https://example.com/a?b#c", "urn:uuid:a"], &["/a", "http:// a", "//a.b", "http://a.b/é"]),
    ("uri-reference", &["/a", "#b", "a"], &["\\\\a", "#a\\b"]),
    ("uri-template", &["http://a/{b}", "{a}{b}"], &["http://a/{b", "}"]),
    (
        "uuid",
        &[
            "2eb8aa08-aa98-11ea-b4aa-73b441d16380",
            "2EB8AA08-AA98-11EA-B4AA-73B441D16380",
            "00000000-0000-0000-0000-000000000000",
        ],
        &[
            "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
            "2eb8aa08aa98-11ea-b4aa-73b441d16380",
            "2eb8aa08-aa98-11ea-b4aa-73b441d1638g",
            "2eb8aa08-aa98-11eab-4aa-73b441d16380",
        ],
    ),
    (
        "int64",
        &["0", "-1", "9223372036854775807", "-9223372036854775808"],
        &["", "01", "-0", "+1", "9223372036854775808", "1.0"],
    ),
];

/// Numbers at edges: of safe integers, of doubles, of what prints with an exponent.
const DOUBLES: &[f64] = &[
    0.5,
    1.5,
    -0.0,
    0.1,
    0.01,
    0.3,
    2.5,
    1e-7,
    1e21,
    1e300,
    -1e22,
    5e-324,
    f64::MAX,
    4.35,
    0.30000000000000004,
    123_456.789,
    1e-300,
];
const INTEGERS: &[i64] = &[
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    10,
    12,
    100,
    -1,
    -2,
    255,
    65_536,
    4_294_967_296,
    9_007_199_254_740_991,
    -9_007_199_254_740_991,
];

/// Any number that is strict JSON.
pub(crate) fn number(random: &mut Random) -> Value {
    if random.once_in(3) { json!(*random.pick(DOUBLES)) } else { integer(random) }
}

/// An integer, most often a small one.
pub(crate) fn integer(random: &mut Random) -> Value {
    match random.below(8) {
        0..=3 => json!(random.below(6)),
        4 => json!(random.below(1000) as i64 - 500),
        _ => json!(*random.pick(INTEGERS)),
    }
}

/// A string: a name, one of a pattern or a format or nearly so, or one whose length and contents
/// try the edges of blocks of bytes.
pub(crate) fn text(random: &mut Random) -> String {
    match random.below(8) {
        0..=2 => (*random.pick(NAMES)).to_owned(),
        3 | 4 => sample(PATTERNS, random),
        5 => sample(FORMATS, random),
        _ => edgy(random),
    }
}

fn sample(table: &[(&str, &[&str], &[&str])], random: &mut Random) -> String {
    let (_, good, bad) = random.pick(table);
    let from = if bad.is_empty() || random.once_in(2) { good } else { bad };
    (*random.pick(from)).to_owned()
}

fn edgy(random: &mut Random) -> String {
    const LENGTHS: &[usize] = &[0, 1, 2, 7, 8, 9, 14, 15, 16, 17, 30, 31, 32, 33, 47, 48, 63, 64, 65, 127, 128, 200];
    const ODD: &[char] = &[
        '"',
        '\\',
        '\u{1f}',
        '\u{7f}',
        '\u{80}',
        'é',
        '\u{2028}',
        '\u{d7ff}',
        '\u{e000}',
        '\u{ffff}',
        '😀',
        '\u{10ffff}',
        '/',
        '\n',
        '\u{0}',
    ];
    let length = *random.pick(LENGTHS);
    let odd_ones = random.below(3);
    let mut chars: Vec<char> = (0..length).map(|index| char::from(b'a' + (index % 26) as u8)).collect();
    for _ in 0..odd_ones.min(length) {
        let at = random.below(length);
        chars[at] = *random.pick(ODD);
    }
    chars.into_iter().collect()
}

/// Any small value.
pub(crate) fn value(random: &mut Random, depth: usize) -> Value {
    let kinds = if depth == 0 { 5 } else { 8 };
    match random.below(kinds) {
        0 => Value::Null,
        1 => Value::Bool(random.once_in(2)),
        2 | 3 => number(random),
        4 => Value::String(text(random)),
        5 => (0..random.below(4)).map(|_| value(random, depth - 1)).collect(),
        _ => (0..random.below(4)).map(|_| ((*random.pick(NAMES)).to_owned(), value(random, depth - 1))).collect(),
    }
}
