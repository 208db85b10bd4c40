//! The one text that stands for a request when it is signed, here and at AWS.

use std::collections::BTreeMap;

use http::{HeaderMap, Request, Uri};

use crate::peers::connect::Origin;

/// What is done with a path before it is signed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paths {
    /// Without `.`, `..` and empty segments.
    pub(super) normalized: bool,
    /// Escaped once more than it is sent.
    pub(super) encoded: bool,
}

pub(super) struct Canonical {
    pub(super) text: String,
    /// Names between `;`.
    pub(super) signed_headers: String,
}

/// Set while signing, or changed by what stands between here and the service.
const UNSIGNED: [&str; 4] = ["authorization", "user-agent", "x-amzn-trace-id", "transfer-encoding"];

/// `None` for a URL without a host, and for a header that is no text.
pub(super) fn request<B>(request: &Request<B>, paths: Paths, body: &str) -> Option<Canonical> {
    let headers = headers(request.headers(), request.uri())?;
    let names: Vec<&str> = headers.keys().map(String::as_str).collect();
    let signed_headers = names.join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let path = path(request.uri().path(), paths);
    let query = query(request.uri().query().unwrap_or_default());
    let text = format!("{}\n{path}\n{query}\n{lines}\n{signed_headers}\n{body}", request.method());
    Some(Canonical { text, signed_headers })
}

/// By name; the values of a name in their order.
fn headers(headers: &HeaderMap, url: &Uri) -> Option<BTreeMap<String, String>> {
    let mut all = BTreeMap::<String, String>::new();
    if !headers.contains_key(http::header::HOST) {
        all.insert("host".to_owned(), Origin::of(url).ok()?.host_header());
    }
    for (name, value) in headers.iter().filter(|(name, _)| !UNSIGNED.contains(&name.as_str())) {
        let value = spaced(value.to_str().ok()?);
        let line = all.entry(name.as_str().to_owned());
        line.and_modify(|line| *line = format!("{line},{value}")).or_insert(value);
    }
    Some(all)
}

/// With one space between words.
fn spaced(text: &str) -> String {
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn path(path: &str, paths: Paths) -> String {
    let path = if paths.normalized { normalized(path) } else { path.to_owned() };
    if paths.encoded { encoded(path.as_bytes(), b"/") } else { path }
}

fn normalized(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let ends = matches!(path.rsplit('/').next(), Some("" | "." | ".."));
    let end = if ends && !segments.is_empty() { "/" } else { "" };
    format!("/{}{end}", segments.join("/"))
}

/// Parameters in the order of their escaped names and values.
fn query(query: &str) -> String {
    // How often each is there.
    let mut pairs = BTreeMap::<(String, String), usize>::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        *pairs.entry((encoded(&decoded(name), b""), encoded(&decoded(value), b""))).or_default() += 1;
    }
    let mut texts = Vec::new();
    for ((name, value), times) in pairs {
        texts.extend(std::iter::repeat_n(format!("{name}={value}"), times));
    }
    texts.join("&")
}

/// What a form means: `+` is a space, and `%` without two digits is itself.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = (*first == b'%').then(|| escaped(after)).flatten();
        bytes.push(escaped.unwrap_or(if *first == b'+' { b' ' } else { *first }));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    bytes
}

/// The byte that two hexadecimal digits say.
fn escaped(digits: &[u8]) -> Option<u8> {
    let digit = |index: usize| char::from(*digits.get(index)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

/// Everything escaped but the characters that never need it, and those in `kept`.
pub(crate) fn encoded(bytes: &[u8], kept: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(char::from(*byte)),
            byte if kept.contains(byte) => text.push(char::from(*byte)),
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}
