"""The shop's order as pydantic models, and as dataclasses."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

Zip = Annotated[str, StringConstraints(pattern="^[0-9]{5}$")]
Id = Annotated[str, StringConstraints(pattern="^[0-9a-f-]{36}$")]
Text = Annotated[str, StringConstraints(min_length=1)]
Count = Annotated[int, Field(ge=1, le=999)]
Level = Literal["low", "high"]


class Model(BaseModel):
    """Checks as a schema does: a string is no number."""

    model_config = ConfigDict(strict=True)


class Item(Model):
    """One line of an order."""

    sku: Text
    count: Count
    price: Annotated[float, Field(ge=0)] = 0.0


class Address(Model):
    """Where it goes."""

    model_config = ConfigDict(strict=True, extra="forbid")
    street: str
    city: str
    zip: Zip


class Card(Model):
    """Paid at once."""

    kind: Literal["card"]
    number: str


class Invoice(Model):
    """Paid later."""

    kind: Literal["invoice"]
    days: Literal[14, 30]


class Category(Model):
    """A tree."""

    name: str
    children: list[Category]


class Order(Model):
    """What somebody wants."""

    id: Id
    items: Annotated[list[Item], Field(min_length=1)]
    address: Address | None
    payment: Annotated[Card | Invoice, Field(discriminator="kind")]
    pair: tuple[str, float]
    tags: dict[str, bool] = {}
    level: Level = "low"
    category: Category = Category(name="all", children=[])


@dataclass
class Point:
    """A place."""

    x: Annotated[float, Field(ge=-180, le=180)]
    y: float
    label: str | None = None


@dataclass
class Route:
    """Places in order."""

    points: Annotated[list[Point], Field(min_length=2)]
    by: Literal["foot", "rail"] = "foot"
    stops: dict[str, Point] = field(default_factory=dict)


TYPES = {"Order": TypeAdapter(Order), "Route": TypeAdapter(Route)}


def takes(adapter: TypeAdapter[object], sample: object) -> bool:
    """What pydantic itself says, of the sample as JSON."""
    try:
        adapter.validate_json(json.dumps(sample), strict=True)
    except ValidationError:
        return False
    return True


if __name__ == "__main__":
    adapter = TYPES[sys.argv[1]]
    if sys.argv[2:] == ["verdicts"]:
        print(json.dumps([takes(adapter, sample) for sample in json.load(sys.stdin)]))
    else:
        print(json.dumps(adapter.json_schema()))
