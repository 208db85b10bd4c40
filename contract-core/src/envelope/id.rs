//! Ids: the first of a work is random, every later one is derived, so that repeated deliveries
//! produce the same messages and duplicates collapse.

/// A new work, and its first message: UUIDv7 of the time and ten random bytes.
pub fn first(now_ms: u64, random: [u8; 10]) -> String {
    let _ = (now_ms, random);
    todo!()
}

/// The `ordinal`-th message that `parent` causes: UUIDv8 of SHA-256 over both.
pub fn derived(parent: &str, ordinal: u32) -> String {
    let _ = (parent, ordinal);
    todo!()
}
