//! Texts that a schema has checked, and that remember it.

use bytes::Bytes;

use super::Schema;
use crate::json::{Draft, Json};
use crate::plan::Source;
use crate::{Limits, Problems};

impl Schema {
    /// Checks a text, strict JSON included. What comes back remembers that this schema has checked it: given
    /// here again, it is not checked again, and it is never copied.
    ///
    /// # Errors
    /// As [`Schema::read`].
    pub fn accept(&self, text: impl Into<Draft>, limits: &Limits) -> Result<Json, Problems> {
        let draft = text.into();
        if let Some(json) = draft.proven(self.proof()) {
            return Ok(json);
        }
        self.check(draft.as_bytes(), limits)?;
        Ok(Json::proven(draft.into_bytes(), self.proof()))
    }

    /// [`Schema::write`] to a text that remembers that this schema has checked it.
    ///
    /// # Errors
    /// As [`Schema::write`].
    pub fn write_json<'t, S: Source<'t>>(
        &self,
        source: &mut S,
        value: S::Value,
        limits: &Limits,
    ) -> Result<Json, Problems> {
        let text = self.write(source, value, limits)?;
        Ok(Json::proven(Bytes::from(text), self.proof()))
    }
}
