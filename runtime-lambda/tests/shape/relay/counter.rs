//! The agent `counter`: one callable operation with a declared error.

use peer_contract as pc;

use super as t;

/// `counter.count`: call it.
#[derive(Debug, Clone, PartialEq)]
pub struct Count(pub t::Draft);

pub fn count(input: t::Draft) -> Count {
    Count(input)
}

impl pc::Operation for Count {
    const TARGET: &'static str = "counter.count";
    type Input = t::Draft;
    type Output = t::Count;
    type Error = CountFault;

    fn input(&self) -> &t::Draft {
        &self.0
    }
}

impl pc::Callable for Count {}

/// The error `empty`.
#[derive(Debug, Clone, PartialEq)]
pub struct Empty;

/// The errors of `count`, as its callers see them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CountFault {
    Empty(Empty),
}

impl pc::Declared for CountFault {
    fn read(code: &str, _data: Option<&pc::Json>) -> Result<Option<Self>, pc::Error> {
        Ok(match code {
            "empty" => Some(Self::Empty(Empty)),
            _ => None,
        })
    }
}

pub type CountOutcome = t::Count;

/// How `count` fails.
#[derive(Debug)]
#[non_exhaustive]
pub enum CountError {
    Empty(Empty),
    Failed(pc::BoxError),
}

impl From<Empty> for CountError {
    fn from(error: Empty) -> Self {
        Self::Empty(error)
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for CountError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Implement this.
pub trait Agent: Send + Sync + 'static {
    fn count(
        &self,
        work: &mut pc::Work<()>,
        input: t::Draft,
    ) -> impl Future<Output = Result<CountOutcome, CountError>> + Send;
}

/// The agent, ready for `lambda::run`.
pub fn serve(agent: impl Agent) -> impl pc::Serve {
    Served(agent)
}

struct Served<A>(A);

impl<A: Agent> pc::Serve for Served<A> {
    fn agent(&self) -> &'static str {
        "counter"
    }

    fn contract(&self) -> Result<&pc::Contract, pc::Error> {
        t::CONTRACT.contract()
    }

    fn serve<'a>(&'a self, task: pc::Task) -> pc::BoxFuture<'a, Result<pc::Ended, pc::Error>> {
        Box::pin(async move {
            match task.operation() {
                "count" => {
                    let (mut work, input) = task.open_call()?;
                    match self.0.count(&mut work, input).await {
                        Ok(output) => pc::Ended::reply(&work, &output),
                        Err(CountError::Empty(_)) => pc::Ended::declared(&work, "empty", "`empty`"),
                        Err(CountError::Failed(error)) => Err(pc::Error::thrown(error)),
                    }
                }
                _ => Err(task.unknown()),
            }
        })
    }
}
