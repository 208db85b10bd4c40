//! What a process writes: line by line to the listeners, and the end of it for `X-Amz-Log-Result`.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

use super::event::{Bus, LocalEvent, Stream};
use super::logs::{Logs, group_of};
use super::sandbox::Sandbox;

/// Longer lines arrive in pieces.
const MAX_LINE: usize = 64 << 10;
/// Bytes of log that a caller may ask for.
const MAX_TAIL: usize = 4 << 10;

/// The log of one sandbox.
#[derive(Debug)]
pub(super) struct LogLines {
    function: String,
    sandbox: String,
    group: String,
    stream: Arc<str>,
    bus: Arc<Bus>,
    logs: Arc<Logs>,
    current: Mutex<Current>,
}

#[derive(Debug, Default)]
struct Current {
    request_id: Option<String>,
    tail: String,
}

impl LogLines {
    pub fn new(function: &str, sandbox: &Sandbox, bus: Arc<Bus>, logs: Arc<Logs>) -> Arc<Self> {
        let (group, stream) = (group_of(function), sandbox.log_stream.clone());
        let (function, sandbox) = (function.to_owned(), sandbox.name.clone());
        Arc::new(Self { function, sandbox, group, stream, bus, logs, current: Mutex::default() })
    }

    /// From now on lines belong to this invocation. What was written during the start belongs to the first one.
    pub fn begin(&self, request_id: &str) {
        let mut current = self.current.lock().expect("no holder of the tail panics");
        if current.request_id.replace(request_id.to_owned()).is_some() {
            current.tail.clear();
        }
    }

    /// A line of the platform: it stands in the log group, and nowhere else.
    pub fn told(&self, line: &str) {
        self.logs.write(&self.group, &self.stream, line);
    }

    /// The end of the current invocation's log.
    pub fn tail(&self) -> String {
        self.current.lock().expect("no holder of the tail panics").tail.clone()
    }

    /// Reads one stream to its end.
    pub async fn follow(self: Arc<Self>, stream: Stream, from: impl AsyncRead + Unpin) {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while let Ok(more) = from.fill_buf().await {
            if more.is_empty() {
                break;
            }
            let room = MAX_LINE - line.len();
            let end = more.iter().take(room).position(|&byte| byte == b'\n');
            let taken = end.unwrap_or_else(|| more.len().min(room));
            line.extend_from_slice(&more[..taken]);
            from.consume(taken + usize::from(end.is_some()));
            if end.is_some() || line.len() == MAX_LINE {
                self.wrote(stream, &std::mem::take(&mut line));
            }
        }
        if !line.is_empty() {
            self.wrote(stream, &line);
        }
    }

    fn wrote(&self, stream: Stream, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let line = text.trim_end_matches('\r').to_owned();
        let request_id = {
            let mut current = self.current.lock().expect("no holder of the tail panics");
            append(&mut current.tail, &line);
            current.request_id.clone()
        };
        self.told(&line);
        let (function, sandbox) = (self.function.clone(), self.sandbox.clone());
        self.bus.tell(&LocalEvent::Log { function, sandbox, request_id, stream, line });
    }
}

/// Appends a line and forgets the oldest bytes beyond [`MAX_TAIL`].
pub(super) fn append(tail: &mut String, line: &str) {
    tail.push_str(line);
    tail.push('\n');
    if tail.len() > MAX_TAIL {
        let cut = tail.ceil_char_boundary(tail.len() - MAX_TAIL);
        tail.drain(..cut);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines_of(bytes: &[u8]) -> Vec<String> {
        let bus = Arc::new(Bus::default());
        let mut heard = bus.subscribe();
        let orders = tokio::sync::mpsc::unbounded_channel().0;
        let sandbox = Sandbox { name: "f/1".to_owned(), log_stream: "s".into(), orders };
        LogLines::new("f", &sandbox, bus.clone(), Arc::default()).follow(Stream::Stdout, bytes).await;
        bus.close();
        let mut lines = Vec::new();
        while let Some(LocalEvent::Log { line, .. }) = heard.recv().await {
            lines.push(line);
        }
        lines
    }

    #[tokio::test]
    async fn a_last_line_needs_no_end() {
        assert_eq!(lines_of(b"one\r\n\ntwo").await, ["one", "", "two"]);
    }

    #[tokio::test]
    async fn a_line_without_end_arrives_in_pieces() {
        let lengths: Vec<_> = lines_of(&vec![b'x'; 2 * MAX_LINE + 1]).await.iter().map(String::len).collect();
        assert_eq!(lengths, [MAX_LINE, MAX_LINE, 1]);
    }

    #[test]
    fn the_tail_keeps_the_newest_bytes_and_whole_characters() {
        let mut tail = String::new();
        for _ in 0..MAX_TAIL {
            append(&mut tail, "é");
        }
        assert!(tail.len() <= MAX_TAIL && tail.len() > MAX_TAIL - 4 && tail.ends_with("é\n"));
    }
}
