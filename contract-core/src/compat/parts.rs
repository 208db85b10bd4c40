//! What crosses between who sends a message and who receives it.

use crate::contract::{Kind, Operation};
use crate::{Contract, Pointer};

/// One thing that one of the two gives and the other reads.
pub(super) struct Crossing {
    pub(super) part: Part,
    pub(super) by: Giver,
    pub(super) gives: Held,
    pub(super) reads: Held,
}

/// What it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Input,
    Output,
    Error(String),
    State,
}

impl Part {
    /// `input`, `output`, `errors/<name>`, `state`.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Input => "input".to_owned(),
            Self::Output => "output".to_owned(),
            Self::Error(name) => format!("errors/{name}"),
            Self::State => "state".to_owned(),
        }
    }
}

/// Who gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Giver {
    Sender,
    Receiver,
}

/// What a side has for a part.
pub(super) enum Held {
    /// It is of this schema.
    Schema(Pointer),
    /// It is there and carries nothing.
    Nothing,
    /// The side does not know of it.
    Unknown,
}

impl Held {
    fn of(schema: Option<&Pointer>) -> Self {
        schema.cloned().map_or(Self::Nothing, Self::Schema)
    }
}

/// Whose reading counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Those a message is waiting for: who hands work over has left before an output or an error comes.
    Waiting,
    /// Also who began the work, or takes its result later.
    All,
}

/// All that crosses when `sent` of one contract is delivered to `accepted` of another, the same operation.
pub(super) fn crossings(
    (sender, sent): (&Contract, &Operation),
    (receiver, accepted): (&Contract, &Operation),
    readers: Readers,
) -> Vec<Crossing> {
    let input = |operation: &Operation| Held::Schema(operation.input.clone());
    let mut all = vec![Crossing { part: Part::Input, by: Giver::Sender, gives: input(sent), reads: input(accepted) }];
    if accepted.kind == Kind::Callable || readers == Readers::All {
        all.extend(output(sent, accepted));
        all.extend(accepted.errors.keys().map(|name| error(name, sent, accepted)));
    }
    if accepted.kind != Kind::Callable {
        // It goes on with the receiver and may come back.
        let (there, back) = (sender.state(), receiver.state());
        let state = |by, gives: &Option<Pointer>, reads: &Option<Pointer>| Crossing {
            part: Part::State,
            by,
            gives: Held::of(gives.as_ref()),
            reads: Held::of(reads.as_ref()),
        };
        all.push(state(Giver::Sender, &there, &back));
        all.push(state(Giver::Receiver, &back, &there));
    }
    all
}

fn output(sent: &Operation, accepted: &Operation) -> Option<Crossing> {
    let gives = Held::Schema(accepted.output.as_ref()?.schema.clone());
    let reads = sent.output.as_ref().map_or(Held::Unknown, |output| Held::Schema(output.schema.clone()));
    Some(Crossing { part: Part::Output, by: Giver::Receiver, gives, reads })
}

fn error(name: &str, sent: &Operation, accepted: &Operation) -> Crossing {
    let gives = accepted.errors.get(name).map_or(Held::Unknown, |error| Held::of(error.data.as_ref()));
    let reads = sent.errors.get(name).map_or(Held::Unknown, |error| Held::of(error.data.as_ref()));
    Crossing { part: Part::Error(name.to_owned()), by: Giver::Receiver, gives, reads }
}
