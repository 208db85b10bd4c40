"""Orders of a few hundred bytes to a megabyte, the same on every machine, in three orders of members."""

from __future__ import annotations

import json
import random
from typing import Any

Json = Any

#: Lines of an order, and how often it is seen: each length is about as much work as the others.
LENGTHS = {1: 4000, 12: 400, 90: 60, 3000: 2}

_WORDS = "lamp chair desk naïve oak brass shade 木 frame small wide soft dark light old new".split()


def orders() -> list[tuple[Json, int]]:
    """Each order with how often it is seen."""
    rng = random.Random(7)
    return [(_order(rng, length), times) for length, times in LENGTHS.items() for _ in range(3)]


def written(value: Json) -> list[bytes]:
    """Members as the author wrote them, sorted, and in no order."""
    rng = random.Random(7)
    return [_text(value), _text(value, sort_keys=True), _text(_shuffled(value, rng))]


def broken(value: Json) -> list[bytes]:
    """Messages that miss the contract by one change: early, late, in a text, and in the JSON itself."""
    late = json.loads(_text(value))
    late["basket"]["lines"][-1]["count"] = 0
    number = {**value, "number": "none"}
    bare = {key: member for key, member in value.items() if key != "payment"}
    return [_text(late), _text(number), _text(bare), _text(value)[:-1]]


def _text(value: Json, **how: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), **how).encode()


def _shuffled(value: Json, rng: random.Random) -> Json:
    if isinstance(value, dict):
        members = list(value.items())
        rng.shuffle(members)
        return {key: _shuffled(member, rng) for key, member in members}
    return [_shuffled(item, rng) for item in value] if isinstance(value, list) else value


def _order(rng: random.Random, length: int) -> Json:
    order = {
        "number": f"CH-{rng.randrange(10**6):06}",
        "placedAt": f"2026-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}T0{rng.randint(0, 9)}:30:15.{rng.randint(1, 999)}Z",
        "customer": _customer(rng),
        "payment": _payment(rng),
        "basket": {"lines": [_line(rng, 0) for _ in range(length)]},
        "remark": rng.choice([None, _prose(rng, 12 + 20 * length)]),
    }
    if rng.random() < 0.5:
        order["labels"] = {rng.choice(_WORDS): _prose(rng, 2) for _ in range(rng.randint(0, 9))}
    return order


def _customer(rng: random.Random) -> Json:
    name = rng.choice(["Ana", "Béla", "Chloé", "Dmitri"])
    customer = {"id": f"{rng.getrandbits(32):08x}-51cd-4a6e-9d7f-{rng.getrandbits(48):012x}", "name": name, "mail": "post@example.org"}
    optional = {
        "born": f"19{rng.randint(40, 99)}-0{rng.randint(1, 9)}-2{rng.randint(0, 8)}",
        "site": "https://example.org/shop?id=7#top",
        "language": rng.choice(["de", "en", "fr", "ja", "pt"]),
        "address": {"street": _prose(rng, 2), "city": "Zürich", "postcode": "8001", "country": "CH", "at": [rng.uniform(-90, 90), 8.5]},
    }
    return {**customer, **{key: member for key, member in optional.items() if rng.random() < 0.6}}


def _payment(rng: random.Random) -> Json:
    return rng.choice(
        [
            {"by": "card", "digits": "4242", "expires": "07/29"},
            {"by": "invoice", "days": 30, "cost": _money(rng)},
            {"by": "voucher", "code": "SPRING-2026", "rest": _money(rng)},
        ]
    )


def _line(rng: random.Random, depth: int) -> Json:
    line = {
        "sku": "-".join(["item", *(rng.choice(["lamp", "oak2", "7b", "shade"]) for _ in range(rng.randint(0, 4)))]),
        "count": rng.randint(1, 40),
        "price": _money(rng),
    }
    optional = {
        "title": _prose(rng, rng.randint(1, 9)),
        "weight": round(rng.uniform(0.1, 80), rng.randint(1, 12)),
        "gift": rng.random() < 0.3,
        "tags": rng.sample(_WORDS, rng.randint(0, 6)),
        "options": {"size": rng.choice("SML"), "colour": _prose(rng, 1), "engraving": None},
    }
    line.update((key, member) for key, member in optional.items() if rng.random() < 0.6)
    if depth == 0 and rng.random() < 0.1:
        line["parts"] = [_line(rng, 1) for _ in range(2)]
    return line


def _money(rng: random.Random) -> Json:
    return {"amount": rng.randint(0, 10 ** rng.randint(1, 7)), "currency": rng.choice(["CHF", "EUR", "GBP", "JPY", "USD"])}


def _prose(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice([*_WORDS, 'a "quoted" one', "two\nlines"]) for _ in range(words))


def main() -> None:
    """A line of JSON for each order, for programs in other languages."""
    for value, times in orders():
        texts, wrong = ([text.decode() for text in made] for made in (written(value), broken(value)))
        print(json.dumps({"times": times, "texts": texts, "broken": wrong}))


if __name__ == "__main__":
    main()
