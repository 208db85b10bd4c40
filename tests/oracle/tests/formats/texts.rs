//! Texts of each format to begin with.

/// Right ones, most of them, and some with what the reference gets wrong.
pub const TEXTS: &[(&str, &[&str])] = &[
    ("date", &["2026-11-21", "2020-02-29", "1999-12-31"]),
    ("time", &["08:30:06.283185Z", "23:59:60Z", "01:29:60+01:30", "00:29:60-23:30", "12:00:00z"]),
    (
        "date-time",
        &[
            "2026-11-21T04:05:06.789Z",
            "1998-12-31T15:59:60.123-08:00",
            "2020-02-29t23:59:60z",
            "2026-01-31T00:00:00+23:59",
        ],
    ),
    ("duration", &["P1Y2M3DT4H5M6S", "P3W", "PT36H", "P1DT12H", "P12M", "PT5M30S"]),
    (
        "email",
        &[
            "joe.bloggs@example.com",
            "\"joe @\\\"b\"@a-b.example",
            "Joe <a+b@[127.0.0.1]>",
            "a+b@[127.0.0.1]",
            "x@[IPv6:2001:db8::1]",
            "a@xn--bcher-kva.example",
        ],
    ),
    (
        "idn-email",
        &[
            "실례@실례.테스트",
            "jö.bloggs@bücher.example",
            "\"jö @\\\"b\"@b.example",
            "a@[IPv6:::1]",
            "a@xn--bcher-kva",
            "jö <a@b>",
            "\"é\\ \"@b",
        ],
    ),
    (
        "hostname",
        &[
            "www.example.com",
            "a-1.b--c.9",
            "xn--4gbwdl.xn--wgbh1c",
            "xn--bcher-kva.example",
            "xn--ihqwcrb4cv8a8dqg056pqjye",
        ],
    ),
    (
        "idn-hostname",
        &[
            "실례.테스트",
            "bücher.example",
            "l·l.α͵β",
            "א׳ב.אב1",
            "क्\u{200d}ष。بي\u{200c}بي",
            "xn--bcher-kva.ßς་〇",
            "ァ・一.۰۱",
            "www.a-1",
        ],
    ),
    ("ipv4", &["192.168.0.1", "0.0.0.0", "255.255.255.255"]),
    ("ipv6", &["2001:db8::1", "::ffff:192.168.0.1", "1:2:3:4:5:6:7:8", "::", "fe80::a:b"]),
    (
        "uri",
        &[
            "http://u:p@foo.bar:80/a/%41?b=c#d",
            "urn:isbn:1",
            "ldap://[2001:db8::7]/c=GB?o?one",
            "a://[v1f.a:b]:1",
            "mailto:a@b.c",
        ],
    ),
    ("uri-reference", &["//u@foo.bar:8/a?b#c", "a/b:c?d", "../x;y=1", "?q", "#f", "http://[::1]:/", "/a//b"]),
    ("iri", &["http://ƒøø.ßår:1/∂é?πîx\u{e000}#πîüx", "urn:é", "http://[::1]/é", "a://é@b/é%41"]),
    ("iri-reference", &["//ƒøø.ßår/?∂é#ü", "é/b:c", "#ƒ", "?\u{e000}", "http://é:1/"]),
    ("uri-template", &["http://e.com/{term:12}/{+a,b*}{?q.x}", "é{#a}", "{/a*,b:9999}", "it's{;a%41}"]),
    ("uuid", &["2eb8aa08-AA98-11ea-b4aa-73b441d16380", "00000000-0000-0000-0000-000000000000"]),
    ("json-pointer", &["/foo/bar~0/baz~1/%a", "", "/a~01/é"]),
    ("relative-json-pointer", &["0#", "12/a~0/b", "0", "3/~1", "1+2/a", "10-3#"]),
    (
        "regex",
        &[
            "^(?<a>[a-z\\d_-]{1,2}|\\u{1F600}?)\\k<a>$",
            "(?=a)(?!b)[^\\]\\b]\\x41\\cA\\0",
            "(a)\\1(?:b|(?i-s:c))*?",
            "\\p{Lu}+\\P{Script=Greek}",
            "[\\uD83D\\uDE00-\\u{1F64F}]",
            "^\\-?\\S(|(.|\\n)*\\S)$",
        ],
    ),
];
