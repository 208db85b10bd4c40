"""The bars of the page: an SVG that follows the reader's light or dark theme."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from report import Samples
from table import amount

WIDTH, LEFT, RIGHT = 880, 340, 80
ROW, BAR, GAP, TITLE = 21, 13, 16, 24

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.peer { fill: #b9c0c8 } .ours { fill: #1a7f64 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .peer { fill: #57606a } .ours { fill: #3fb68b }
}
""".strip()


@dataclass(frozen=True)
class Panel:
    """One work, done by several: the first of the bars is ours."""

    title: str
    group: str
    size: str
    bars: tuple[tuple[str, str], ...]


PANELS = (
    Panel(
        "Rust: check 20 KB",
        "rust",
        "20 KB",
        (
            ("peer-contract", "ours: verdict"),
            ("serde_json + jsonschema", "serde_json + jsonschema: verdict"),
        ),
    ),
    Panel(
        "Rust: check 20 KB and hash it (RFC 8785, SHA-256)",
        "rust",
        "20 KB",
        (
            ("peer-contract", "ours: digest"),
            ("serde_json + jsonschema + canonicalizer + sha2", "serde_json + jsonschema + canonicalizer + sha2: digest"),
            ("SHA-256 alone, checking nothing", "sha2"),
        ),
    ),
    Panel(
        "Python: 20 KB to checked objects",
        "python",
        "20 KB",
        (
            ("peer-contract, classes", "ours: objects"),
            ("msgspec, the same constraints", "msgspec: objects"),
            ("pydantic", "pydantic: objects"),
            ("peer-contract, dicts", "ours: dicts"),
            ("orjson + jsonschema-rs, dicts", "orjson + jsonschema-rs: dicts"),
            ("orjson alone, checking nothing", "orjson.loads"),
        ),
    ),
    Panel(
        "Python: objects to 20 KB, checked and sorted",
        "python",
        "20 KB",
        (
            ("peer-contract", "ours: encode dicts"),
            ("jsonschema-rs + orjson", "jsonschema-rs + orjson sorted: encode"),
        ),
    ),
    Panel(
        "Node: 20 KB to checked objects",
        "node",
        "20 KB",
        (
            ("peer-contract", "ours: canonical"),
            ("JSON.parse + TypeBox", "JSON.parse + TypeBox: canonical"),
            ("JSON.parse + ajv", "JSON.parse + ajv: canonical"),
            ("JSON.parse alone, checking nothing", "JSON.parse: canonical"),
        ),
    ),
    Panel(
        "Node: objects to a checked hash of 20 KB",
        "node",
        "20 KB",
        (
            ("peer-contract", "ours: digest"),
            ("ajv + canonicalize + crypto", "ajv + canonicalize + crypto: digest"),
        ),
    ),
    Panel(
        "Python: from start to one message checked, over the bare interpreter",
        "cold-python",
        "fresh",
        (
            ("peer-contract", "ours: ready"),
            ("msgspec", "msgspec: ready"),
            ("pydantic", "pydantic: ready"),
            ("jsonschema", "jsonschema: ready"),
        ),
    ),
    Panel(
        "Node: from start to one message checked, over the bare interpreter",
        "cold-node",
        "fresh",
        (
            ("peer-contract", "ours: ready"),
            ("ajv, compiling the schema", "ajv: ready"),
            ("AWS SDK client, required only", "AWS SDK client: require"),
        ),
    ),
)


def draw(samples: Samples) -> str:
    """All panels for which there are samples."""
    body: list[str] = []
    top = 0
    for panel in PANELS:
        taken = samples.get(panel.group, {}).get(panel.size, {})
        bars = [(label, taken[name]["median"]) for label, name in panel.bars if name in taken]
        if bars:
            top += GAP
            body.append(f'<text class="title" x="0" y="{top + 14}">{escape(panel.title)}</text>')
            top += TITLE
            body += _bars(bars, top)
            top += ROW * len(bars)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + GAP}" role="img">'
    return "\n".join([head, "<title>CPU time, less is better</title>", f"<style>{STYLE}</style>", *body, "</svg>", ""])


def _bars(bars: list[tuple[str, float]], top: int) -> list[str]:
    longest = max(value for _, value in bars)
    made = []
    for at, (label, value) in enumerate(bars):
        y = top + ROW * at
        width = max(1.0, (WIDTH - LEFT - RIGHT) * value / longest)
        kind = "ours" if label.startswith("peer-contract") else "peer"
        made += [
            f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(label)}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{y + 1}" width="{width:.1f}" height="{BAR}" rx="2"/>',
            f'<text x="{LEFT + width + 6:.1f}" y="{y + 12}">{escape(amount(value, "ns"))}</text>',
        ]
    return made
