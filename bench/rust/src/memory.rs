//! `bench-memory CONTRACT DATA`: the most heap that each case holds at once beyond its input, in bytes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use bench_rust::message::{Message, SIZES, schema};
use bench_rust::ours::Ours;
use bench_rust::peers::Peers;
use serde_json::json;

/// The system's allocator, counting.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to `System` unchanged; only numbers are kept beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(HELD.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: the caller keeps the rules of `alloc`, which are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: `pointer` came from `alloc` above, hence from `System`, with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [contract, data] = arguments.as_slice() else { panic!("usage: bench-memory CONTRACT DATA") };
    let data = Path::new(data);
    let ours = Ours::new(&std::fs::read(contract).expect("the contract can be read"), "/$defs/Parcel");
    let theirs = Peers::new(&schema(data));
    for size in SIZES {
        let Message { author, canonical, .. } = Message::read(data, size);
        let samples = json!({
            "ours: verdict": peak(|| ours.verdict(&author)),
            "ours: digest": peak(|| ours.digest(&canonical)),
            "ours: canonical": peak(|| ours.canonical(&author)),
            "serde_json + jsonschema: verdict": peak(|| theirs.verdict(&author)),
            "serde_json + jsonschema + canonicalizer + sha2: digest": peak(|| theirs.digest(&canonical)),
        });
        println!("{}", json!({ "group": "rust-memory", "size": size, "bytes": author.len(), "samples": samples }));
    }
}

/// The second run counts: what is kept between messages belongs to no message.
fn peak<T>(mut work: impl FnMut() -> T) -> usize {
    drop(work());
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    drop(std::hint::black_box(work()));
    PEAK.load(Relaxed) - before
}
