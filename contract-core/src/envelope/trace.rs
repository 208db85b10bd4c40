//! W3C trace context: which trace a message belongs to, and after which span of it.
//!
//! ```text
//! work        trace id                     the id of the work, where no trace came in with it
//! message     span of sending it           the first eight bytes of its id     → `traceparent` of the message
//!             span of handling it          the last eight bytes of its id      → `traceparent` of a handler
//! ```
//!
//! Ids of messages are derived, so a message that is delivered again is the same two spans again. Nothing else would do: an outcome
//! is stored once and sent as it is stored, and the spans it names must not be those of an attempt that nobody heard of.
//! What is no trace context is ignored, as W3C says; nothing is refused for it.

use std::fmt;

use uuid::Uuid;

/// Longest `tracestate` that is passed on, in bytes: W3C asks for that much.
const LONGEST_STATE: usize = 512;
/// Most members of a `tracestate`.
const MOST_MEMBERS: usize = 32;

/// The trace is recorded.
const SAMPLED: u8 = 1;
/// The trace id was drawn at random, so that parts of it may decide on sampling. Flags beyond these two are not passed on.
const RANDOM: u8 = 2;

/// Where in a trace something happens: `traceparent`, and what others put beside it in `tracestate`.
///
/// Prints as `traceparent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceContext {
    trace: [u8; 16],
    span: [u8; 8],
    flags: u8,
    state: Option<Box<str>>,
}

impl TraceContext {
    /// What `traceparent` and `tracestate` say. Nothing for a `traceparent` that is none; a `tracestate` that is none is left out.
    ///
    /// Later versions may add fields behind those of version `00`.
    pub fn read(traceparent: &str, tracestate: Option<&str>) -> Option<Self> {
        let (head, rest) = traceparent.as_bytes().split_at_checked(55)?;
        let [version] = bytes(&head[..2])?;
        let whole = if version == 0 { rest.is_empty() } else { rest.first().is_none_or(|byte| *byte == b'-') };
        if version == 0xff || !whole || [head[2], head[35], head[52]] != *b"---" {
            return None;
        }
        let (trace, span, [flags]) = (bytes(&head[3..35])?, bytes(&head[36..52])?, bytes(&head[53..])?);
        let flags = flags & (SAMPLED | RANDOM);
        let state = tracestate.filter(|state| is_state(state)).map(Into::into);
        (trace != [0; 16] && span != [0; 8]).then_some(Self { trace, span, flags, state })
    }

    /// The trace of `X-Amzn-Trace-Id`, where X-Ray records it. Lambda makes one up for every invocation, which leads nowhere
    /// unless it is recorded.
    pub fn of_xray(header: &str) -> Option<Self> {
        let part = |name: &str| header.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
        if part("Sampled")? != "1" {
            return None;
        }
        let (time, random) = part("Root")?.strip_prefix("1-")?.split_once('-')?;
        let trace = bytes(&[time.as_bytes(), random.as_bytes()].concat())?;
        let span = bytes(part("Parent")?.as_bytes())?;
        let is_whole = time.len() == 8 && trace != [0; 16] && span != [0; 8];
        is_whole.then_some(Self { trace, span, flags: SAMPLED, state: None })
    }

    /// The trace that begins with a work: it has the work's id.
    pub fn begun_by(work: &str) -> Self {
        let trace = bytes_of(work);
        Self { trace, span: sending(trace), flags: SAMPLED, state: None }
    }

    /// The same trace, in the span of sending a message.
    #[must_use]
    pub fn sent(&self, message: &str) -> Self {
        Self { span: sending(bytes_of(message)), ..self.clone() }
    }

    /// The same trace, in the span of handling a message.
    #[must_use]
    pub fn handled(&self, message: &str) -> Self {
        let [.., a, b, c, d, e, f, g, h] = bytes_of(message);
        Self { span: present([a, b, c, d, e, f, g, h]), ..self.clone() }
    }

    /// The same, recorded or not.
    #[must_use]
    pub fn sampled(&self, is_recorded: bool) -> Self {
        Self { flags: (self.flags & !SAMPLED) | u8::from(is_recorded), ..self.clone() }
    }

    /// The trace.
    pub fn trace_id(&self) -> [u8; 16] {
        self.trace
    }

    /// The span in which things happen.
    pub fn span_id(&self) -> [u8; 8] {
        self.span
    }

    /// Whether the trace is recorded.
    pub fn is_sampled(&self) -> bool {
        self.flags & SAMPLED != 0
    }

    /// The flags of `traceparent`.
    pub fn flags(&self) -> u8 {
        self.flags
    }

    /// `tracestate`.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }
}

impl fmt::Display for TraceContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Each message is written with it, whether somebody records or not: formatting the numbers takes several times as long.
        let mut text = *b"00-00000000000000000000000000000000-0000000000000000-00";
        digits(&self.trace, &mut text[3..35]);
        digits(&self.span, &mut text[36..52]);
        digits(&[self.flags], &mut text[53..]);
        formatter.write_str(std::str::from_utf8(&text).expect("digits and hyphens are text"))
    }
}

fn digits(bytes: &[u8], places: &mut [u8]) {
    for (byte, pair) in bytes.iter().zip(places.chunks_exact_mut(2)) {
        pair.copy_from_slice(&[byte >> 4, byte & 15].map(|digit| b"0123456789abcdef"[usize::from(digit)]));
    }
}

fn is_state(text: &str) -> bool {
    let is_member = |member: &str| member.trim().is_empty() || member.contains('=');
    (1..=LONGEST_STATE).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && text.split(',').count() <= MOST_MEMBERS
        && text.split(',').all(is_member)
}

/// Lower-case hex digits as `N` bytes.
fn bytes<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = (digit(pair[0])? << 4) | digit(pair[1])?;
    }
    Some(bytes)
}

/// A UUID's bytes. Ids are UUIDs; zeros, which a hostile one may have, are no ids of traces.
fn bytes_of(id: &str) -> [u8; 16] {
    let bytes = Uuid::try_parse(id).unwrap_or_default().into_bytes();
    if bytes == [0; 16] { 1u128.to_be_bytes() } else { bytes }
}

fn sending(id: [u8; 16]) -> [u8; 8] {
    let [a, b, c, d, e, f, g, h, ..] = id;
    present([a, b, c, d, e, f, g, h])
}

fn present(span: [u8; 8]) -> [u8; 8] {
    if span == [0; 8] { 1u64.to_be_bytes() } else { span }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const ID: &str = "6f2d2a3c-58a1-8f0e-9d4c-0b1a2c3d4e5f";

    #[test]
    fn a_message_is_two_spans_of_its_trace() {
        let parent = TraceContext::read(PARENT, Some("vendor=1")).unwrap();
        assert_eq!(parent.to_string(), PARENT);
        assert_eq!(parent.sent(ID).to_string(), "00-0af7651916cd43dd8448eb211c80319c-6f2d2a3c58a18f0e-01");
        assert_eq!(parent.handled(ID).to_string(), "00-0af7651916cd43dd8448eb211c80319c-9d4c0b1a2c3d4e5f-01");
        assert_eq!(parent.handled(ID).state(), Some("vendor=1"));
        assert_eq!(TraceContext::begun_by(ID).to_string(), "00-6f2d2a3c58a18f0e9d4c0b1a2c3d4e5f-6f2d2a3c58a18f0e-01");
    }

    #[test]
    fn no_id_of_a_trace_is_zero_whatever_an_id_is() {
        for id in ["00000000-0000-0000-0000-000000000000", "no id", ""] {
            let begun = TraceContext::begun_by(id);
            for context in [begun.sent(id), begun.handled(id)] {
                assert!(TraceContext::read(&context.to_string(), None).is_some(), "{context}");
            }
        }
    }

    #[test]
    fn what_is_cut_or_changed_anywhere_is_none_or_another() {
        for at in 0..PARENT.len() {
            assert_eq!(TraceContext::read(&PARENT[..at], None), None);
            for byte in ["-", "g", "A", "\u{e9}", "\0", " "] {
                let changed = format!("{}{byte}{}", &PARENT[..at], &PARENT[at + 1..]);
                assert!(changed == PARENT || TraceContext::read(&changed, None).is_none(), "{changed}");
            }
        }
    }

    #[test]
    fn a_state_has_limits() {
        let of = |state: &str| TraceContext::read(PARENT, Some(state)).unwrap().state.is_some();
        assert!(of("a=1, b=2,,c@d=x y") && of(&format!("a={}", "x".repeat(510))) && of(&["a=1"; 32].join(",")));
        assert!(!of("") && !of("a") && !of("a=\n") && !of("a=é"));
        assert!(!of(&format!("a={}", "x".repeat(511))) && !of(&["a=1"; 33].join(",")));
    }
}
