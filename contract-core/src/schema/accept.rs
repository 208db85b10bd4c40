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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use crate::json::Json;
    use crate::schema::Schemas;
    use crate::{Limits, Pointer};

    fn schemas() -> Schemas {
        Schemas::new(Arc::new(json!({ "$defs": {
            "name": { "type": "string" },
            "alias": { "$ref": "#/$defs/name" },
            "again": { "$ref": "#/$defs/alias" },
            "short": { "$ref": "#/$defs/name", "maxLength": 1 },
            "loop": { "$ref": "#/$defs/pool" },
            "pool": { "$ref": "#/$defs/loop" },
        }})))
    }

    fn at(name: &str) -> Pointer {
        Pointer::root().key("$defs").key(name)
    }

    #[test]
    fn a_schema_that_is_only_a_reference_is_the_one_it_leads_to() {
        let schemas = schemas();
        let name = schemas.get(&at("name")).unwrap();
        for alias in ["alias", "again"] {
            assert!(Arc::ptr_eq(&name, &schemas.get(&at(alias)).unwrap()), "{alias}");
        }
        assert!(!Arc::ptr_eq(&name, &schemas.get(&at("short")).unwrap()));
    }

    #[test]
    fn what_one_alias_has_accepted_another_does_not_read_again() {
        let schemas = schemas();
        let text = Json::read(b"\"ab\"".as_slice(), &Limits::default()).unwrap();
        let accepted = schemas.get(&at("again")).unwrap().accept(text, &Limits::default()).unwrap();
        let none = Limits { json_bytes: 0, ..Limits::default() };
        assert!(schemas.get(&at("alias")).unwrap().accept(accepted.clone(), &none).is_ok());
        assert!(schemas.get(&at("short")).unwrap().accept(accepted, &Limits::default()).is_err());
    }

    #[test]
    fn references_in_a_circle_end() {
        let schemas = schemas();
        assert!(!Arc::ptr_eq(&schemas.get(&at("loop")).unwrap(), &schemas.get(&at("pool")).unwrap()));
    }
}
