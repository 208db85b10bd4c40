//! Large parts: compressing, inflating within limits, and checking against their hash.

use std::io::{self, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use zstd::stream::read::Decoder;

use super::Reference;
use crate::hex::hex;
use crate::json::Draft;
use crate::{ErrorCode, Limits, Pointer, Problem};

/// Level 1 halves typical JSON at several hundred MB/s; higher levels cost more time than the wire saves.
const LEVEL: i32 = 1;

/// A decoder may be asked for a window of up to 16 MiB, the most that a part can use.
const WINDOW_LOG: u32 = 24;

/// Begins a frame that decoders of zstd skip.
const SKIPPABLE: u32 = 0x184D_2A50;

/// Compresses, and never more than a reader within the default limits would inflate.
pub(crate) fn compress(raw: &[u8]) -> Vec<u8> {
    let mut encoded = zstd::bulk::compress(raw, LEVEL).expect("the buffer has the size that zstd itself asked for");
    let limits = Limits::default();
    let least = raw.len().div_ceil(limits.inflate_ratio);
    if raw.len() > limits.inflate_free && encoded.len() < least {
        fill(&mut encoded, least);
    }
    encoded
}

/// Adds a frame that says nothing. A state of one letter three million times is honest, yet looks like a bomb.
fn fill(encoded: &mut Vec<u8>, length: usize) {
    let padding = length.saturating_sub(encoded.len() + 8);
    encoded.extend(SKIPPABLE.to_le_bytes());
    encoded.extend((padding as u32).to_le_bytes());
    encoded.resize(encoded.len() + padding, 0);
}

pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(crate) fn from_base64(text: &str, at: &Pointer) -> Result<Vec<u8>, Problem> {
    let wrong = |_| Problem::new(ErrorCode::ReferenceInvalid, at.clone(), "padded base64 belongs here");
    STANDARD.decode(text).map_err(wrong)
}

/// Inflates one layer of zstd, up to `most` bytes and within the ratio.
pub(crate) fn inflate(encoded: &[u8], most: usize, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let by_ratio = encoded.len().saturating_mul(limits.inflate_ratio).max(limits.inflate_free);
    let most = most.min(by_ratio);
    let raw = read_up_to(encoded, most).map_err(|_| broken("the bytes are not zstd"))?;
    if raw.len() > most {
        return Err(Problem::new(
            ErrorCode::InflateLimit,
            Pointer::root(),
            format!("{} compressed bytes grow beyond {most}", encoded.len()),
        ));
    }
    Ok(raw)
}

/// One byte more than `most` is read when there is one, so that the caller sees it.
fn read_up_to(encoded: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let mut decoder = Decoder::with_buffer(encoded)?;
    decoder.window_log_max(WINDOW_LOG)?;
    let mut raw = Vec::new();
    decoder.take(most as u64 + 1).read_to_end(&mut raw)?;
    Ok(raw)
}

impl Reference {
    /// A reference to `raw`, without its bytes.
    pub(super) fn to(raw: &[u8]) -> Self {
        Self { sha256: digest_of(raw), bytes: raw.len() as u64, encoding: "zstd".to_owned(), inline: None }
    }

    /// Hash and length alone.
    pub(super) fn bare(&self) -> Self {
        Self { sha256: self.sha256.clone(), bytes: self.bytes, encoding: self.encoding.clone(), inline: None }
    }

    /// Where its bytes lie in the shared store when they are not inline: always under the work's own prefix.
    pub fn key(&self, work: &str) -> String {
        format!("work/{work}/blob/{}", self.sha256)
    }

    /// The text: of the inline bytes, or of `stored` as the shared store had them. Nobody has read it yet.
    ///
    /// # Errors
    /// `inflate_limit`, `reference_invalid`.
    pub fn open(&self, stored: Option<&[u8]>, limits: &Limits) -> Result<Draft, Problem> {
        let inline = self.inline.as_ref().map(|text| from_base64(text, &Pointer::root().key("inline"))).transpose()?;
        let encoded = inline.as_deref().or(stored).ok_or_else(|| broken("the bytes are not there"))?;
        self.decode(encoded, limits).map(Draft::from)
    }

    /// Whether bytes of a store are what their name says, in any encoding: then a message that cannot use them is itself wrong.
    pub fn names(&self, stored: &[u8], limits: &Limits) -> bool {
        let inflated = || inflate(stored, limits.json_bytes, limits).is_ok_and(|raw| digest_of(&raw) == self.sha256);
        digest_of(stored) == self.sha256 || inflated()
    }

    fn decode(&self, encoded: &[u8], limits: &Limits) -> Result<Vec<u8>, Problem> {
        let bytes = usize::try_from(self.bytes).unwrap_or(usize::MAX);
        if bytes > limits.json_bytes {
            let message = format!("a part may have {} bytes, this one announces {}", limits.json_bytes, self.bytes);
            return Err(Problem::new(ErrorCode::InflateLimit, Pointer::root().key("bytes"), message));
        }
        let raw = match self.encoding.as_str() {
            "zstd" => inflate(encoded, limits.json_bytes, limits)?,
            _ => encoded.to_vec(),
        };
        if raw.len() != bytes {
            return Err(broken("the bytes do not have the announced length"));
        }
        if digest_of(&raw) == self.sha256 { Ok(raw) } else { Err(broken("the bytes do not have the announced hash")) }
    }
}

/// SHA-256 as references name it.
fn digest_of(raw: &[u8]) -> String {
    hex(&Sha256::digest(raw))
}

fn broken(message: &str) -> Problem {
    Problem::new(ErrorCode::ReferenceInvalid, Pointer::root(), message)
}
