//! What `compare` finds between two versions, and that each witness it shows is one.

use std::collections::BTreeSet;

use peer_contract_core::compat::{Cause, Comparison, Difference, Direction, Verdict, Version, Witness, compare, fits};
use peer_contract_core::{Contract, ErrorCode, Pointer, Value};
use proptest::prelude::*;
use serde_json::json;

use crate::schemas::schema;
use crate::vectors::read;

fn contract(document: &Value) -> Contract {
    Contract::from_value(document.clone()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Asks both sides about every witness.
fn check_witnesses(old: &Contract, new: &Contract, found: &Comparison) {
    for difference in &found.differences {
        let Some(witness) = &difference.witness else { continue };
        let (sender, receiver) = if difference.sender == Version::Old { (old, new) } else { (new, old) };
        check_witness(sender, receiver, difference, witness);
    }
}

fn check_witness(sender: &Contract, receiver: &Contract, difference: &Difference, witness: &Witness) {
    let part = witness.part.as_str();
    let accepts = |contract: &Contract, at: Pointer| contract.schema(&at).unwrap().is_valid(&witness.value);
    match difference.cause {
        Cause::Agent | Cause::Operation => {
            assert!(receiver.operation(part).is_none(), "{part}");
            assert!(accepts(sender, sender.operation(part).unwrap().input.clone()), "{part} {}", witness.value);
        }
        Cause::ContractName | Cause::Limit | Cause::Phase => {
            check_message(sender, receiver, difference, &witness.value)
        }
        Cause::FanOut => check_fan_out(sender, receiver, part, witness),
        _ if witness.code == ErrorCode::PeerInvalid => check_reply(sender, receiver, part, &witness.value),
        _ => {
            assert!(accepts(sender, place(sender, part)), "{part}: not sent by one: {difference:#?}");
            assert!(!accepts(receiver, place(receiver, part)), "{part}: not refused by the other: {difference:#?}");
        }
    }
}

/// A message that one side sends, as the model of both says it, too.
fn check_message(sender: &Contract, receiver: &Contract, difference: &Difference, message: &Value) {
    let (name, target) = message["type"].as_str().unwrap().split_once('.').unwrap();
    assert_eq!(name, sender.name());
    let between = |sent: u64, most: [u64; 2]| assert!(most[0] >= sent && sent > most[1], "{message}");
    let both = [sender, receiver];
    match difference.cause {
        Cause::ContractName => assert_ne!(name, receiver.name()),
        Cause::Phase => {
            let from = both.map(|contract| &contract.operation(target).unwrap().from);
            let phase = message.get("phase").map(|phase| phase.as_str().unwrap().to_owned());
            let takes = |from: &Vec<String>| phase.as_ref().map_or(from.is_empty(), |phase| from.contains(phase));
            assert!(takes(from[0]) && !takes(from[1]), "{message}");
        }
        _ => match message.get("hop") {
            Some(hop) => between(hop.as_u64().unwrap(), both.map(|contract| contract.max_hops().into())),
            None => {
                let bytes = &message["data"]["stateRef"]["bytes"];
                between(bytes.as_u64().unwrap(), both.map(|contract| contract.max_state_bytes() as u64));
            }
        },
    }
}

/// A group with a child or a join that the receiver does not have, or results that its join refuses.
fn check_fan_out(sender: &Contract, receiver: &Contract, part: &str, witness: &Witness) {
    let (target, _) = part.split_once(' ').unwrap();
    let fan_out = sender.operation(target).unwrap().fans_out.as_ref().unwrap();
    let value = &witness.value;
    if let Some(child) = value.pointer("/data/fanOut/children/0/operation") {
        let child = child.as_str().unwrap();
        assert!(fan_out.each.iter().any(|target| target == child), "{value}");
        assert!(!receiver.operation(child).is_some_and(|operation| operation.is_callable()), "{value}");
    } else if let Some(named) = value.get("type") {
        assert_eq!(*named, json!(format!("{}.{}", sender.name(), fan_out.join)));
        assert!(receiver.operation(&fan_out.join).is_none(), "{value}");
    } else {
        let accepts = |contract: &Contract| {
            let join = contract.operation(&fan_out.join).unwrap();
            contract.schema(&join.input).unwrap().is_valid(value)
        };
        assert!(accepts(sender) && !accepts(receiver), "{value}");
    }
}

/// A reply that one side gives and the other does not know, or not with such data.
fn check_reply(sender: &Contract, receiver: &Contract, part: &str, reply: &Value) {
    let (target, what) = part.split_once(' ').unwrap();
    assert_eq!(reply["type"], json!(format!("{}.{target}.reply", sender.name())));
    let carries = |contract: &Contract| {
        let operation = contract.operation(target).unwrap();
        match what.strip_prefix("errors/") {
            Some(name) => operation.errors.get(name).map(|error| error.data.is_some()),
            None => operation.output.as_ref().map(|_| true),
        }
    };
    let data = ["/data/output", "/data/error/data"].iter().any(|at| reply.pointer(at).is_some());
    assert_eq!(carries(sender), Some(data), "{reply}");
    assert_ne!(carries(receiver), Some(data), "{reply}");
}

/// Where the schema of a part stands: `state`, `a config`, `a.op input`, `a.op errors/e`.
fn place(contract: &Contract, part: &str) -> Pointer {
    let Some((subject, what)) = part.split_once(' ') else { return contract.state().unwrap() };
    if what == "config" {
        return contract.agents()[subject].config.clone().unwrap();
    }
    let operation = contract.operation(subject).unwrap();
    match what.strip_prefix("errors/") {
        Some(error) => operation.errors[error].data.clone().unwrap(),
        None if what == "input" => operation.input.clone(),
        None => operation.output.as_ref().unwrap().schema.clone(),
    }
}

fn seen(found: &Comparison) -> Value {
    let place = |at: &Option<Pointer>| at.as_ref().map(Pointer::as_str).map(str::to_owned);
    let one = |difference: &Difference| {
        json!({
            "cause": difference.cause.as_str(),
            "parts": difference.parts,
            "breaks": difference.breaks.iter().map(|direction| direction.as_str()).collect::<Vec<_>>(),
            "sender": if difference.sender == Version::Old { "old" } else { "new" },
            "old": place(&difference.old),
            "new": place(&difference.new),
            "certain": difference.certain,
            "witness": difference.witness.as_ref().map(|witness| json!({ "code": witness.code.as_str(), "at": witness.at.as_str() })),
        })
    };
    json!({
        "differences": found.differences.iter().map(one).collect::<Vec<_>>(),
        "edits": found.edits.iter().map(|edit| edit.at().as_str()).collect::<Vec<_>>(),
    })
}

#[test]
fn every_pair_has_the_differences_of_its_vector() {
    let mut wrong = Vec::new();
    for (name, vector) in read("diff") {
        let (old, new) = (contract(&vector["old"]), contract(&vector["new"]));
        let found = compare(&old, &new);
        check_witnesses(&old, &new, &found);
        // Whatever is certain, a value or a message shows.
        assert!(found.differences.iter().all(|one| one.certain == one.witness.is_some()), "{name}: {found:#?}");
        let expected = json!({ "differences": vector["differences"], "edits": vector["edits"] });
        if seen(&found) != expected {
            wrong.push(format!("{name}\t{}", seen(&found)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_comparison_agrees_with_what_happens_when_a_message_comes() {
    for (name, vector) in read("compat") {
        let (old, new) = (contract(&vector["sends"]), contract(&vector["accepts"]));
        let found = compare(&old, &new);
        check_witnesses(&old, &new, &found);
        if vector["verdict"] == "broken" {
            assert!(!found.holds(Direction::Backward), "{name}: {found:#?}");
        }
        assert_eq!(compare(&old, &old), Comparison::default(), "{name}");
    }
}

/// One limit, three types deep behind a list, an alternative and a reference, among sixty other properties that could differ.
#[test]
fn a_change_deep_in_a_large_type_has_a_witness() {
    let of = |most: u32, required: &[&str]| {
        let text = json!({ "type": "string" });
        let record = json!({ "type": "object", "properties": { "s": text, "n": { "type": "integer" }, "e": { "enum": ["a", "b"] } } });
        let wide = |name: &str, inner: Value| {
            let mut properties: serde_json::Map<_, _> =
                (0..60).map(|index| (format!("f{index}"), record.clone())).collect();
            properties.insert(name.to_owned(), inner);
            json!({ "type": "object", "properties": properties })
        };
        let line = json!({ "type": "object", "required": ["count"], "properties": { "count": { "type": "integer", "maximum": most } } });
        let row = json!({ "type": "array", "prefixItems": [text, text], "items": { "oneOf": [text, { "$ref": "#/$defs/L%69ne" }] } });
        let defs = json!({ "Line": line, "Inner": wide("row", row), "Outer": wide("inner", json!({ "$ref": "#/$defs/Inner" })) });
        let mut input = wide("outer", json!({ "allOf": [{ "$ref": "#/$defs/Outer" }] }));
        input["required"] = json!(required);
        let agents = json!({ "a": { "operations": { "op": { "input": input, "output": { "schema": true } } } } });
        contract(&json!({ "peerContract": "1", "name": "deep", "version": "1.0.0", "agents": agents, "$defs": defs }))
    };
    for required in [&[][..], &["f7"][..]] {
        let (old, new) = (of(99, &[]), of(50, required));
        let found = compare(&old, &new);
        check_witnesses(&old, &new, &found);
        let limit = found
            .differences
            .iter()
            .find(|one| one.new == Some("/$defs/Line/properties/count/maximum".parse().unwrap()));
        assert!(limit.is_some_and(|one| one.witness.is_some()), "{found:#?}");
        assert!(found.differences.iter().all(|one| one.certain), "{found:#?}");
    }
}

/// Enough types, one inside the other, that a naive walk takes for ever; twice as many operations as that.
#[test]
fn contracts_made_to_be_slow_are_compared_in_bounded_time() {
    let of = |leaf: Value| {
        let mut defs = json!({ "T30": leaf });
        for index in 0..30 {
            let next = json!({ "$ref": format!("#/$defs/T{}", index + 1) });
            let again = json!({ "type": "array", "items": { "$ref": format!("#/$defs/T{index}") } });
            let properties = json!({ "a": { "anyOf": [next, again] }, "b": next, "c": { "anyOf": [again, next] } });
            defs[format!("T{index}")] = json!({ "type": "object", "required": ["a"], "properties": properties });
        }
        let operations: serde_json::Map<_, _> = (0..300)
            .map(|index| {
                let input = json!({ "type": "object", "properties": { "x": { "$ref": "#/$defs/T0" }, "y": { "const": index } } });
                (format!("op{index}"), json!({ "input": input, "output": { "schema": { "$ref": "#/$defs/T1" } } }))
            })
            .collect();
        let agents = json!({ "a": { "operations": operations } });
        json!({ "peerContract": "1", "name": "slow", "version": "1.0.0", "agents": agents, "$defs": defs })
    };
    let (old, new) = (contract(&of(json!({ "type": "string" }))), contract(&of(json!({ "type": "number" }))));
    let found = compare(&old, &new);
    assert!(!found.holds(Direction::Backward) && !found.holds(Direction::Forward));
}

/// Conditions, dependencies, tags and exclusions that lead to each other, in as many ways as there is room for.
#[test]
fn conditions_made_to_be_slow_are_compared_in_bounded_time() {
    let of = |leaf: Value| {
        let mut defs = json!({ "T20": leaf });
        for index in 0..20 {
            let inner = json!({ "properties": { "n": { "$ref": format!("#/$defs/T{}", index + 1) } } });
            let branch = |tag: u32| json!({ "required": ["k"], "properties": { "k": { "const": tag }, "n": inner["properties"]["n"] } });
            defs[format!("T{index}")] = json!({
                "type": "object", "properties": { "k": { "enum": [0, 1, 2, 3] } }, "required": ["k"],
                "oneOf": (0..4).map(branch).collect::<Vec<_>>(), "anyOf": [inner, branch(7), { "required": ["m"] }],
                "if": inner, "then": { "properties": { "a": inner } }, "else": { "not": inner },
                "dependentSchemas": { "k": inner, "a": { "not": inner } }, "unevaluatedProperties": inner,
            });
        }
        let input = json!({ "$ref": "#/$defs/T0" });
        let agents = json!({ "a": { "operations": { "op": { "input": input, "output": { "schema": true } } } } });
        json!({ "peerContract": "1", "name": "slow", "version": "1.0.0", "agents": agents, "$defs": defs })
    };
    let leaf = |limit: u32| json!({ "type": "object", "maxProperties": limit, "not": { "required": ["z"] } });
    let (old, new) = (contract(&of(leaf(3))), contract(&of(leaf(2))));
    assert!(!compare(&old, &new).holds(Direction::Backward));
    assert_ne!(fits((&old, old.operation("a.op").unwrap()), (&new, new.operation("a.op").unwrap())), Verdict::Fits);
}

/// A contract with everything that can break; what is left out comes from `without`.
fn whole(schemas: &[Value], without: &BTreeSet<&str>) -> Value {
    let [input, output, data, state, config] = schemas else { panic!("five schemas") };
    let mut call = json!({ "input": input, "output": { "schema": output } });
    if !without.contains("error") {
        call["errors"] =
            json!({ "failed": if without.contains("data") { json!({}) } else { json!({ "data": data }) } });
    }
    let mut begin = json!({ "input": data, "from": ["start"], "handsTo": { "b.end": "middle" } });
    if !without.contains("reply") {
        begin["output"] = json!({ "schema": input, "to": "done" });
    }
    let end = json!({ "input": output, "from": ["middle"], "output": { "schema": config, "to": "done" } });
    let mut first = json!({ "config": config, "operations": { "begin": begin } });
    if !without.contains("call") {
        first["operations"]["call"] = call.clone();
    }
    let mut agents = json!({ "a": first, "b": { "operations": { "end": end } } });
    if !without.contains("agent") {
        agents["c"] = json!({ "operations": { "call": call } });
    }
    json!({ "peerContract": "1", "name": "pair", "version": "1.0.0", "agents": agents,
        "state": { "type": "object", "properties": { "s": state } }, "phases": { "start": "start", "end": ["done"] } })
}

fn contracts() -> impl Strategy<Value = (Value, Value)> {
    let without = || prop::sample::subsequence(vec!["agent", "call", "data", "error", "reply"], 0..3);
    let schemas = || prop::collection::vec(schema(), 5);
    (schemas(), schemas(), prop::collection::vec(0..3, 5), without(), without()).prop_map(
        |(old, other, same, without_old, without_new)| {
            // Mostly the same schemas: versions of one contract are alike.
            let new: Vec<_> = old
                .iter()
                .zip(other)
                .zip(same)
                .map(|((old, other), same)| if same > 0 { old.clone() } else { other })
                .collect();
            (whole(&old, &without_old.into_iter().collect()), whole(&new, &without_new.into_iter().collect()))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_witness_is_sent_by_one_and_refused_by_the_other((old, new) in contracts()) {
        let (Ok(old), Ok(new)) = (Contract::from_value(old), Contract::from_value(new)) else { return Ok(()) };
        let found = compare(&old, &new);
        check_witnesses(&old, &new, &found);
        for difference in &found.differences {
            prop_assert!(!difference.breaks.is_empty() && (difference.old.is_some() || difference.new.is_some()));
        }
        // The other way round, the same breaks in the other directions.
        let back = compare(&new, &old);
        prop_assert_eq!(found.holds(Direction::Backward), back.holds(Direction::Forward));
        prop_assert_eq!(found.holds(Direction::Forward), back.holds(Direction::Backward));
        prop_assert_eq!(compare(&old, &old), Comparison::default());
        // Nothing that a receiver refuses at run time is missing here.
        for sent in old.operations() {
            let Some(accepted) = new.operation(&sent.target) else { continue };
            if let Verdict::Broken(broken) = fits((&old, sent), (&new, accepted)) {
                prop_assert!(!found.holds(Direction::Backward), "{broken:?}");
            }
        }
    }
}
