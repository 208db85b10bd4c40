//! Agents written against generated code: it type-checks, runs, and hands over.

mod relay;

use std::sync::Mutex;

use peer_contract::run::{End, Hop, HopEnd, Observer, Raised};
use peer_contract::testing::Agents;
use peer_contract::{ErrorCode, Work};
use relay::{Article, Count, Desk, Draft, Reason, Topic, counter, editor, writer};

struct Writer;

impl writer::Agent for Writer {
    async fn draft(&self, work: &mut Work<Desk>, topic: Topic) -> Result<writer::DraftOutcome, writer::DraftError> {
        if topic.text == "nothing" {
            Err(writer::OffTopic(Reason::new("there is nothing to say".into())))?;
        }
        work.state.topic = Some(topic.text.clone());
        work.state.drafts += 1;
        Ok(editor::publish(Draft::new(topic.text)))
    }

    async fn redraft(&self, work: &mut Work<Desk>, draft: Draft) -> Result<editor::Publish, writer::RedraftError> {
        work.state.drafts += 1;
        Ok(editor::publish(Draft::new(format!("{} again", draft.text))))
    }
}

struct Editor;

impl editor::Agent for Editor {
    async fn publish(
        &self,
        work: &mut Work<Desk>,
        draft: Draft,
    ) -> Result<editor::PublishOutcome, editor::PublishError> {
        let count = work.call(counter::count(draft.clone())).await?;
        if count.words < 3 {
            return Ok(writer::redraft(draft).into());
        }
        Ok(Article::new(draft.text, count.words).into())
    }
}

struct Counter;

impl counter::Agent for Counter {
    async fn count(&self, _: &mut Work<()>, draft: Draft) -> Result<Count, counter::CountError> {
        if draft.text.is_empty() {
            return Err(counter::Empty.into());
        }
        Ok(Count::new(i64::try_from(draft.text.split_whitespace().count())?))
    }
}

#[tokio::test]
async fn a_handler_runs_without_a_server() {
    let mut work = Work::new(Desk::default());
    let outcome = writer::Agent::draft(&Writer, &mut work, Topic::new("canals".into())).await.unwrap();
    assert_eq!(outcome, editor::publish(Draft::new("canals".into())));
    assert_eq!(work.state.drafts, 1);
}

#[tokio::test]
async fn a_test_answers_the_calls_of_a_handler() {
    let mut work = Work::new(Desk::default())
        .answering(|target, _| (target == "counter.count").then(|| serde_json::json!({ "words": 2.0 })));
    let outcome = editor::Agent::publish(&Editor, &mut work, Draft::new("a b".into())).await.unwrap();
    assert_eq!(outcome, writer::redraft(Draft::new("a b".into())).into());
}

fn agents() -> Agents {
    Agents::new().with(writer::serve(Writer)).with(editor::serve(Editor)).with(counter::serve(Counter))
}

fn topic(text: &str) -> serde_json::Value {
    serde_json::json!({ "text": text })
}

#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

impl Observer for Seen {
    fn hop(&self, hop: &Hop) {
        let end = match &hop.end {
            HopEnd::Handoff(target) => target.clone(),
            end => format!("{end:?}"),
        };
        self.0.lock().unwrap().push(format!("{} {} {end}", hop.hop, hop.target));
    }
}

#[tokio::test]
async fn work_goes_around_and_ends_the_same_in_both_deliveries() {
    for agents in [agents(), agents().by_event()] {
        let seen = Seen::default();
        let finished = agents.run_observed("writer.draft", topic("canals"), &seen).await.unwrap();
        let article = finished.output_of::<editor::Publish>().unwrap().unwrap();
        assert_eq!(article, Article::new("canals again again".into(), 3));
        assert_eq!((finished.phase.as_deref(), finished.hops), (Some("published"), 6));
        let hops = seen.0.into_inner().unwrap();
        assert_eq!(hops.first().unwrap(), "1 writer.draft editor.publish");
        assert_eq!(hops.last().unwrap(), "6 editor.publish Reply");
        assert_eq!(hops.len(), 6);
    }
}

#[tokio::test]
async fn an_error_of_the_contract_ends_the_work_in_its_phase() {
    for agents in [agents(), agents().by_event()] {
        let finished = agents.run("writer", topic("nothing")).await.unwrap();
        assert_eq!(finished.phase.as_deref(), Some("dropped"));
        let End::Declared(Raised { code, data, .. }) = finished.end else { panic!("{:?}", finished.end) };
        assert_eq!(
            (code.as_str(), data.map(|data| data.to_value())),
            ("offTopic", Some(serde_json::json!({ "reason": "there is nothing to say" })))
        );
    }
}

#[tokio::test]
async fn a_wrong_input_is_refused_before_there_is_a_work() {
    let stopped = agents().run("", topic("no")).await.unwrap_err();
    assert_eq!((stopped.problem.code, stopped.problem.at.as_str()), (ErrorCode::LengthMismatch, "/text"));
    assert_eq!(stopped.work, None);
}

#[test]
fn a_type_reads_and_writes_by_the_whole_schema() {
    let draft = Draft::from_json(b"{\"text\":\"a\",\"note\":null,\"more\":[1]}").unwrap();
    assert_eq!(draft.note, Some(None));
    assert_eq!(draft.to_json().unwrap(), b"{\"more\":[1],\"note\":null,\"text\":\"a\"}");
    let error = Draft::from_json(b"{\"text\":3}").unwrap_err();
    assert_eq!((error.code().as_str(), error.at()), ("type_mismatch", "/text"));
    let error = Draft::from_json(b"{\"text\":\"a\",\"text\":\"b\"}").unwrap_err();
    assert_eq!(error.code(), ErrorCode::JsonDuplicateKey);
}
