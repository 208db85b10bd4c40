"""Text of a contract stays text in manuals and pictures: payloads in every place, parsed as browsers and forges parse them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conftest import PEERC
from hostile import pages
from hostile.corpus import Case, everywhere
from hostile.places import FREE

ALL = os.environ.get("PEER_CONTRACT_HOSTILE") == "all"
# Of the payloads for source code, one in so many.
STEP = 1 if ALL else 8
MARKUP = [
    "<script>canary()</script>", "</title><script>canary()</script>", "</style><script>canary()</script>", "</text></g></svg><img src=x onerror=canary()>",
    "<img src=//canary/x>", '" onload="canary()', "' onload='canary()", "\"><svg onload=canary()>", "<!-- canary", "--><script>canary()</script>",
    "]]><script>canary()</script>", "<![CDATA[<script>canary()</script>]]>", "<?canary x?>", "<!ENTITY x SYSTEM 'file:///canary'>", "&x;", "&#60;script&#62;",
    "&lt;script&gt;canary()", "<a href=javascript:canary()>x</a>", "<base href=//canary/>", "<meta http-equiv=refresh content='0;url=//canary'>", "<details open ontoggle=canary()>",
    "![x](//canary/x)", "[x](javascript:canary())", "[x]: //canary", "[x][canary]", "<https://canary.example/>", "https://canary.example/x", "see www.canary.example", "a@canary.example",
    "# canary", "- canary", "+ canary", "1. canary", "1) canary", "> canary", "    canary", "```\n<b>canary</b>\n```", "~~~\n<b>canary</b>", "***", "---", "===", "***canary***", "~~canary~~",
    "|a|b|", "a | <b>canary</b>", "\\| <img src=x onerror=canary()>", "\\\\| <img src=x onerror=canary()>", "` <b>canary</b> `", "`` <b>canary</b> ``", "\\` <b>canary</b>", "a\\",
    "a\n\n<script>canary()</script>", "a\n<script>canary()</script>", "a\r\n\r\n# canary", "\x85<b>canary</b>", "\u2028<b>canary</b>", "a\n\n    canary", "a\n---", "a\n===",
    "a\n\n- canary", "$$canary$$", "<!--", "\0<b>canary</b>", "<b\0>canary</b>", "\ufeff<b>canary</b>", "%%{init: {'securityLevel': 'loose'}}%%", 'x"]; click o0 "javascript:canary()"',
    'x"]\n  click o0 call canary()', "end", "#quot;] click", "\n  click o0 href \"//canary\"", 'x", URL="//canary", label="', "\\\"", "\\N", "x\\", "<table><tr><td>canary", "&canary",
]  # fmt: skip


def cases() -> list[Case]:
    """The payloads, each in all free places, and plain words."""
    return [Case({"contract.description": "plain"}), *(Case(dict.fromkeys(FREE, payload)) for payload in MARKUP), *everywhere()[::STEP]]


def print_of(folder: Path, *command: str) -> str:
    """What a command prints about the contract of a folder."""
    done = subprocess.run([PEERC, *command], cwd=folder, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()[-600:]
    return done.stdout.decode()


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Case]:
    """Each case in a folder."""
    root = tmp_path_factory.mktemp("manuals")
    made = {root / f"c{index}": case for index, case in enumerate(cases())}
    for folder, case in made.items():
        folder.mkdir()
        (folder / "c.json").write_text(json.dumps(case.contract))
    return made


FORMS: dict[str, tuple[tuple[str, ...], Callable[[str], Iterator[str]]]] = {
    "page": (("docs", "c.json", "--format", "html"), pages.page_flaws),
    "markdown": (("docs", "c.json", "--format", "md"), pages.markdown_flaws),
    "picture": (("graph", "c.json", "--format", "svg"), pages.picture_flaws),
    "flowchart": (("graph", "c.json", "--format", "mermaid"), pages.mermaid_flaws),
}


@pytest.mark.parametrize("form", FORMS)
def test_text_of_a_contract_is_text(form: str, folders: dict[Path, Case]) -> None:
    command, flaws = FORMS[form]

    def judge(folder: Path) -> list[str]:
        return [f"{folders[folder]}: {flaw}" for flaw in list(flaws(print_of(folder, *command)))[:3]]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [flaw for found in pool.map(judge, folders) for flaw in found]
    assert not wrong, f"{len(wrong)}: " + "\n".join(wrong[:12])


def test_a_graph_has_the_same_shape_whatever_its_text_is(folders: dict[Path, Case]) -> None:
    shapes = {pages.dot_shape(print_of(folder, "graph", "c.json", "--format", "dot")) for folder in folders}
    assert len(shapes) == 1


@pytest.mark.parametrize(
    ("flaws", "text"),
    [
        (pages.page_flaws, "<p>a<script>x</script>"), (pages.page_flaws, "<p onclick=x>"), (pages.page_flaws, "<a href=//x>y</a>"),
        (pages.page_flaws, "<style>@import url(x)</style>"), (pages.page_flaws, "<svg><foreignObject></svg>"), (pages.page_flaws, "<svg><a xlink:href='x'></a></svg>"),
        (pages.markdown_flaws, "![a](b)"), (pages.markdown_flaws, "- a\n\n  <b>x</b>"), (pages.markdown_flaws, "| a |\n| - |\n| `x\\\\| <img src=x>` |"),
        (pages.markdown_flaws, "see https://x"), (pages.mermaid_flaws, '  click o0 "x"'), (pages.picture_flaws, f'<svg xmlns="{pages.SVG[1:-1]}"><script/></svg>'),
    ],
)  # fmt: skip
def test_the_judge_sees_what_is_no_text(flaws: Callable[[str], Iterator[str]], text: str) -> None:
    assert list(flaws(text))
