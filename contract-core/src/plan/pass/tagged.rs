//! Objects that a property tells apart.

use super::{Pass, Passed, Stop};
use crate::plan::find;
use crate::plan::node::{First, Tagged};
use crate::plan::sink::Sink;
use crate::plan::token::same;

impl<'a, S: Sink> Pass<'_, 'a, '_, S> {
    /// The tag decides, wherever it stands.
    pub(super) fn tagged(&mut self, tagged: &Tagged, shape: S::Shape) -> Passed<S::Value> {
        let begin = self.tokens;
        let first = self.first(tagged)?;
        self.tokens = begin;
        let guess = match first {
            Some(First::Tag(index)) => return self.alternative(tagged, index as usize, shape),
            Some(First::Hint(index)) if self.guesses > 0 => Some(index as usize),
            Some(First::Hint(_)) | None => None,
        };
        if let Some(index) = guess {
            let (mark, others, values, depth) = (self.sink.mark(), self.others.mark(), self.values, self.depth);
            match self.alternative(tagged, index, shape) {
                Err(Stop::No) => {}
                done => return done,
            }
            self.sink.rollback(mark);
            self.others.back_to(others);
            (self.values, self.depth, self.tokens) = (values, depth, begin);
            self.guesses -= 1;
        }
        let index = find::tag(&begin, tagged).ok_or(Stop::No)?;
        if guess == Some(index) { Err(Stop::No) } else { self.alternative(tagged, index, shape) }
    }

    /// What the first member of an object says about its alternative.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn first(&mut self, tagged: &Tagged) -> Passed<Option<First>> {
        match self.tokens.eat_one_of(&tagged.beginnings) {
            Some((_, first)) => Ok(Some(*first)),
            None => self.first_key(tagged),
        }
    }

    /// The same by reading it.
    #[inline(never)]
    fn first_key(&mut self, tagged: &Tagged) -> Passed<Option<First>> {
        self.tokens.expect(b'{')?;
        self.tokens.space();
        let key = self.tokens.string()?;
        if same(key.raw, &tagged.key) {
            self.tokens.space();
            self.tokens.expect(b':')?;
            self.tokens.space();
            let tag = self.tokens.string()?;
            return tagged.alternative(&tag.unescaped()).map(|index| Some(First::Tag(index as u32))).ok_or(Stop::No);
        }
        Ok(tagged.hint(key.raw).map(|index| First::Hint(index as u32)))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn alternative(&mut self, tagged: &Tagged, index: usize, shape: S::Shape) -> Passed<S::Value> {
        let (_, word, node) = &tagged.alternatives[index];
        let shape = match S::BUILDS && self.sink.is_union(shape) {
            true => self.sink.settle(shape, Some(*word), &self.tokens.text[self.tokens.at..])?,
            false => shape,
        };
        self.value(*node, shape)
    }
}
