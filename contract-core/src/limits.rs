//! Every limit with its default.
//!
//! Each stands between hostile bytes and the memory or time of the reader. Tests hold each at
//! limit - 1, limit and limit + 1.

/// How large things may be. Build with `Limits::default()` and the setters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a contract text; 1 MiB.
    pub contract_bytes: usize,
    /// Bytes of a JSON text, and of one part of an envelope after inflating; 16 MiB.
    pub json_bytes: usize,
    /// Values in one JSON text; 200,000.
    pub json_values: usize,
    /// Keys in one object; 10,000.
    pub json_keys: usize,
    /// Nesting of arrays and objects; 64.
    pub json_depth: usize,
    /// Inflated bytes per compressed byte; 200.
    pub inflate_ratio: usize,
    /// Bytes below which the ratio is not asked for; 64 KiB.
    pub inflate_free: usize,
    /// Hops of one work; 15. Lambda's own loop detection stops at about 16.
    pub hops: u32,
    /// Children of one fan-out; 1,000.
    pub children: usize,
    /// Bytes of an inline contract in an envelope, as base64 of zstd; 64 KiB.
    pub inline_contract_bytes: usize,
}

impl Limits {
    pub(crate) const DEFAULT: Self = Self {
        contract_bytes: 1 << 20,
        json_bytes: 16 << 20,
        json_values: 200_000,
        json_keys: 10_000,
        json_depth: 64,
        inflate_ratio: 200,
        inflate_free: 64 << 10,
        hops: 15,
        children: 1_000,
        inline_contract_bytes: 64 << 10,
    };

    /// For texts that were read before, within limits of their own.
    pub(crate) const READ_BEFORE: Self = Self {
        json_bytes: usize::MAX,
        json_values: usize::MAX,
        json_keys: usize::MAX,
        json_depth: 256,
        ..Self::DEFAULT
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The largest integer that every JSON reader keeps exactly: 2^53-1.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;
