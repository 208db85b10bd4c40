//! Sending spans. It takes as long as it may, fails no one, and says so once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{MOST, Pending, Span, TraceSettings, Tracer};

/// After a failure the collector is left alone for so long.
const PAUSE: Duration = Duration::from_secs(5);
/// Spans of one request.
const AT_ONCE: usize = 512;

/// What came of a request.
enum Sent {
    /// Taken, or never to be taken.
    Done,
    /// Perhaps later.
    Later,
}

impl Tracer {
    /// Exports what waits, within the timeout and `most`. Ends quietly whatever happens.
    pub(crate) async fn flush(&self, most: Duration) {
        let Some(spans) = self.due() else { return };
        let until = Instant::now() + self.settings.timeout.min(most);
        for (index, some) in spans.chunks(AT_ONCE).enumerate() {
            let left = until.saturating_duration_since(Instant::now());
            if matches!(self.send(some, left).await, Sent::Later) {
                return self.keep(&spans[index * AT_ONCE..]);
            }
        }
    }

    /// The spans that wait, unless there are none or the collector is left alone.
    fn due(&self) -> Option<Vec<Span>> {
        let mut pending = self.pending();
        let is_due = pending.not_before.is_none_or(|time| time <= Instant::now());
        (is_due && !pending.spans.is_empty()).then(|| std::mem::take(&mut pending.spans))
    }

    /// Keeps spans for the next try, before those that came since.
    fn keep(&self, spans: &[Span]) {
        let mut pending = self.pending();
        let Pending { spans: since, dropped, not_before } = &mut *pending;
        let room = MOST.saturating_sub(since.len()).min(spans.len());
        since.splice(..0, spans[spans.len() - room..].iter().cloned());
        *dropped += (spans.len() - room) as u64;
        *not_before = Some(Instant::now() + PAUSE);
    }

    async fn send(&self, spans: &[Span], within: Duration) -> Sent {
        let (sent, reason) = match self.sender.post(self.request(spans), within).await {
            Ok(200..=299) => return Sent::Done,
            // What OTLP says to try again; the rest would be refused again.
            Ok(status @ (429 | 502..=504)) => (Sent::Later, format!("it answered with {status}")),
            Ok(status) => (Sent::Done, format!("it answered with {status}")),
            Err(reason) => (Sent::Later, reason),
        };
        self.sender.complain(&reason);
        sent
    }
}

/// The way to a collector.
pub(super) struct Sender {
    #[cfg(feature = "client")]
    http: over_http::Http,
    has_complained: AtomicBool,
}

impl Sender {
    /// Nothing where the endpoint cannot be used, which is told.
    pub(super) fn new(settings: &TraceSettings) -> Option<Self> {
        #[cfg(feature = "client")]
        match over_http::Http::new(settings) {
            Ok(http) => return Some(Self { http, has_complained: AtomicBool::new(false) }),
            Err(reason) => say(reason),
        }
        #[cfg(not(feature = "client"))]
        say(&format!("this build has no HTTP client for {}", settings.endpoint));
        None
    }

    /// The status that a request is answered with, or why there is none.
    async fn post(&self, body: String, within: Duration) -> Result<u16, String> {
        #[cfg(feature = "client")]
        return self.http.post(body, within).await;
        #[cfg(not(feature = "client"))]
        Err(format!("no client for {} bytes within {within:?}", body.len()))
    }

    fn complain(&self, reason: &str) {
        if !self.has_complained.swap(true, Ordering::Relaxed) {
            say(reason);
        }
    }
}

/// Once per sandbox, to its log: the endpoint may hold a secret, so it is not named.
fn say(reason: &str) {
    eprintln!("spans are not exported to the OTLP endpoint: {reason}; the work goes on without them");
}

#[cfg(feature = "client")]
mod over_http {
    use std::time::Duration;

    use bytes::Bytes;
    use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri, header};

    use super::TraceSettings;
    use crate::peers::client::{Client, on_executor};

    /// Longest answer that is read; nothing in it is looked at.
    const ANSWER: usize = 64 << 10;

    pub(super) struct Http {
        client: Client,
        endpoint: Uri,
        headers: HeaderMap,
    }

    impl Http {
        pub(super) fn new(settings: &TraceSettings) -> Result<Self, &'static str> {
            let endpoint: Uri = settings.endpoint.parse().map_err(|_| NO_URL)?;
            if !matches!(endpoint.scheme_str(), Some("http" | "https")) || endpoint.host().is_none() {
                return Err(NO_URL);
            }
            let mut headers = HeaderMap::new();
            for (name, value) in &settings.headers {
                let name = HeaderName::from_bytes(name.to_ascii_lowercase().as_bytes()).map_err(|_| NO_HEADER)?;
                headers.insert(name, HeaderValue::from_str(value).map_err(|_| NO_HEADER)?);
            }
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(Self { client: Client::default(), endpoint, headers })
        }

        pub(super) async fn post(&self, body: String, within: Duration) -> Result<u16, String> {
            on_executor().await;
            let mut request = Request::new(Bytes::from(body));
            *request.method_mut() = http::Method::POST;
            *request.uri_mut() = self.endpoint.clone();
            *request.headers_mut() = self.headers.clone();
            let answered = self.client.send(request, ANSWER, within).await;
            answered.map(|(head, _)| head.status.as_u16()).map_err(|unreached| unreached.problem.message)
        }
    }

    const NO_URL: &str = "`OTEL_EXPORTER_OTLP_ENDPOINT` is no http or https URL";
    const NO_HEADER: &str = "`OTEL_EXPORTER_OTLP_HEADERS` has something that is no header";
}
