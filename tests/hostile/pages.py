"""What a browser or a forge would make of a manual or a picture: whether text of a contract became more than text there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import html5lib
from markdown_it import MarkdownIt

# Attributes by element: whatever else there is came out of a contract. `*` holds for all.
PAGE: dict[str, set[str]] = {
    "*": {"id", "class"}, "html": {"lang"}, "head": set(), "meta": {"charset", "http-equiv", "content", "name"}, "title": set(), "style": set(), "body": set(),
    "nav": set(), "a": {"href"}, "ul": set(), "li": set(), "main": set(), "section": set(), "h1": set(), "h2": set(), "h3": set(), "h4": set(), "p": set(),
    "small": set(), "div": set(), "table": set(), "thead": set(), "tbody": set(), "tr": set(), "th": {"scope"}, "td": set(), "code": set(), "pre": set(),
    "details": set(), "summary": set(), "strong": set(),
}  # fmt: skip
PICTURE: dict[str, set[str]] = {
    "*": {"id", "class"}, "svg": {"viewBox", "width", "height", "role", "aria-label"}, "title": set(), "style": set(), "defs": set(),
    "marker": {"viewBox", "refX", "refY", "markerWidth", "markerHeight", "markerUnits", "orient"}, "path": {"d", "marker-end"}, "g": {"transform"},
    "rect": {"x", "y", "width", "height", "rx"}, "circle": {"cx", "cy", "r"}, "text": {"x", "y", "text-anchor"}, "line": {"x1", "y1", "x2", "y2"},
}  # fmt: skip
XMLNS = "{http://www.w3.org/2000/xmlns/}xmlns"
SVG = "{http://www.w3.org/2000/svg}"
OURS = re.compile(r"url\(#peerc-[a-z]+\)|#[A-Za-z][\w.-]*")


def page_flaws(text: str) -> Iterator[str]:
    """What is in a page that no page of ours has, as a browser parses it."""
    whole = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
    yield from flaws(whole, PAGE)


def picture_flaws(text: str) -> Iterator[str]:
    """The same for a picture, which must be XML, too."""
    yield from flaws(ElementTree.fromstring(text), PICTURE)


def markdown_flaws(text: str) -> Iterator[str]:
    """The same for Markdown, as forges read it, which let HTML through."""
    made = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    yield from page_flaws(made)
    yield from (f"a heading, list or image of its own: {found}" for found in re.findall(r"<(?:h5|h6|ol|hr|blockquote|img|em|s)\b", made))
    yield from (f"a row with other cells: {row!r:.80}" for row in uneven_rows(text))
    if bare := re.search(r"(?<![\w\\])(?i:https?://|ftp://|www\.|mailto:)|[\w.+-]@[\w-]", outside_of_code(text)):
        yield f"becomes a link by itself: {bare[0]}"


def uneven_rows(text: str) -> Iterator[str]:
    """Rows of tables with more or fewer cells than the row before, where every escaped character is one."""
    bars = 0
    for line in text.split("\n"):
        found = re.sub(r"\\[!-/:-@\[-`{-~]", "", line).count("|") if line.startswith("|") else 0
        if bars and found not in (0, bars):
            yield line
        bars = found


def flaws(whole: Any, allowed: dict[str, set[str]]) -> Iterator[str]:
    """Elements and attributes that are not ours, and references that lead elsewhere."""
    for element in whole.iter():
        name = str(element.tag)
        known = allowed
        if name.startswith(SVG):
            name, known = name.removeprefix(SVG), PICTURE
        if name not in known or name == "*":
            yield f"an element: {name}"
            continue
        if name == "style" and re.search(r"@import|url\(|expression", element.text or ""):
            yield "a style that fetches"
        for attribute, value in element.attrib.items():
            if attribute not in known[name] | known["*"] | {XMLNS}:
                yield f"an attribute of {name}: {attribute}"
            if attribute in ("href", "marker-end", "id") and not OURS.fullmatch(value if attribute != "id" else f"#{value}"):
                yield f"a reference: {value!r:.60}"


def outside_of_code(text: str) -> str:
    """Markdown without blocks and spans of code."""
    blocks = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", blocks)


QUOTED = r'"(?:[\w _.,:()+-]|#\d+;)*"'
NODE = "(?:start|[oe]\\d+)"
LINES = [
    r"%% [\w.+-]* [\w.+-]*, by peerc", "flowchart LR", rf"  start\(\({QUOTED}\)\)", rf"  subgraph a\d+ \[{QUOTED}\]", "  end",
    rf"    o\d+(?:\(\[{QUOTED}\]\)|\[{QUOTED}\])", rf"  e\d+\(\(\({QUOTED}\)\)\)", rf"  {NODE} (?:-->(?:\|{QUOTED}\|)?|-\. {QUOTED} \.->) {NODE}",
]  # fmt: skip
MERMAID = re.compile("|".join(LINES))


def mermaid_flaws(text: str) -> Iterator[str]:
    """Lines that are no line of our flowcharts."""
    yield from (f"a line: {line!r:.80}" for line in text.removesuffix("\n").split("\n") if not MERMAID.fullmatch(line))


def dot_shape(text: str) -> str:
    """A graph without what stands in quotes."""
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', text, flags=re.DOTALL)
