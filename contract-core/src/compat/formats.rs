//! What is known of formats: a text of each, how long their texts are, and which hold others.

pub(crate) fn example(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2026-01-01T00:00:00Z",
        "date" => "2026-01-01",
        "time" => "00:00:00Z",
        "duration" => "PT1S",
        "email" | "idn-email" => "a@example.org",
        "hostname" | "idn-hostname" => "example.org",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "iri" | "uri-reference" | "iri-reference" => "https://example.org/",
        "uuid" => "00000000-0000-4000-8000-000000000000",
        "json-pointer" => "/a",
        "relative-json-pointer" => "0",
        "regex" => "a",
        "int64" => "1",
        _ => return None,
    })
}

/// The fewest and the most characters of its texts, where that is the same for all time.
pub(super) fn length(format: &str) -> Option<(f64, f64)> {
    Some(match format {
        "date" => (10.0, 10.0),
        "int64" => (1.0, 20.0),
        "ipv4" => (7.0, 15.0),
        "uuid" => (36.0, 36.0),
        _ => return None,
    })
}

/// Whether every text of one format is one of the other.
pub(super) fn is_within(format: &str, other: &str) -> bool {
    let wider: &[&str] = match format {
        "uri" => &["uri-reference", "iri", "iri-reference"],
        "iri" | "uri-reference" => &["iri-reference"],
        _ => &[],
    };
    format == other || wider.contains(&other)
}
