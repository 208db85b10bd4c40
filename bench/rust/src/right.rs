//! Every case is right before it is timed.

use crate::message::Message;
use crate::ours::Ours;
use crate::peers::{self, Peers};

/// Compares the results of all cases.
///
/// # Panics
/// When two cases that mean the same disagree: there is nothing to measure then.
pub fn compare(size: &str, message: &Message, ours: &Ours, theirs: &Peers) {
    let hash = peers::sha256(&message.canonical);
    for (form, text) in
        [("author", &message.author), ("canonical", &message.canonical), ("shuffled", &message.shuffled)]
    {
        assert!(ours.verdict(text), "ours refuses {size} {form}");
        assert!(theirs.verdict(text), "the peer refuses {size} {form}");
        assert_eq!(ours.digest(text), Some(hash), "ours hashes {size} {form} otherwise");
        assert_eq!(theirs.digest(text), Some(hash), "the peer hashes {size} {form} otherwise");
        assert!(ours.canonical(text).as_deref() == Some(&*message.canonical), "ours writes {size} {form} otherwise");
        let checked = ours.checked_canonical(text);
        assert!(checked.as_deref() == Some(&*message.canonical), "ours checks and writes {size} {form} otherwise");
        assert!(peers::canonical(text).as_ref() == Some(&message.canonical), "the peer writes {size} {form} otherwise");
    }
    for (about, text) in &message.broken {
        assert!(!ours.verdict(text.as_bytes()), "ours takes {size} with {about}");
        assert!(ours.checked_canonical(text.as_bytes()).is_none(), "ours writes {size} with {about}");
        assert_eq!(ours.digest(text.as_bytes()), None, "ours hashes {size} with {about}");
        assert!(!theirs.verdict(text.as_bytes()), "the peer takes {size} with {about}");
    }
}
