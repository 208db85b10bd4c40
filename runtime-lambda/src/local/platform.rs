//! What all sandboxes of one local Lambda share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use peer_contract_core::envelope::to_rfc3339;

use super::event::Bus;
use super::logs::Logs;
use super::process::Processes;
use crate::clock::now_ms;
use peer_contract_core::hex::hex;

#[derive(Debug)]
pub(super) struct Platform {
    pub bus: Arc<Bus>,
    pub logs: Arc<Logs>,
    pub processes: Processes,
    pub endpoint: String,
    pub region: String,
    pub init_timeout: Duration,
    pub retry_delays: [Duration; 2],
    pub max_event_age: Duration,
    pub idle_end: Duration,
    pub stop_grace: Duration,
    pub closing: AtomicBool,
}

impl Platform {
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    pub fn arn(&self, function: &str) -> String {
        format!("arn:aws:lambda:{}:000000000000:function:{function}", self.region)
    }
}

/// Random text in the form of a UUID, version 4.
pub(super) fn new_request_id() -> String {
    let mut bytes = random::<16>();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex(&bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The name of a new log stream: the day, the version, and what no other sandbox has.
pub(super) fn new_log_stream() -> Arc<str> {
    let day = to_rfc3339(now_ms())[..10].replace('-', "/");
    format!("{day}/[$LATEST]{}", hex(&random::<16>())).into()
}

/// A trace header as Lambda makes one up when the caller sent none.
pub(super) fn new_trace_id() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
    format!("Root=1-{now:08x}-{};Parent={};Sampled=0", hex(&random::<12>()), hex(&random::<8>()))
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
