//! Contracts of many types, one leading to the next, cost what they are long: four times as much of it may take a bit
//! more than four times as long, and sixteen times would be a square.

use std::time::Duration;

use peer_contract_core::compat::compare;
use peer_contract_core::sample::Sampler;
use peer_contract_core::{Contract, Limits, Pointer, Value};
use peerc::explain::{Asked, explain};
use peerc::ir::{Shape, Type, lower};
use peerc::source::{Notation, Source};
use peerc::target::Language;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Map, json};

/// Between four, as it should be, and sixteen.
const MOST: f64 = 10.0;

/// A time below which nobody waits for anything, whatever it grows by.
const NOTHING: Duration = Duration::from_millis(40);

/// Makes a type of the reference to the next one.
type Link = fn(Value) -> Value;

/// Types `A0`, `A1`, … of which each is made with the reference to the next one; the last is an object.
fn chain(length: usize, link: impl Fn(Value) -> Value) -> Value {
    let name = |index: usize| format!("A{index}");
    let next = |index: usize| json!({ "$ref": format!("#/$defs/A{}", index + 1) });
    let mut defs: Map<String, Value> = (0..length).map(|index| (name(index), link(next(index)))).collect();
    defs.insert(name(length), json!({ "type": "object", "properties": { "a": { "type": "string" } } }));
    contract(Value::Object(defs))
}

fn contract(defs: Value) -> Value {
    let first = json!({ "input": { "$ref": "#/$defs/A0" }, "output": { "schema": { "type": "null" } } });
    json!({ "peerContract": "1", "name": "long", "version": "1.0.0", "$defs": defs,
        "agents": { "a": { "operations": { "o": first } } } })
}

fn read(contract: &Value) -> Contract {
    Contract::from_value(contract.clone()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The shorter of two times of this thread on a processor, so that what else the machine does hardly counts.
fn time(work: impl Fn()) -> Duration {
    let once = || {
        let start = spent();
        work();
        spent() - start
    };
    (0..2).map(|_| once()).min().unwrap()
}

/// How long this thread was on a processor.
fn spent() -> Duration {
    let spent = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(spent.tv_sec.try_into().unwrap(), spent.tv_nsec.try_into().unwrap())
}

fn grows_like_its_length(about: &str, size: usize, work: impl Fn(usize) -> Box<dyn Fn()>) {
    let (small, large) = (time(work(size)), time(work(4 * size)));
    assert!(!small.is_zero(), "{about}: the work is not done by this thread");
    let ratio = large.as_secs_f64() / small.as_secs_f64();
    assert!(large < NOTHING || ratio < MOST, "{about}: {small:?} for {size}, {large:?} for {}", 4 * size);
}

#[test]
fn code_of_types_that_lead_to_each_other_is_made_in_the_time_of_its_length() {
    let links: [(&str, Link); 5] = [
        ("lists", |next| json!({ "type": "array", "items": next })),
        ("maps", |next| json!({ "type": "object", "additionalProperties": next })),
        ("properties", |next| json!({ "type": "object", "properties": { "p": next }, "required": ["p"] })),
        (
            "two of each",
            |next| json!({ "type": "object", "properties": { "l": next, "r": next }, "required": ["l", "r"] }),
        ),
        ("tuples", |next| json!({ "type": "array", "prefixItems": [next, next] })),
    ];
    for (about, link) in links {
        grows_like_its_length(about, 80, |length| {
            let contract = read(&chain(length, link));
            Box::new(move || {
                let graph = lower(&contract);
                Language::ALL.iter().for_each(|language| drop(language.generate(&graph)));
            })
        });
    }
}

#[test]
fn lists_of_lists_end_where_no_compiler_would_follow() {
    let graph = lower(&read(&chain(100, |next| json!({ "type": "array", "items": next }))));
    let says_nothing = |shape: &Shape| matches!(shape, Shape::Alias(Type::List(items)) if **items == Type::Json);
    assert_eq!(graph.types.iter().filter(|ty| says_nothing(&ty.shape)).count(), 3);
}

/// As many schemas within each other for one value as the checker lets through, over and over.
fn alternatives(length: usize) -> Value {
    let one = |index: usize| match index % 15 {
        14 => json!({ "type": "object", "properties": { "a": { "type": "string" } } }),
        _ => json!({ "anyOf": [{ "$ref": format!("#/$defs/A{}", index + 1) }, { "type": "null" }] }),
    };
    let defs: Map<String, Value> =
        (0..length.next_multiple_of(15)).map(|index| (format!("A{index}"), one(index))).collect();
    contract(Value::Object(defs))
}

#[test]
fn alternatives_within_each_other_are_looked_at_once() {
    // Each level that is looked at twice doubles the time: a second of them takes hours.
    let start = spent();
    let contract = read(&alternatives(300));
    assert_eq!(lower(&contract).types.len(), 300);
    let taken = spent() - start;
    assert!(taken < Duration::from_secs(60), "{taken:?}");
}

#[test]
fn explaining_grows_like_what_is_explained() {
    grows_like_its_length("alternatives", 60, |length| {
        let text = alternatives(length).to_string();
        let source = Source::of("long.json", text.as_bytes(), Notation::Json, &Limits::default());
        Box::new(move || assert!(!explain(&source, &Asked::everything()).unwrap().is_empty()))
    });
}

#[test]
fn samples_of_many_parts_are_given_up_in_time() {
    grows_like_its_length("parts", 300, |length| {
        let parts: Vec<Value> = (0..length).map(|index| json!({ "required": [format!("p{index}")] })).collect();
        let contract = read(&contract(json!({ "A0": { "type": "object", "allOf": parts } })));
        Box::new(move || drop(Sampler::new(&contract, 0).valid(&Pointer::root().key("$defs").key("A0"), 1)))
    });
}

#[test]
fn comparing_types_that_refer_to_all_others_grows_like_their_number() {
    grows_like_its_length("references", 60, |length| {
        let link = |next: Value| json!({ "type": "object", "properties": { "l": next, "r": next } });
        let old = chain(length, link);
        let mut new = old.clone();
        new["$defs"][format!("A{length}")]["minProperties"] = json!(1);
        let (old, new) = (read(&old), read(&new));
        Box::new(move || assert!(!compare(&old, &new).differences.is_empty()))
    });
}
