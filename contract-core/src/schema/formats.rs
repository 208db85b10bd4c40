//! Formats of ours beside those of JSON Schema.

/// Every format that is asserted. Any other is refused, for it would be dropped in silence.
pub(crate) const KNOWN: &[&str] = &[
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "int64",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// What tells the strings of a format; nothing for a name that is none of [`KNOWN`].
pub(crate) fn check(name: &str) -> Option<fn(&str) -> bool> {
    STAND_INS.iter().find(|(known, _)| *known == name).map(|(_, check)| *check)
}

/// `int64`: an integer of 64 bits as a string of digits, in the one form that has no leading zeros.
pub(super) fn is_int64(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|integer| integer.to_string() == text)
}

macro_rules! stand_ins {
    ($($name:literal)*) => {
        const STAND_INS: &[(&str, fn(&str) -> bool)] = &[("int64", is_int64), $(($name, |text| {
            static BUILT: std::sync::OnceLock<jsonschema::Validator> = std::sync::OnceLock::new();
            let built = BUILT.get_or_init(|| jsonschema::options()
                .with_draft(jsonschema::Draft::Draft202012)
                .should_validate_formats(true)
                .build(&serde_json::json!({ "format": $name }))
                .expect("a format is a schema"));
            built.is_valid(&serde_json::Value::from(text))
        })),*];
    };
}
stand_ins!("date" "date-time" "duration" "email" "hostname" "idn-email" "idn-hostname" "ipv4" "ipv6" "iri" "iri-reference" "json-pointer" "regex" "relative-json-pointer" "time" "uri" "uri-reference" "uri-template" "uuid");

#[cfg(test)]
mod tests {
    use super::is_int64;

    #[test]
    fn int64_ends_at_its_bounds() {
        for text in ["0", "-1", "9223372036854775807", "-9223372036854775808"] {
            assert!(is_int64(text), "{text}");
        }
        for text in ["", "-", "+1", "01", "-0", "1.0", " 1", "9223372036854775808", "-9223372036854775809"] {
            assert!(!is_int64(text), "{text}");
        }
    }
}
