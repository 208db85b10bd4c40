//! The agent `writer`: an entry with a declared error, and an operation that is handed back to.

use peer_contract as pc;

use super as t;
use super::editor;

/// `writer.draft`: the entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft(pub t::Topic);

pub fn draft(input: t::Topic) -> Draft {
    Draft(input)
}

impl pc::Operation for Draft {
    const TARGET: &'static str = "writer.draft";
    type Input = t::Topic;
    type Output = pc::Never;
    type Error = DraftFault;

    fn input(&self) -> &t::Topic {
        &self.0
    }
}

/// `writer.redraft`: return it to hand the work over.
#[derive(Debug, Clone, PartialEq)]
pub struct Redraft(pub t::Draft);

pub fn redraft(input: t::Draft) -> Redraft {
    Redraft(input)
}

impl pc::Operation for Redraft {
    const TARGET: &'static str = "writer.redraft";
    type Input = t::Draft;
    type Output = pc::Never;
    type Error = pc::Never;

    fn input(&self) -> &t::Draft {
        &self.0
    }
}

/// The error `offTopic`.
#[derive(Debug, Clone, PartialEq)]
pub struct OffTopic(pub t::Reason);

/// The errors of `draft`, as its callers see them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum DraftFault {
    OffTopic(OffTopic),
}

impl pc::Declared for DraftFault {
    fn read(code: &str, data: Option<&pc::Json>) -> Result<Option<Self>, pc::Error> {
        Ok(match code {
            "offTopic" => Some(Self::OffTopic(OffTopic(pc::codec::data(data)?))),
            _ => None,
        })
    }
}

pub type DraftOutcome = editor::Publish;

pub type RedraftOutcome = editor::Publish;

/// How `draft` fails.
#[derive(Debug)]
#[non_exhaustive]
pub enum DraftError {
    OffTopic(OffTopic),
    Failed(pc::BoxError),
}

impl From<OffTopic> for DraftError {
    fn from(error: OffTopic) -> Self {
        Self::OffTopic(error)
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for DraftError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// How `redraft` fails.
#[derive(Debug)]
#[non_exhaustive]
pub enum RedraftError {
    Failed(pc::BoxError),
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for RedraftError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Implement this.
pub trait Agent: Send + Sync + 'static {
    fn draft(
        &self,
        work: &mut pc::Work<t::Desk>,
        input: t::Topic,
    ) -> impl Future<Output = Result<DraftOutcome, DraftError>> + Send;

    fn redraft(
        &self,
        work: &mut pc::Work<t::Desk>,
        input: t::Draft,
    ) -> impl Future<Output = Result<RedraftOutcome, RedraftError>> + Send;
}

/// The agent, ready for `lambda::run`.
pub fn serve(agent: impl Agent) -> impl pc::Serve {
    Served(agent)
}

struct Served<A>(A);

impl<A: Agent> pc::Serve for Served<A> {
    fn agent(&self) -> &'static str {
        "writer"
    }

    fn contract(&self) -> Result<&pc::Contract, pc::Error> {
        t::CONTRACT.contract()
    }

    fn serve<'a>(&'a self, task: pc::Task) -> pc::BoxFuture<'a, Result<pc::Ended, pc::Error>> {
        Box::pin(async move {
            match task.operation() {
                "draft" => {
                    let (mut work, input) = task.open()?;
                    match self.0.draft(&mut work, input).await {
                        Ok(to) => pc::Ended::handoff(&work, &to),
                        Err(DraftError::OffTopic(error)) => {
                            pc::Ended::declared_with(&work, "offTopic", "`offTopic`", &error.0)
                        }
                        Err(DraftError::Failed(error)) => Err(pc::Error::thrown(error)),
                    }
                }
                "redraft" => {
                    let (mut work, input) = task.open()?;
                    match self.0.redraft(&mut work, input).await {
                        Ok(to) => pc::Ended::handoff(&work, &to),
                        Err(RedraftError::Failed(error)) => Err(pc::Error::thrown(error)),
                    }
                }
                _ => Err(task.unknown()),
            }
        })
    }
}
