//! Agents written against generated code: it type-checks, runs, and hands over.

mod relay;

use peer_contract::Work;
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
