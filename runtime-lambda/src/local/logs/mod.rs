//! Log groups: what the functions and the platform wrote, for whoever asks afterwards.
//!
//! A function has the group `/aws/lambda/{name}`, each sandbox a stream in it, as on the service. The newest lines of
//! each group are kept in memory; [`api`] answers the questions of SDKs and of `aws logs tail`.

pub(super) mod api;
mod pattern;
mod query;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::clock::now_ms;

/// Lines that a group keeps.
const MOST_LINES: usize = 20_000;
/// Bytes of lines that a group keeps.
const MOST_BYTES: usize = 8 << 20;

/// All log groups of a local Lambda.
#[derive(Debug, Default)]
pub(super) struct Logs {
    groups: Mutex<BTreeMap<String, Group>>,
}

#[derive(Debug, Default)]
struct Group {
    created_ms: u64,
    lines: VecDeque<Line>,
    bytes: usize,
    /// Number of the next line; lines are never renumbered.
    next: u64,
}

/// One line of a stream.
#[derive(Debug, Clone)]
struct Line {
    number: u64,
    at_ms: u64,
    stream: Arc<str>,
    text: String,
}

impl Logs {
    /// A function that has not written yet has its group, too.
    pub fn open(&self, function: &str) {
        self.groups().entry(group_of(function)).or_default().created_ms = now_ms();
    }

    pub fn write(&self, group: &str, stream: &Arc<str>, text: &str) {
        let mut groups = self.groups();
        let Some(group) = groups.get_mut(group) else { return };
        group.push(stream.clone(), text.to_owned());
    }

    fn groups(&self) -> MutexGuard<'_, BTreeMap<String, Group>> {
        self.groups.lock().expect("no holder of the logs panics")
    }
}

impl Group {
    fn push(&mut self, stream: Arc<str>, text: String) {
        self.bytes += text.len();
        // Never before its predecessor: readers go on from the time of the last line they have.
        let at_ms = now_ms().max(self.lines.back().map_or(0, |last| last.at_ms));
        self.lines.push_back(Line { number: self.next, at_ms, stream, text });
        self.next += 1;
        while self.lines.len() > MOST_LINES || self.bytes > MOST_BYTES {
            let Some(oldest) = self.lines.pop_front() else { break };
            self.bytes -= oldest.text.len();
        }
    }
}

/// The name of a function's log group.
pub(super) fn group_of(function: &str) -> String {
    format!("/aws/lambda/{function}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_keeps_the_newest_lines() {
        let logs = Logs::default();
        logs.open("ranker");
        let stream: Arc<str> = "s".into();
        for number in 0..MOST_LINES + 10 {
            logs.write("/aws/lambda/ranker", &stream, &number.to_string());
        }
        logs.write("/aws/lambda/ranker", &stream, &"x".repeat(MOST_BYTES - 100));
        let groups = logs.groups();
        let group = &groups["/aws/lambda/ranker"];
        assert!(group.bytes <= MOST_BYTES && group.lines.len() < 100);
        assert_eq!(group.lines.back().map(|line| line.number), Some(MOST_LINES as u64 + 10));
        assert_eq!(group.bytes, group.lines.iter().map(|line| line.text.len()).sum::<usize>());
    }
}
