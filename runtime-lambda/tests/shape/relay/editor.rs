//! The agent `editor`: a reply or a handoff, and a call.

use peer_contract as pc;

use super as t;
use super::writer;

/// `editor.publish`: return it to hand the work over.
#[derive(Debug, Clone, PartialEq)]
pub struct Publish(pub t::Draft);

pub fn publish(input: t::Draft) -> Publish {
    Publish(input)
}

impl pc::Operation for Publish {
    const TARGET: &'static str = "editor.publish";
    type Input = t::Draft;
    type Output = t::Article;
    type Error = pc::Never;

    fn input(&self) -> &t::Draft {
        &self.0
    }
}

/// How `publish` may end.
#[derive(Debug, Clone, PartialEq)]
pub enum PublishOutcome {
    Reply(t::Article),
    Redraft(writer::Redraft),
}

impl From<t::Article> for PublishOutcome {
    fn from(output: t::Article) -> Self {
        Self::Reply(output)
    }
}

impl From<writer::Redraft> for PublishOutcome {
    fn from(handoff: writer::Redraft) -> Self {
        Self::Redraft(handoff)
    }
}

/// How `publish` fails.
#[derive(Debug)]
#[non_exhaustive]
pub enum PublishError {
    Failed(pc::BoxError),
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for PublishError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Implement this.
pub trait Agent: Send + Sync + 'static {
    fn publish(
        &self,
        work: &mut pc::Work<t::Desk>,
        input: t::Draft,
    ) -> impl Future<Output = Result<PublishOutcome, PublishError>> + Send;
}

/// The agent, ready for `lambda::run`.
pub fn serve(agent: impl Agent) -> impl pc::Serve {
    Served(agent)
}

struct Served<A>(A);

impl<A: Agent> pc::Serve for Served<A> {
    fn agent(&self) -> &'static str {
        "editor"
    }

    fn contract(&self) -> Result<&pc::Contract, pc::Error> {
        t::CONTRACT.contract()
    }

    fn serve<'a>(&'a self, task: pc::Task) -> pc::BoxFuture<'a, Result<pc::Ended, pc::Error>> {
        Box::pin(async move {
            match task.operation() {
                "publish" => {
                    let (mut work, input) = task.open()?;
                    match self.0.publish(&mut work, input).await {
                        Ok(PublishOutcome::Reply(output)) => pc::Ended::reply(&work, &output),
                        Ok(PublishOutcome::Redraft(to)) => pc::Ended::handoff(&work, &to),
                        Err(PublishError::Failed(error)) => Err(pc::Error::thrown(error)),
                    }
                }
                _ => Err(task.unknown()),
            }
        })
    }
}
