//! How often each function came up in one chain of invocations, as the trace header carries it.
//!
//! The platform adds a part to the header that clients hand on with their own invocations:
//! `Root=1-…;Parent=…;Sampled=0;Lineage=1:a87bd80c:3|1:68fd508a:2`. Each entry ends with a digest of a function and the
//! number of its invocations in this chain. A function that comes up too often runs in a loop.

use sha2::{Digest, Sha256};

use peer_contract_core::hex::hex;

/// Invocations of one function in a chain; the next one is stopped.
pub(super) const MOST_INVOCATIONS: u32 = 16;

/// More entries than any chain needs; those of functions that came up least recently are forgotten.
const MOST_FUNCTIONS: usize = 32;

/// The function was invoked in this chain [`MOST_INVOCATIONS`] times already.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Loops;

/// The trace header that an invocation of `function` goes on with.
pub(super) fn extend(trace_id: &str, function: &str) -> Result<String, Loops> {
    let own = digest(function);
    let (kept, lineage) = taken_apart(trace_id);
    let mut entries: Vec<(&str, u32)> = lineage.split('|').filter_map(entry).collect();
    let before = entries.iter().position(|(hash, _)| *hash == own).map_or(0, |at| entries.remove(at).1);
    if before >= MOST_INVOCATIONS {
        return Err(Loops);
    }
    entries.push((&own, before + 1));
    let newest = &entries[entries.len().saturating_sub(MOST_FUNCTIONS)..];
    let written: Vec<String> = newest.iter().map(|(hash, count)| format!("1:{hash}:{count}")).collect();
    Ok(format!("{kept};Lineage={}", written.join("|")))
}

/// The header without its lineage, and the lineage.
fn taken_apart(trace_id: &str) -> (String, &str) {
    let mut lineage = "";
    let others = trace_id.split(';').filter(|part| match part.trim().strip_prefix("Lineage=") {
        Some(found) => {
            lineage = found;
            false
        }
        None => true,
    });
    (others.collect::<Vec<_>>().join(";"), lineage)
}

/// `…:digest:count`; whatever else somebody wrote there is nothing to go by.
fn entry(text: &str) -> Option<(&str, u32)> {
    let (rest, count) = text.rsplit_once(':')?;
    let hash = rest.rsplit_once(':').map_or(rest, |(_, hash)| hash);
    Some((hash, count.parse().ok()?)).filter(|_| hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn digest(function: &str) -> String {
    hex(&Sha256::digest(function)[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

    #[test]
    fn a_function_is_stopped_after_sixteen_invocations_of_one_chain() {
        let mut header = ROOT.to_owned();
        for _ in 0..MOST_INVOCATIONS {
            header = extend(&header, "ranker").unwrap();
        }
        assert_eq!(extend(&header, "ranker"), Err(Loops));
        assert!(extend(&header, "formatter").is_ok(), "another function is no loop yet");
        assert!(header.starts_with(ROOT));
    }

    #[test]
    fn each_function_is_counted_for_itself() {
        let mut header = ROOT.to_owned();
        for _ in 0..10 {
            header = extend(&extend(&header, "a").unwrap(), "b").unwrap();
        }
        let counts: Vec<u32> = taken_apart(&header).1.split('|').filter_map(entry).map(|(_, count)| count).collect();
        assert_eq!(counts, [10, 10]);
    }

    #[test]
    fn a_lineage_of_other_make_neither_breaks_nor_grows_the_header() {
        let many = (0..500).map(|number| format!("{number:08x}:7")).collect::<Vec<_>>().join("|");
        for lineage in ["", ":", "x:y:z|", "25:a87bd80c:1|é:9", "a87bd80c:99999999999999", &many] {
            let header = extend(&format!("{ROOT};Lineage={lineage}"), "ranker").unwrap();
            assert_eq!(header.matches("Lineage=").count(), 1);
            assert!(header.len() < 1_000, "{}", header.len());
        }
    }
}
