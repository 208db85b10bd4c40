"""Where text stands in a contract: one function that builds a contract, and the names of its places."""

from __future__ import annotations

from typing import Any

PLAIN = "plain words"

# Free text: no text is refused here.
PROSE = [
    "contract.description", "contract.$comment", "contract.x-note", "contract.x-key", "agent.description", "operation.description", "operation.x-note",
    "error.description", "ending.description", "state.title", "state.description", "record.title", "record.description", "record.$comment", "record.x-note",
    "field.title", "field.description", "field.default", "field.examples", "object.default", "items.description", "output.description", "agent.config",
]  # fmt: skip

# Free text that names are made of.
WORDS = ["enum.value", "mixed.value", "items.value", "const.value", "tag.value", "data.value", "property.text", "property.object", "property.tag", "property.list"]
FREE = [*PROSE, *WORDS]

# Text with rules of its own: what breaks them is refused.
STRICT = [
    "contract.name", "contract.version", "contract.$schema", "agent.name", "operation.name", "error.name", "phase.name", "type.name", "field.pattern",
    "property.pattern", "field.format", "field.$ref", "field.$id", "field.$anchor", "idempotencyKey", "field.customTypePath", "record.customBasePath",
]  # fmt: skip


def contract(texts: dict[str, str]) -> dict[str, Any]:
    """A contract with these texts in these places, and plain words elsewhere."""

    def at(place: str, plain: str = PLAIN) -> str:
        return texts.get(place, plain)

    agent, ask, wrong, start, thing = (at(f"{kind}.name", kind) for kind in ("agent", "operation", "error", "phase", "type"))
    operation = {
        "description": at("operation.description"),
        "x-note": at("operation.x-note"),
        "input": {"$ref": "#/$defs/Record"},
        "output": {"schema": {"description": at("output.description"), "type": "string"}},
    }
    data = {"type": "object", "properties": {"why": {"const": at("data.value")}}}
    value: dict[str, Any] = {
        "peerContract": "1", "name": at("contract.name", "hostile"), "version": at("contract.version", "1.0.0"), "description": at("contract.description"),
        "$comment": at("contract.$comment"), "x-note": at("contract.x-note"), f"x-{at('contract.x-key', 'key')}": 1,
        "state": {"title": at("state.title"), "description": at("state.description"), "type": "object", "properties": {"s": {"type": "string"}}},
        "initialState": {"s": at("field.default")},
        "phases": {"start": start, "end": ["done"]},
        "agents": {
            agent: {"description": at("agent.description"), "config": {"description": at("agent.config"), "type": "object"}, "operations": {
                ask: {**operation, "errors": {wrong: {"description": at("error.description"), "data": data}}},
                "go": {**operation, "from": [start], "output": {**operation["output"], "to": "done"}, "errors": {
                    "failed": {"description": at("ending.description"), "to": "done"}}},
            }},
            "other": {"operations": {"help": {"input": {"$ref": f"#/$defs/{thing}"}, "output": {"schema": {"$ref": "#/$defs/Choice"}}}}},
        },
        "$defs": {"Record": record(at), "Choice": choice(at), thing: {"type": "object", "properties": {"t": {"type": "integer"}}}},
    }  # fmt: skip
    if "contract.$schema" in texts:
        value["$schema"] = texts["contract.$schema"]
    if "idempotencyKey" in texts:
        value["agents"][agent]["operations"][ask]["idempotencyKey"] = texts["idempotencyKey"]
    return value


def record(at: Any) -> dict[str, Any]:
    """The schema with most places; other generators get it as it is."""
    inner = {"type": "object", "properties": {"x": {"type": "string"}}}
    field: dict[str, Any] = {"type": "string", "title": at("field.title"), "description": at("field.description"), "default": at("field.default")}
    field["examples"] = [at("field.examples")]
    for keyword in ("pattern", "format", "$ref", "$id", "$anchor", "customTypePath"):
        if at(f"field.{keyword}", "") != "":
            field[keyword] = at(f"field.{keyword}")
    whole: dict[str, Any] = {
        "title": at("record.title"), "description": at("record.description"), "$comment": at("record.$comment"), "x-note": at("record.x-note"),
        "type": "object",
        "properties": {
            "a": field,
            "b": {"enum": [at("enum.value"), "other"], "default": "other"},
            "c": {"const": at("const.value")},
            "d": {"type": "array", "items": {"description": at("items.description"), "enum": [at("items.value"), 1, None]}},
            "e": {"type": "object", "additionalProperties": {"type": "integer"}, "default": {at("object.default"): 1}},
            "f": {"enum": [at("mixed.value"), 7, True]},
            at("property.text", "g"): {"type": "string"},
            at("property.object", "h"): inner,
            at("property.list", "i"): {"type": "array", "items": inner},
        },
        "required": ["a"],
    }  # fmt: skip
    if at("property.pattern", "") != "":
        whole["patternProperties"] = {at("property.pattern"): {"type": "integer"}}
    if at("record.customBasePath", "") != "":
        whole["customBasePath"] = at("record.customBasePath")
    return whole


def choice(at: Any) -> dict[str, Any]:
    """Alternatives told apart by a tag."""
    tag = at("property.tag", "kind")

    def alternative(value: str) -> dict[str, Any]:
        return {"type": "object", "properties": {tag: {"const": value}, "n": {"type": "integer"}}, "required": [tag]}

    return {"oneOf": [alternative(at("tag.value", "first")), alternative("second")]}
