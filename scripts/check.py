"""Formatting, lints with warnings denied, and types: what a change must pass before its tests run."""

from __future__ import annotations

from steps import ROOT, run

CLIPPY = ["cargo", "clippy", "--quiet"]

if __name__ == "__main__":
    run("rustfmt", ["cargo", "fmt", "--all", "--check"])
    run("clippy", [*CLIPPY, "--workspace", "--all-targets", "--", "--deny", "warnings"])
    lean = ["--package", "peer-contract-python", "--no-default-features", "--features", "abi3"]
    run("clippy of the stable ABI, without TLS", [*CLIPPY, *lean, "--", "--deny", "warnings"])
    run("mypy", ["mypy", "--strict", "python/peer_contract"], ROOT / "bindings-python")
    run("tsc", ["npm", "run", "--silent", "check"], ROOT / "bindings-node")
    run("generated code is fresh", [str(ROOT / "target/debug/peerc"), "generate", "--check"], ROOT / "examples/research-brief")
