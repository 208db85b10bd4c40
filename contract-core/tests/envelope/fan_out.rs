//! A group from the outcome of its parent to the message of its join.

use std::collections::BTreeSet;

use peer_contract_core::contract::Complete;
use peer_contract_core::envelope::{Recipient, TraceContext, Travel, id};
use peer_contract_core::fan::{Child, ChildEnd, Gathering, Given, Group, Progress, Slot, Step, results_schema};
use peer_contract_core::inbox::{Delivery, Event, Outcome, Start, start};
use peer_contract_core::{Contract, ErrorCode, Problem, Value};
use serde_json::json;

use crate::kit::{NOW, TRACE, arrival, bytes, envelope, inbox, open, ready, reason, text};

fn survey() -> Contract {
    survey_with("all")
}

/// Joins that read whatever comes, so that any rule goes with them.
fn survey_with(complete: impl Into<Value>) -> Contract {
    let object = || json!({ "type": "object" });
    let contract = json!({
        "peerContract": "1", "name": "survey", "version": "1.0.0", "state": object(),
        "phases": { "start": "asked", "end": ["written"] },
        "agents": {
            "planner": { "operations": { "plan": {
                "input": object(), "from": ["asked"],
                "fansOut": {
                    "each": ["scorer.score", "scorer.tell"], "join": "writer.write",
                    "complete": complete.into(), "concurrency": 2
                }
            } } },
            "scorer": { "operations": {
                "score": {
                    "input": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } },
                    "output": { "schema": { "type": "integer" } }, "errors": { "closed": {} }
                },
                "tell": { "input": object(), "output": { "schema": { "type": "string" } } }
            } },
            "writer": { "operations": { "write": {
                "input": object(), "from": ["scored"], "output": { "schema": object(), "to": "written" }
            } } }
        }
    });
    Contract::from_value(contract).unwrap_or_else(|problems| panic!("{problems}"))
}

fn parent(contract: &Contract, travel: Travel) -> Box<Delivery> {
    let trace = TraceContext::read(TRACE, None);
    let (entry, input, random) = ("planner.plan", text(json!({})).into(), [1; 10]);
    let first = start(contract, Start { entry, input, now_ms: NOW, random, travel, trace, reply_to: None }).unwrap();
    ready(inbox(contract, "planner").open(Event::Bytes(bytes(&first).into()), &arrival(true)))
}

fn children(count: usize) -> Outcome {
    let child = |index: usize| ("scorer.score".to_owned(), text(json!({ "name": format!("n{index}") })).into());
    Outcome::FanOut { children: (0..count).map(child).collect() }
}

fn group_bytes(contract: &Contract, count: usize, travel: Travel) -> Vec<u8> {
    let state = Some(text(json!({ "seen": 1 })).into());
    bytes(&parent(contract, travel).close(children(count), state, NOW + 5).unwrap())
}

fn gathering(contract: &Contract, count: usize) -> Gathering {
    Gathering::new(Group::unpack(contract, group_bytes(contract, count, Travel::Return)).unwrap().0)
}

fn asked(gathering: &mut Gathering) -> Vec<Child> {
    let mut children = Vec::new();
    while let Given::Child(child) = gathering.ask() {
        children.push(*child);
    }
    children
}

fn output(value: Value) -> ChildEnd {
    ChildEnd::Output(text(value))
}

fn failed() -> ChildEnd {
    ChildEnd::Failed(Problem::new(ErrorCode::HandlerFailed, Default::default(), "it broke"))
}

#[test]
fn a_group_is_its_join_without_an_input() {
    let contract = survey();
    let delivery = parent(&contract, Travel::Return);
    let group = envelope(&group_bytes(&contract, 3, Travel::Return));
    let header = &group.header;
    assert_eq!((header.target.as_str(), header.phase.as_deref(), header.hop), ("writer.write", Some("scored"), 2));
    assert_eq!(header.id, id::derived(&delivery.header().id, 0));
    assert_eq!(header.operation, contract.operation("writer.write").unwrap().hash());
    assert!(group.input.is_none() && group.fan_out.is_some() && group.state.is_some() && group.contract.is_some());
}

#[test]
fn an_agent_takes_no_group() {
    let contract = survey();
    let opened = open(&inbox(&contract, "writer"), &group_bytes(&contract, 1, Travel::Return));
    assert_eq!(reason(opened), ("envelope_invalid".to_owned(), "/data/fanOut".to_owned()));
}

#[test]
fn children_are_sent_so_many_at_once_and_joined_in_their_order() {
    let contract = survey();
    let mut gathering = gathering(&contract, 4);
    let first = asked(&mut gathering);
    assert_eq!(first.iter().map(|child| child.ordinal).collect::<Vec<_>>(), [0, 1]);
    gathering.settle(1, output(json!(11)));
    assert_eq!(asked(&mut gathering)[0].ordinal, 2);
    gathering.settle(1, output(json!(12)));
    assert!(matches!(gathering.ask(), Given::Nothing), "the same child ended once");
    gathering.settle(2, output(json!(21)));
    gathering.settle(0, output(json!(1)));
    assert_eq!(asked(&mut gathering)[0].ordinal, 3);
    gathering.settle(3, output(json!(31)));
    assert!(matches!(gathering.ask(), Given::Over));
    let join = gathering.finish(Some(text(json!({ "seen": 1 }))), None).unwrap();
    let delivery = ready(open(&inbox(&contract, "writer"), &bytes(&join)));
    let result = |index: u32, output: u32| json!({ "index": index, "operation": "scorer.score", "output": output });
    let results = [result(0, 1), result(1, 11), result(2, 21), result(3, 31)];
    assert_eq!(delivery.input().to_value(), json!({ "results": results }));
    assert_eq!(delivery.state().unwrap().to_value(), json!({ "seen": 1 }));
    assert_eq!(delivery.info().phase.as_deref(), Some("scored"));
}

#[test]
fn a_child_is_a_call_with_an_id_of_its_place() {
    let contract = survey();
    let group = envelope(&group_bytes(&contract, 2, Travel::Return)).header.id;
    let child = asked(&mut gathering(&contract, 2)).remove(1);
    assert_eq!(child.outgoing.header.id, id::derived(&group, 2));
    let delivery = ready(open(&inbox(&contract, "scorer"), &bytes(&child.outgoing)));
    assert_eq!((delivery.input().to_value(), delivery.state()), (json!({ "name": "n1" }), None));
    let reply = delivery.close(Outcome::Reply(text(json!(7)).into()), None, NOW).unwrap();
    let group = Group::unpack(&contract, group_bytes(&contract, 2, Travel::Return)).unwrap().0;
    assert_eq!(group.read_answer(1, bytes(&reply)), Ok(output(json!(7))));
    assert_eq!(group.read_answer(0, bytes(&reply)).unwrap_err().code, ErrorCode::PeerInvalid);
}

#[test]
fn a_child_by_event_answers_to_its_group_and_to_nobody_else() {
    let contract = survey();
    let delivery = parent(&contract, Travel::Event);
    let outgoing = delivery.close(children(1), None, NOW).unwrap();
    assert_eq!(outgoing.recipient, Recipient::Children);
    let group = Group::unpack(&contract, bytes(&outgoing)).unwrap().0;
    let child = group.child(0).unwrap().unwrap().outgoing;
    let slot = Slot { parent: delivery.header().id.clone(), ordinal: 0 };
    assert_eq!((slot.child(), slot.group()), (child.header.id.clone(), group.header().id.clone()));
    let event = |bytes: Vec<u8>| inbox(&contract, "scorer").open(Event::Bytes(bytes.into()), &arrival(true));
    let reply = ready(event(bytes(&child))).close(Outcome::Reply(text(json!(7)).into()), None, NOW).unwrap();
    assert_eq!(reply.recipient, Recipient::Group(slot));
    let forged = String::from_utf8(bytes(&child)).unwrap().replace("group/0", "group/1");
    assert_eq!(reason(event(forged.into_bytes())), ("envelope_invalid".to_owned(), "/delivery".to_owned()));
}

#[test]
fn what_the_contract_does_not_list_is_no_fan_out() {
    let contract = survey();
    let refused = |outcome: Outcome| {
        let problems = parent(&contract, Travel::Return).close(outcome, None, NOW).unwrap_err();
        (problems.first().code, problems.first().at.to_string())
    };
    let child =
        |target: &str, input: Value| Outcome::FanOut { children: vec![(target.to_owned(), text(input).into())] };
    assert_eq!(refused(child("writer.write", json!({}))), (ErrorCode::OutcomeRefused, "/children/0".to_owned()));
    let wrong = (ErrorCode::OutputInvalid, "/children/0/input/name".to_owned());
    assert_eq!(refused(child("scorer.score", json!({ "name": 3 }))), wrong);
    assert_eq!(refused(children(1_001)), (ErrorCode::ChildrenLimit, "/children".to_owned()));
    let few = survey_with(json!({ "outputs": 3 }));
    let problems = parent(&few, Travel::Return).close(children(2), None, NOW).unwrap_err();
    assert_eq!((problems.first().code, problems.first().at.as_str()), (ErrorCode::OutputInvalid, "/children"));
    assert!(parent(&contract, Travel::Return).close(children(1_000), None, NOW).is_ok());
}

#[test]
fn one_failure_ends_a_fan_out_that_needs_all() {
    let mut gathering = gathering(&survey(), 4);
    asked(&mut gathering);
    gathering.settle(1, failed());
    assert!(matches!(gathering.ask(), Given::Over));
    let problem = gathering.finish(None, None).unwrap_err();
    assert_eq!((problem.code, problem.at.as_str()), (ErrorCode::FanOutFailed, "/data/fanOut/children/1"));
}

#[test]
fn a_join_that_tolerates_failures_reads_them() {
    let contract = survey_with(json!({ "toleratedFailures": 1 }));
    let mut gathering = gathering(&contract, 2);
    asked(&mut gathering);
    gathering.settle(1, output(json!(1)));
    gathering.settle(0, failed());
    let join = gathering.finish(Some(text(json!({}))), None).unwrap();
    let error = json!({ "at": "", "code": "handler_failed", "message": "it broke" });
    assert_eq!(
        join.input.unwrap().to_value()["results"][0],
        json!({ "error": error, "index": 0, "operation": "scorer.score" })
    );
}

#[test]
fn a_fan_out_over_nothing_is_joined_at_once() {
    let mut gathering = gathering(&survey(), 0);
    assert!(matches!(gathering.ask(), Given::Over));
    assert_eq!(gathering.finish(None, None).unwrap().input.unwrap().to_value(), json!({ "results": [] }));
}

#[test]
fn what_a_join_gets_has_a_schema() {
    let schema = results_schema(&survey(), "planner.plan").unwrap();
    assert_eq!(schema["required"], json!(["results"]));
    assert_eq!(results_schema(&survey(), "writer.write"), None);
}

/// Numbers that look random, the same for a seed.
struct Draws(u64);

impl Draws {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }
}

#[test]
fn each_child_starts_once_whatever_is_repeated_and_in_whatever_order_they_end() {
    for seed in 0..2_000 {
        let mut draws = Draws(seed);
        let (children, concurrency) = (draws.below(40) as u32, 1 + draws.below(9) as u32);
        let rules = [
            Complete::All,
            Complete::Settled,
            Complete::Outputs(1 + draws.below(4) as u32),
            Complete::ToleratedFailures(draws.below(5) as u32),
            Complete::ToleratedFailurePercent(draws.below(50) as u32),
        ];
        let mut progress = Progress::new(children, concurrency, rules[draws.below(5) as usize]);
        let mut open: Vec<u32> = progress.under_way();
        let mut started: BTreeSet<u32> = open.iter().copied().collect();
        let mut ended = Vec::new();
        while !open.is_empty() && progress.ending().is_none() {
            assert!(open.len() <= concurrency as usize, "seed {seed}");
            let ordinal = open.swap_remove(draws.below(open.len() as u64) as usize);
            assert!(progress.settle(ordinal, draws.below(4) > 0), "seed {seed}");
            let read_again = Progress::from_bytes(&progress.to_bytes()).unwrap();
            assert_eq!(read_again, progress);
            ended.push(ordinal);
            match progress.step_of(ordinal) {
                Step::Start(next) => {
                    assert!(started.insert(next), "seed {seed}: {next} started twice");
                    open.push(next);
                }
                step => assert_eq!(step == Step::Wait, progress.ending().is_none(), "seed {seed}"),
            }
            let mut sorted = open.clone();
            sorted.sort_unstable();
            if progress.ending().is_none() {
                assert_eq!(progress.under_way(), sorted, "seed {seed}");
            }
            let again = ended[draws.below(ended.len() as u64) as usize];
            assert!(!progress.settle(again, true), "seed {seed}: what has ended ends once");
        }
        let ending =
            progress.ending().unwrap_or_else(|| panic!("seed {seed}: nothing is under way, and nothing has ended"));
        let last: Vec<Step> =
            ended.iter().map(|ordinal| progress.step_of(*ordinal)).filter(|step| *step == ending).collect();
        assert_eq!(last.len(), usize::from(!ended.is_empty()), "seed {seed}: one settlement ends the group");
        let late = open.first().copied();
        assert!(late.is_none_or(|late| !progress.clone().settle(late, true)), "seed {seed}: late children are ignored");
    }
}
