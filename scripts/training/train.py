"""Sends orders through every way by which the Python module reads and writes messages."""

from __future__ import annotations

import json

import messages
from peer_contract import ContractError, Work, lambda_handler
from shop import Order, Progress, Receipt, _types, desk


class Desk(desk.Agent):
    def accept(self, work: Work[Progress], order: Order, /) -> desk.Close:
        work.state.step += 1
        return desk.close(order)

    def close(self, work: Work[Progress], order: Order, /) -> Receipt:
        return Receipt(lines=len(order.basket.lines))


handler = lambda_handler(Desk())
schema = _types.contract.schema("/$defs/Order")


def run(texts: list[bytes], times: int) -> None:
    """One order, so often: objects, dicts, turns of an agent by bytes and by what a managed runtime has parsed."""
    for text in texts:
        order, value, event = Order.from_json(text), schema.read(text), json.loads(text)
        for _ in range(times):
            Order.from_json(text)
            order.to_json()
            schema.read(text)
            schema.write(value)
        passed = envelope(handler(text))
        for _ in range(max(1, times // 4)):
            handler(passed)
            handler(text)
            handler(event)


def envelope(answer: bytes) -> bytes:
    """The handoff in the answer to a plain input, as it arrives where the contract is known."""
    handoff = json.loads(answer)["result"]["handoff"]
    handoff["data"].pop("contract", None)
    return json.dumps(handoff, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def refuse(texts: list[bytes], times: int) -> None:
    """Broken messages, a hundredth of all."""
    for text in texts:
        for _ in range(max(1, times // 100)):
            for read in (Order.from_json, schema.read):
                try:
                    read(text)
                except ContractError:
                    continue
                raise AssertionError("a broken message was read")


if __name__ == "__main__":
    for value, count in messages.orders():
        run(messages.written(value), count)
        refuse(messages.broken(value), count)
