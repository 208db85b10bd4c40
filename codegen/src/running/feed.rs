//! Entries as lines of JSON over a local socket: how a `peerc run` follows what a `peerc dev` hosts.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{Receiver, Sender, UnboundedReceiver, channel, unbounded_channel};

use super::Entry;

/// Lines that a reader may lag behind before it is cut off.
const MAX_LAG: usize = 10_000;
/// A feed on this machine says hello at once, or is not one.
const PATIENCE: Duration = Duration::from_secs(1);

/// The listeners of one `peerc dev`.
#[derive(Debug, Clone, Default)]
pub struct Feed {
    readers: Arc<Mutex<Vec<Sender<String>>>>,
}

impl Feed {
    /// Listens on a free port and serves whoever connects, for as long as the runtime lives.
    ///
    /// # Errors
    /// When there is no port to be had.
    pub async fn listen(&self) -> io::Result<u16> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let feed = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (sender, lines) = channel(MAX_LAG);
                feed.readers.lock().expect("no holder of the readers panics").push(sender);
                tokio::spawn(serve(stream, lines));
            }
        });
        Ok(port)
    }

    /// Tells all readers; one that does not read is dropped.
    pub fn tell(&self, entry: &Entry) {
        let mut readers = self.readers.lock().expect("no holder of the readers panics");
        if readers.is_empty() {
            return;
        }
        let line = line_of(entry);
        readers.retain(|reader| reader.try_send(line.clone()).is_ok());
    }

    /// Connects to a feed. When this returns, nothing that happens from now on is missed.
    ///
    /// # Errors
    /// When nobody is there, or somebody else.
    pub async fn follow(port: u16) -> io::Result<UnboundedReceiver<Entry>> {
        let other = || io::Error::other("this is no feed");
        let opened = async {
            let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
            let mut lines = BufReader::new(stream).lines();
            let first = lines.next_line().await?.ok_or_else(other)?;
            match serde_json::from_str(&first) {
                Ok(Entry::Hello) => Ok(lines),
                _ => Err(other()),
            }
        };
        let mut lines = tokio::time::timeout(PATIENCE, opened).await.map_err(|_| other())??;
        let (sender, receiver) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                // An entry of a newer version is not for us.
                let Ok(entry) = serde_json::from_str(&line) else { continue };
                if sender.send(entry).is_err() {
                    break;
                }
            }
        });
        Ok(receiver)
    }
}

async fn serve(mut stream: TcpStream, mut lines: Receiver<String>) {
    let _ = stream.set_nodelay(true);
    if stream.write_all(line_of(&Entry::Hello).as_bytes()).await.is_err() {
        return;
    }
    while let Some(line) = lines.recv().await {
        if stream.write_all(line.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn line_of(entry: &Entry) -> String {
    let mut line = serde_json::to_string(entry).expect("entries hold finite numbers and string keys only");
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_is_missed_once_connected() {
        let feed = Feed::default();
        let port = feed.listen().await.unwrap();
        let mut entries = Feed::follow(port).await.unwrap();
        feed.tell(&Entry::Started { agent: "a".into(), sandbox: "a/1".into(), pid: 1, ms: 2.5 });
        let Some(Entry::Started { ms, .. }) = entries.recv().await else { panic!() };
        assert!((ms - 2.5).abs() < f64::EPSILON);
    }

    #[tokio::test]
    async fn another_server_is_no_feed() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(Feed::follow(port).await.is_err());
    }
}
