"""`peerc import` with schemas as the libraries of three languages write them: the contract agrees with each library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import peer_contract
import pytest
from conftest import PEERC, ROOT, peerc

EMITTERS = ROOT / "tests" / "emitters"
UUID = "0f0e0d0c-1111-4222-8333-444455556666"

ORDER: dict[str, Any] = {
    "id": UUID,
    "items": [{"sku": "a", "count": 1, "price": 0.5}, {"sku": "b", "count": 999}],
    "address": {"street": "x", "city": "y", "zip": "12345"},
    "payment": {"kind": "card", "number": "1"},
    "pair": ["a", 1.5],
    "tags": {"fast": True},
    "level": "high",
    "category": {"name": "all", "children": [{"name": "some", "children": []}]},
}

CHANGES: list[dict[str, Any]] = [
    {},
    {"id": "no"},
    {"id": None},
    {"items": []},
    {"items": [{"sku": "", "count": 1}]},
    {"items": [{"sku": "a", "count": 0}]},
    {"items": [{"sku": "a", "count": 1.5}]},
    {"items": [{"sku": "a", "count": 1000}]},
    {"items": [{"sku": "a"}]},
    {"items": [{"sku": "a", "count": 1, "price": -1}]},
    {"items": [{"sku": "a", "count": 1, "more": [1]}]},
    {"address": None},
    {"address": {"street": "x", "city": "y", "zip": "1234"}},
    {"address": {"street": "x", "city": "y", "zip": "12345", "more": 1}},
    {"payment": {"kind": "invoice", "days": 14}},
    {"payment": {"kind": "invoice", "days": 15}},
    {"payment": {"kind": "invoice", "number": "1"}},
    {"payment": {"kind": "cash"}},
    {"pair": ["a"]},
    {"pair": ["a", 1, 2]},
    {"pair": [1, "a"]},
    {"tags": {}},
    {"tags": {"fast": 1}},
    {"level": "middle"},
    {"level": None},
    {"category": {"name": "all", "children": [{"name": "some"}]}},
    {"category": {"name": 1, "children": []}},
    {"more": "unknown"},
]
ORDERS = [{**ORDER, **change} for change in CHANGES] + [
    *({key: value for key, value in ORDER.items() if key != gone} for gone in ORDER),
    [],
    "order",
]

POINT = {"x": 1.5, "y": -2, "label": None}
ROUTES: list[Any] = [
    {"points": [POINT, POINT], "by": "rail", "stops": {"a": POINT}},
    {"points": [POINT, {"x": 1, "y": 2, "label": "b"}]},
    {"points": [POINT]},
    {"points": [POINT, {"x": 181, "y": 2}]},
    {"points": [POINT, {"x": 1}]},
    {"points": [POINT, POINT], "by": "air"},
    {"points": [POINT, POINT], "stops": {"a": 1}},
    {},
]

PYTHON = [sys.executable, "shop.py"]
EMITTED = {
    "pydantic models": ([*PYTHON, "Order"], [*PYTHON, "Order", "verdicts"], ORDERS),
    "dataclasses": ([*PYTHON, "Route"], [*PYTHON, "Route", "verdicts"], ROUTES),
    "zod": (["node", "zod.mjs"], ["node", "zod.mjs", "verdicts"], ORDERS),
    "zod, draft 7": (["node", "zod.mjs", "draft-7"], ["node", "zod.mjs", "verdicts"], ORDERS),
    "zod, draft 4": (["node", "zod.mjs", "draft-4"], ["node", "zod.mjs", "verdicts"], ORDERS),
    "typebox": (["node", "typebox.mjs", "schema", "new"], ["node", "typebox.mjs", "verdicts", "new"], ORDERS),
    "typebox before 1.0": (["node", "typebox.mjs", "schema", "old"], ["node", "typebox.mjs", "verdicts", "old"], ORDERS),
}


def output(command: list[str], text: str = "") -> Any:
    """What a command prints, as JSON."""
    done = subprocess.run(command, cwd=EMITTERS, input=text, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def imported(schema: Any, *arguments: str) -> dict[str, Any]:
    """What `peerc import -` makes of a schema."""
    told: dict[str, Any] = output([str(PEERC), "import", "-", "--format", "json", *arguments], json.dumps(schema))
    return told


def fits(contract: peer_contract.Contract, sample: Any) -> bool:
    """Whether the imported type takes a sample."""
    try:
        contract.schema("/$defs/Sample").read(json.dumps(sample))
    except peer_contract.ContractError:
        return False
    return True


@pytest.mark.parametrize("name", EMITTED)
def test_the_contract_says_what_the_library_says(name: str) -> None:
    schema_of, verdicts_of, samples = EMITTED[name]
    told = imported(output(schema_of), "--name", "Sample")
    contract = peer_contract.Contract.parse(json.dumps(told["contract"]))
    wanted = output(verdicts_of, json.dumps(samples))
    found = [fits(contract, sample) for sample in samples]
    different = [sample for sample, one, other in zip(samples, wanted, found, strict=True) if one != other]
    assert different == []
    assert True in wanted and False in wanted


def test_every_draft_that_zod_writes_gives_the_same_types() -> None:
    def types(target: str) -> Any:
        return imported(output(["node", "zod.mjs", target]), "--name", "Sample")["contract"]["$defs"]

    newest = types("draft-2020-12")
    assert newest["Schema0"]["properties"]["children"]["items"] == {"$ref": "#/$defs/Schema0"}
    assert set(types("draft-7")) == set(types("draft-4")) == set(newest)
    payment = types("draft-4")["Sample"]["properties"]["payment"]["oneOf"]
    assert [one["properties"]["kind"]["const"] for one in payment] == ["card", "invoice"]


def test_classes_keep_their_names() -> None:
    told = imported(output([*PYTHON, "Order"]))
    names = [entry["name"] for entry in told["types"]]
    assert names == ["Address", "Card", "Category", "Invoice", "Item", "Order"]
    assert told["roots"] == ["Order"]


def test_a_second_import_into_a_contract_changes_nothing(tmp_path: Path) -> None:
    schema = tmp_path / "order.json"
    schema.write_text(json.dumps(output([*PYTHON, "Order"])))
    contract = tmp_path / "shop.contract.yaml"
    assert peerc("import", "order.json", "-o", contract.name, cwd=tmp_path).returncode == 0
    text = contract.read_text()
    assert peerc("check", contract.name, cwd=tmp_path).returncode == 0
    again = peerc("import", "order.json", "--into", contract.name, "--check", cwd=tmp_path)
    assert (again.returncode, contract.read_text()) == (0, text)
