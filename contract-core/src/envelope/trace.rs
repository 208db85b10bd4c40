//! `traceparent` of W3C trace context: version, trace id, span id, flags.

/// Whether the text is a `traceparent`.
pub(super) fn is_traceparent(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let [version, trace, span, flags] = parts[..] else { return false };
    let hex = |part: &str, length| part.len() == length && part.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    let some = |part: &str| part.bytes().any(|c| c != b'0');
    hex(version, 2) && version != "ff" && hex(trace, 32) && some(trace) && hex(span, 16) && some(span) && hex(flags, 2)
}

/// The same trace, seen from the message `id`: a span of its own, the same in every delivery.
pub(crate) fn child(traceparent: &str, id: &str) -> String {
    let span: String = id.chars().filter(|c| *c != '-').take(16).collect();
    let mut parts = traceparent.split('-');
    let mut part = || parts.next().unwrap_or_default();
    let (version, trace, _, flags) = (part(), part(), part(), part());
    format!("{version}-{trace}-{span}-{flags}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_child_keeps_the_trace_and_gets_its_own_span() {
        let child = child(PARENT, &crate::envelope::id::derived("x", 0));
        assert!(is_traceparent(&child), "{child}");
        assert_eq!(child[..36], PARENT[..36]);
        assert_ne!(child, PARENT);
    }

    #[test]
    fn zero_ids_and_capitals_are_no_trace() {
        assert!(is_traceparent(PARENT));
        assert!(!is_traceparent(&PARENT.to_uppercase()));
        assert!(!is_traceparent("00-00000000000000000000000000000000-b7ad6b7169203331-01"));
        assert!(!is_traceparent("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"));
        assert!(!is_traceparent("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    }
}
