//! Formats: our checks beside those of the `jsonschema` crate, on texts that are nearly right.
//!
//! `deliberate.rs` lists where ours say otherwise, and why; any other difference is a failure.

mod deliberate;
mod mutation;
mod texts;

use jsonschema::Validator;
use peer_contract_core::Value;
use peer_contract_oracle::formats;
use peer_contract_oracle::random::Random;
use serde_json::json;

use deliberate::DELIBERATE;
use texts::TEXTS;

/// Of each format.
const EXECUTIONS: usize = 20_000;

fn reference(format: &str) -> Validator {
    jsonschema::options()
        .should_validate_formats(true)
        .build(&json!({ "format": format }))
        .expect("the schema is right")
}

#[test]
fn formats_are_what_the_reference_says_but_for_the_listed_differences() {
    let mut unlisted = Vec::new();
    let mut met = vec![0; DELIBERATE.len()];
    for (format, texts) in TEXTS {
        let reference = reference(format);
        let mut random = Random::new(7);
        let mut both = [0, 0];
        for execution in 0..EXECUTIONS {
            let text = match texts.get(execution) {
                Some(text) => (*text).to_owned(),
                None => mutation::of(texts, &mut random),
            };
            let ours = formats::is(format, &text);
            both[usize::from(ours)] += 1;
            if ours == reference.is_valid(&Value::from(text.as_str())) {
                continue;
            }
            match DELIBERATE.iter().position(|listed| listed.explains(format, &text, ours)) {
                Some(listed) => met[listed] += 1,
                None => unlisted.push(format!("{format} {text:?}: {}", if ours { "taken" } else { "refused" })),
            }
        }
        assert!(both.iter().all(|count| *count > EXECUTIONS / 50), "{format}: {both:?} is hardly a test");
    }
    assert!(unlisted.is_empty(), "{} differences: {:#?}", unlisted.len(), &unlisted[..unlisted.len().min(20)]);
    let never: Vec<&str> =
        DELIBERATE.iter().zip(met).filter(|(_, met)| *met == 0).map(|(listed, _)| listed.why).collect();
    assert!(never.is_empty(), "listed, and not met: {never:#?}");
}
