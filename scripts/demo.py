"""Runs `examples/research-brief` with its default question, or with the one on the command line."""

from __future__ import annotations

import json
import os
import sys

from steps import ROOT, environment

EXAMPLE = ROOT / "examples" / "research-brief"


def main() -> None:
    """Becomes `peerc run`."""
    peerc = str(ROOT / "target" / "debug" / "peerc")
    # The whole path: the reader stands in another folder than the example.
    arguments = ["run", "input.json", "--output", str(EXAMPLE / ".peerc" / "report.html")]
    if len(sys.argv) > 1:
        question = EXAMPLE / ".peerc" / "question.json"
        question.parent.mkdir(exist_ok=True)
        question.write_text(json.dumps({"text": sys.argv[1]}))
        arguments[1] = str(question.relative_to(EXAMPLE))
    os.chdir(EXAMPLE)
    os.execve(peerc, [peerc, *arguments], environment())


if __name__ == "__main__":
    main()
