//! An envelope as the message of a queue or a topic.

use peer_contract_core::plan;

/// The text with the two characters as escapes that JSON may hold as they are and a message may not.
pub(super) fn within_xml(payload: &[u8]) -> String {
    String::from_utf8_lossy(payload).replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff")
}

/// What FIFO asks for: the messages of a work stay in their order, and one that is sent again is dropped within five minutes.
pub(super) struct InOrder {
    /// The work.
    pub(super) group: Option<String>,
    /// The message.
    pub(super) deduplication: Option<String>,
}

impl InOrder {
    pub(super) fn of(payload: &[u8]) -> Self {
        let text = |name| {
            let text = plan::member(payload, name).map(String::from_utf8_lossy);
            text.map(|text| text.trim_matches('"').to_owned())
        };
        Self { group: text("subject"), deduplication: text("id") }
    }
}
