//! The meta-schemas of JSON Schema itself, which schemas refer to by their addresses. They come with a crate, so that nothing
//! is fetched.

use referencing::meta;
use serde_json::Value;

/// The official meta-schema, or vocabulary, with this address; `http` and `https` are one.
pub(super) fn official(address: &str) -> Option<&'static Value> {
    let wanted = bare(address)?;
    if wanted == "json-schema.org/schema" {
        // The unversioned address has always meant the newest one.
        return Some(&**meta::DRAFT202012);
    }
    all().into_iter().find(|schema| own_address(schema).and_then(bare) == Some(wanted))
}

fn all() -> [&'static Value; 19] {
    [
        &**meta::DRAFT4,
        &**meta::DRAFT6,
        &**meta::DRAFT7,
        &**meta::DRAFT201909,
        &**meta::DRAFT201909_APPLICATOR,
        &**meta::DRAFT201909_CONTENT,
        &**meta::DRAFT201909_CORE,
        &**meta::DRAFT201909_FORMAT,
        &**meta::DRAFT201909_META_DATA,
        &**meta::DRAFT201909_VALIDATION,
        &**meta::DRAFT202012,
        &**meta::DRAFT202012_APPLICATOR,
        &**meta::DRAFT202012_CONTENT,
        &**meta::DRAFT202012_CORE,
        &**meta::DRAFT202012_FORMAT_ANNOTATION,
        &**meta::DRAFT202012_FORMAT_ASSERTION,
        &**meta::DRAFT202012_META_DATA,
        &**meta::DRAFT202012_UNEVALUATED,
        &**meta::DRAFT202012_VALIDATION,
    ]
}

fn own_address(schema: &Value) -> Option<&str> {
    schema.get("$id").or_else(|| schema.get("id"))?.as_str()
}

/// An address on `json-schema.org` without its scheme and its end.
fn bare(address: &str) -> Option<&str> {
    let address = address.strip_suffix('#').unwrap_or(address);
    let bare = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    bare.starts_with("json-schema.org/").then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_draft_and_vocabulary_is_known_by_its_address() {
        for address in [
            "http://json-schema.org/draft-04/schema#",
            "https://json-schema.org/draft-06/schema",
            "http://json-schema.org/draft-07/schema",
            "https://json-schema.org/draft/2019-09/schema",
            "https://json-schema.org/draft/2019-09/meta/applicator",
            "https://json-schema.org/draft/2020-12/schema",
            "https://json-schema.org/draft/2020-12/meta/unevaluated",
        ] {
            let found = official(address).and_then(own_address).unwrap();
            assert_eq!(bare(found), bare(address));
        }
        assert_eq!(official("http://json-schema.org/draft-03/schema"), None);
        assert_eq!(official("https://example.com/draft-07/schema"), None);
    }
}
