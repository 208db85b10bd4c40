"""Every gate: what is compared with what, and what must come out. The one place that knows the numbers to reach."""

from __future__ import annotations

from dataclasses import dataclass

SIZES = ("600 B", "20 KB", "1 MB")


@dataclass(frozen=True)
class Gate:
    """A ratio that must be reached: how many times faster (`at_least`), or how many times as long (`at_most`)."""

    bound: float
    at_least: bool

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.bound:g}"

    def ratio(self, ours: float, peer: float) -> float:
        """`peer / ours` where faster is asked for, `ours / peer` where no slower is."""
        return peer / ours if self.at_least else ours / peer

    def holds(self, ratio: float) -> bool:
        """Whether a ratio reaches it."""
        return ratio >= self.bound if self.at_least else ratio <= self.bound


def faster(times: float) -> Gate:
    """At least so many times as fast as the peer."""
    return Gate(times, at_least=True)


def within(times: float) -> Gate:
    """At most so many times what the peer takes, or so much of the unit."""
    return Gate(times, at_least=False)


@dataclass(frozen=True)
class Comparison:
    """One line of the report for each size: two sample names of one group."""

    group: str
    case: str
    ours: str
    #: The name of a sample, a bound in the unit, or nothing to compare with.
    peer: str | float | None
    gate: Gate | None = None
    unit: str = "ns"
    sizes: tuple[str, ...] = SIZES
    #: The sizes at which the gate stands, where not at all of them.
    gated: tuple[str, ...] | None = None


_STACK = "serde_json + jsonschema + canonicalizer + sha2: digest"

RUST = [
    Comparison(
        "rust",
        "bytes → verdict / serde_json + jsonschema",
        "ours: verdict",
        "serde_json + jsonschema: verdict",
        faster(5),
    ),
    Comparison(
        "rust",
        "validate + SHA-256 / serde_json + jsonschema + serde_json_canonicalizer + sha2",
        "ours: digest",
        _STACK,
        faster(8),
    ),
    Comparison("rust", "validate + SHA-256 / SHA-256 alone", "ours: digest", "sha2", within(2.5)),
    Comparison(
        "rust",
        "bytes → canonical bytes / serde_json + serde_json_canonicalizer",
        "ours: canonical",
        "serde_json + canonicalizer: canonical",
        faster(8),
    ),
    Comparison(
        "rust",
        "bytes → canonical bytes, validated too / serde_json + serde_json_canonicalizer",
        "ours: checked, canonical",
        "serde_json + canonicalizer: canonical",
    ),
    Comparison("rust-memory", "peak heap, bytes → verdict / payload", "ours: verdict", "payload", within(3), "B"),
    Comparison("rust-memory", "peak heap, validate + SHA-256 / payload", "ours: digest", "payload", within(3), "B"),
    Comparison("rust-memory", "peak heap, bytes → canonical bytes / payload", "ours: canonical", "payload", within(3), "B"),
]

PYTHON = [
    Comparison(
        "python",
        "decode + validate to objects / msgspec, same constraints",
        "ours: objects",
        "msgspec: objects",
        faster(2),
    ),
    Comparison("python", "decode + validate to objects / pydantic", "ours: objects", "pydantic: objects", faster(5)),
    Comparison(
        "python",
        "decode + validate to dicts / orjson + jsonschema-rs",
        "ours: dicts",
        "orjson + jsonschema-rs: dicts",
        faster(2),
    ),
    Comparison("python", "decode + validate to dicts / orjson.loads alone", "ours: dicts", "orjson.loads", within(1.2)),
    Comparison(
        "python",
        "validate + canonical encode from dicts / jsonschema-rs + orjson sorted",
        "ours: encode dicts",
        "jsonschema-rs + orjson sorted: encode",
        faster(2),
    ),
    Comparison(
        "python",
        "validate + canonical encode from objects / jsonschema-rs + orjson sorted from dicts",
        "ours: encode objects",
        "jsonschema-rs + orjson sorted: encode",
    ),
    Comparison(
        "python",
        "p90 of decode to objects / its median",
        "ours: objects, p90",
        "ours: objects",
        within(1.3),
        sizes=("1 MB",),
    ),
    Comparison(
        "python-memory",
        "peak memory, decode to objects / msgspec",
        "ours: objects",
        "msgspec: objects",
        within(1),
        "B",
        ("1 MB",),
    ),
    Comparison(
        "python-memory",
        "peak memory, decode to dicts / orjson + jsonschema-rs",
        "ours: dicts",
        "orjson + jsonschema-rs: dicts",
        within(1),
        "B",
        ("1 MB",),
    ),
]

NODE = [
    Comparison(
        "node",
        "decode + validate, canonical / JSON.parse + ajv",
        "ours: canonical",
        "JSON.parse + ajv: canonical",
        faster(2.3),
    ),
    Comparison(
        "node",
        "decode + validate, canonical / JSON.parse + TypeBox",
        "ours: canonical",
        "JSON.parse + TypeBox: canonical",
        faster(1.4),
    ),
    Comparison("node", "decode + validate, canonical / JSON.parse alone", "ours: canonical", "JSON.parse: canonical", within(1)),
    Comparison(
        "node",
        "decode + validate, order of the author / JSON.parse + TypeBox",
        "ours: author",
        "JSON.parse + TypeBox: author",
        within(1),
    ),
    Comparison(
        "node",
        "decode + validate, any order / JSON.parse + TypeBox",
        "ours: shuffled",
        "JSON.parse + TypeBox: shuffled",
        within(1),
    ),
    Comparison("node", "validate + encode / ajv + JSON.stringify", "ours: encode", "ajv + JSON.stringify: encode", faster(1.2)),
    Comparison(
        "node",
        "validate + canonical + hash / ajv + canonicalize + crypto",
        "ours: digest",
        "ajv + canonicalize + crypto: digest",
        faster(4),
    ),
    Comparison(
        "node",
        "p90 of decode, canonical / its median",
        "ours: canonical, p90",
        "ours: canonical",
        within(1.3),
        sizes=("1 MB",),
    ),
    Comparison(
        "node-memory",
        "peak memory, decode / JSON.parse + ajv",
        "ours: canonical",
        "JSON.parse + ajv: canonical",
        within(1),
        "B",
        ("1 MB",),
    ),
]

MS = 1e6
MB = 1e6
_FRESH = ("fresh",)


def _cold(group: str, language: str, what: str, peers: dict[str, str], ready: dict[str, str]) -> list[Comparison]:
    """An import and the first message checked, each beside its bound and the libraries of today."""
    ours, after = f"ours: {what}", "ours: ready"
    named = f"{language}, {what} over the bare interpreter"
    checked = f"{language}, one message checked, over the bare interpreter"
    return [
        Comparison(group, f"{named} / 3 ms", ours, 3 * MS, within(1), sizes=_FRESH),
        Comparison(group, f"{checked} / 6 ms", after, 6 * MS, within(1), sizes=_FRESH),
        *(Comparison(group, f"{named} / {peer}", ours, sample, sizes=_FRESH) for peer, sample in peers.items()),
        *(Comparison(group, f"{checked} / {peer}", after, sample, sizes=_FRESH) for peer, sample in ready.items()),
    ]


COLD = [
    *_cold(
        "cold-python",
        "Python",
        "import",
        {name: f"{name}: import" for name in ("msgspec", "pydantic", "jsonschema", "boto3")},
        {name: f"{name}: ready" for name in ("msgspec", "pydantic", "jsonschema")},
    ),
    *_cold(
        "cold-node",
        "Node",
        "require",
        {"ajv": "ajv: require", "AWS SDK client": "AWS SDK client: require"},
        {"ajv, compiling the schema": "ajv: ready"},
    ),
    Comparison("cold-rust", "Rust function, start to first reply / 3 ms", "ours: first reply", 3 * MS, within(1), sizes=_FRESH),
    Comparison(
        "cold-size",
        "Rust function that can call a peer, stripped / 3 MB",
        "Rust function",
        3 * MB,
        within(1),
        "B",
        ("file",),
    ),
    Comparison("cold-size", "Python module / 5 MB", "Python module", 5 * MB, within(1), "B", ("file",)),
    Comparison("cold-size", "Node module / 5 MB", "Node module", 5 * MB, within(1), "B", ("file",)),
    Comparison("cold-size", "TLS of either module, loaded by the first connection", "TLS of both modules", None, None, "B", ("file",)),
]

_LANGUAGES = ("Rust", "Python", "Node")
_PAIRS = [f"{sender} → {receiver}" for sender in _LANGUAGES for receiver in _LANGUAGES]

HANDOFF = [
    *(
        Comparison("handoff-core", f"{pair}: contract work, both sides / 0.25 ms", pair, 0.25 * MS, within(1), gated=("20 KB",))
        for pair in _PAIRS
    ),
    *(
        Comparison("handoff", f"{pair}: handler to handler, warm / 2 ms", pair, 2 * MS, within(1), gated=("20 KB",))
        for pair in _PAIRS
    ),
    *(Comparison("handoff", f"{pair}: of it, all but contract work", f"{pair}, transport", None) for pair in _PAIRS),
]

_TYPES = tuple(f"{count} types" for count in (10, 100, 1000))
_RECORDS = tuple(f"{count} records" for count in (10, 100, 1000, 10000))
_SMALL = ("600 B", "20 KB")
_GENERATED = ("quicktype: TypeScript", "quicktype: Rust", "datamodel-code-generator: pydantic")

GROWTH = [
    Comparison(
        "growth-payload",
        "bytes → verdict / serde_json + jsonschema",
        "ours: verdict",
        "serde_json + jsonschema: verdict",
        sizes=_RECORDS,
    ),
    Comparison(
        "growth-types",
        "bytes → verdict, 16 KB / serde_json + jsonschema",
        "ours: verdict",
        "serde_json + jsonschema: verdict",
        sizes=_TYPES,
    ),
    Comparison("growth-types", "contract text → first verdict / jsonschema", "ours: ready", "jsonschema: ready", sizes=_TYPES),
    *(
        Comparison("chain", f"a whole work of {hops} hop{'s' * (hops > 1)}", str(hops), None, sizes=_SMALL)
        for hops in (1, 2, 4, 8, 15)
    ),
    *(
        Comparison("crowd", f"works of two hops, {crowd} at once", str(crowd), None, None, "works/s", _SMALL)
        for crowd in (1, 2, 4, 8, 16, 32, 64)
    ),
    *(
        Comparison("generate", f"contract → three languages / {peer}", "ours: three languages", peer, sizes=_TYPES)
        for peer in _GENERATED
    ),
    Comparison(
        "generate-many",
        "120 contracts → three languages, one command, by the clock / 2 s",
        "ours: by the clock",
        2000 * MS,
        within(1),
        sizes=("24 KB each",),
    ),
    Comparison(
        "generate-many",
        "120 contracts → three languages, one command, CPU time of all cores / 2 s",
        "ours: CPU time",
        2000 * MS,
        sizes=("24 KB each",),
    ),
    *(
        Comparison("command", f"the command starts and ends: {what} / 20 ms", what, 20 * MS, within(1), sizes=("fresh",))
        for what in ("peerc --version", "peerc check")
    ),
]

COMPARISONS = [*RUST, *PYTHON, *NODE, *COLD, *HANDOFF, *GROWTH]
