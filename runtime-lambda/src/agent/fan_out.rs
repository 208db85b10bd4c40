//! Children of an operation, as the value that its handler returns.

use std::marker::PhantomData;

use peer_contract_core::Problem;
use peer_contract_core::json::Draft;

use super::codec::draft_of;
use super::{Callable, Error};

/// A callable operation that may be a child of the operation `Parent`; generated code says which are.
pub trait ChildOf<Parent>: Callable {}

/// The work spread over children. Return it from the handler of `Parent`, and the join of the contract goes on with what
/// they give.
///
/// `Ok(FanOut::of(passages.into_iter().map(ranker::score)).into())`; [`FanOut::and`] adds one of another operation.
#[derive(Debug, Clone, PartialEq)]
pub struct FanOut<Parent> {
    children: Result<Vec<(&'static str, Draft)>, Problem>,
    parent: PhantomData<fn() -> Parent>,
}

impl<Parent> FanOut<Parent> {
    /// Children of one operation, each with its own input.
    pub fn of<C: ChildOf<Parent>>(children: impl IntoIterator<Item = C>) -> Self {
        children.into_iter().fold(Self { children: Ok(Vec::new()), parent: PhantomData }, Self::and)
    }

    /// One child more, of this operation or another.
    #[must_use]
    pub fn and<C: ChildOf<Parent>>(mut self, child: C) -> Self {
        if let Ok(children) = &mut self.children {
            match draft_of(child.input()) {
                Ok(input) => children.push((C::TARGET, input)),
                Err(error) => self.children = Err(error.into_problem()),
            }
        }
        self
    }

    /// Target and input of each child.
    ///
    /// # Errors
    /// `output_invalid` when an input has no JSON form.
    pub(super) fn into_children(self) -> Result<Vec<(String, Draft)>, Error> {
        let children = self.children.map_err(Error::from)?;
        Ok(children.into_iter().map(|(target, input)| (target.to_owned(), input)).collect())
    }
}
