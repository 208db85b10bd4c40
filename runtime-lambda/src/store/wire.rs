//! Requests to the services that stores stand on: signed, and sent again where that may help.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::response::Parts;
use http::{Request, StatusCode};
use peer_contract_core::{ErrorCode, Pointer, Problem};

use super::{Put, Swap, Version, failed};
use crate::peers::client::{Client, on_executor};
use crate::peers::credentials::{CredentialSource, Provider};
use crate::peers::sign::{Target, sign};
use crate::peers::{Unreached, retry};
use crate::settings::Settings;

/// The way to one service.
pub(super) struct Wire {
    /// Name in signatures: `s3`, `dynamodb`.
    service: &'static str,
    /// Name for people.
    title: &'static str,
    region: String,
    client: Client,
    provider: Provider,
    credentials: OnceLock<Result<CredentialSource, Unreached>>,
}

/// An answer that is final: no other try would change it.
pub(super) struct Reply {
    pub(super) head: Parts,
    pub(super) body: Bytes,
    /// Whether an earlier try may have had its effect although its answer did not come.
    pub(super) in_doubt: bool,
}

/// What an answer means for the next try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is final.
    Final,
    /// It had no effect; another try may.
    Again,
    /// Nobody knows whether it had an effect.
    Unknown,
}

/// What became of a conditional write.
pub(super) enum Written {
    Done(Version),
    /// The condition did not hold.
    Refused,
    /// An earlier try may have been made before it was overwritten.
    Unknown,
}

impl Written {
    /// Of a write where nothing was yet: when something lies there, it does not matter whose it is.
    pub(super) fn put(self) -> Put {
        match self {
            Self::Done(_) => Put::Stored,
            Self::Refused | Self::Unknown => Put::Present,
        }
    }

    /// Of a swap. An unknown one was sent twice, its first answer was lost, and by now something else lies there.
    pub(super) fn swap(self) -> Result<Swap, Problem> {
        match self {
            Self::Done(version) => Ok(Swap::Swapped(version)),
            Self::Refused => Ok(Swap::Lost),
            Self::Unknown => Err(failed(
                "the answer to a write was lost, and something else was written since; whether it was made is not known",
            )),
        }
    }
}

impl Wire {
    pub(super) fn new(service: &'static str, title: &'static str, settings: &Settings) -> Self {
        let (region, provider) = (settings.signing_region(), settings.credentials.clone());
        Self { service, title, region, client: Client::default(), provider, credentials: OnceLock::new() }
    }

    /// The region that requests are signed for.
    pub(super) fn region(&self) -> &str {
        &self.region
    }

    /// Sends until an answer is final, at most [`TRIES`] times.
    pub(super) async fn send(
        &self,
        request: &Request<Bytes>,
        judge: impl Fn(StatusCode, &[u8]) -> Verdict,
    ) -> Result<Reply, Problem> {
        on_executor().await;
        let (mut in_doubt, mut failures) = (false, 0);
        loop {
            let verdict = match self.try_once(request).await {
                Ok((head, body)) => match judge(head.status, &body) {
                    Verdict::Final => return Ok(Reply { head, body, in_doubt }),
                    verdict => (verdict, format!("its last answer had status {}", head.status.as_u16())),
                },
                Err(unreached) if unreached.retryable => (Verdict::Unknown, unreached.problem.message),
                Err(unreached) => return Err(self.unsendable(unreached)),
            };
            in_doubt |= verdict.0 == Verdict::Unknown;
            failures += 1;
            if failures == TRIES {
                return Err(failed(format!("{} gave no answer in {TRIES} tries: {}", self.title, verdict.1)));
            }
            tokio::time::sleep(retry::pause_after(failures)).await;
        }
    }

    async fn try_once(&self, request: &Request<Bytes>) -> Result<(Parts, Bytes), Unreached> {
        let mut request = request.clone();
        let target = Target { region: &self.region, service: self.service };
        let source = self.credentials.get_or_init(|| CredentialSource::from_env(&self.provider));
        let source = source.as_ref().map_err(Clone::clone)?;
        let credentials = source.get(&self.client).await?.ok_or_else(no_credentials)?;
        sign(&mut request, target, &credentials, SystemTime::now())?;
        // Bytes take time: a second for each megabyte is a slow network.
        let timeout = TIMEOUT + Duration::from_secs((request.body().len() >> 20) as u64);
        self.client.send(request, LARGEST_ANSWER, timeout).await
    }

    fn unsendable(&self, unreached: Unreached) -> Problem {
        match unreached.problem.code {
            ErrorCode::ConfigurationInvalid => unreached.problem,
            _ => failed(format!("{} cannot be used: {}", self.title, unreached.problem.message)),
        }
    }
}

fn no_credentials() -> Unreached {
    Unreached::from(misplaced("there are no AWS credentials to sign requests to the store with"))
}

/// The URL of an endpoint without a slash at its end.
pub(super) fn base(endpoint: &http::Uri) -> String {
    endpoint.to_string().trim_end_matches('/').to_owned()
}

/// A store that is not as its settings say: no other try cures that.
pub(super) fn misplaced(message: impl Into<String>) -> Problem {
    Problem::new(ErrorCode::ConfigurationInvalid, Pointer::root(), message)
}

/// A number that no other write has, by which a write is known again when its answer was lost.
pub(super) fn write_id() -> String {
    format!("{:032x}", u128::from_le_bytes(crate::entropy::bytes()))
}

/// Of one request: pauses of 50 ms to 0.4 s lie between them.
const TRIES: u32 = 5;
const TIMEOUT: Duration = Duration::from_secs(10);
/// The largest thing that lies in a store is a state of 16 MiB, or a result with all its parts.
const LARGEST_ANSWER: usize = 64 << 20;
