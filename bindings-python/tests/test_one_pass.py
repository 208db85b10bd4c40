"""One pass from bytes to objects and one walk back: what comes out, and that nothing stays behind."""

from __future__ import annotations

import gc
import json
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from peer_contract import UNSET, Contract, ContractError, Schema, _native

CONTRACT = """{"peerContract":"1","name":"any","version":"1.0.0","agents":{"a":{"operations":{"op":{
"input":true,"output":{"schema":{"type":"object","required":["n"],"properties":{"n":{"type":"integer"},
"word":{"enum":["one","other"]}}}}}}}}}"""


@pytest.fixture(scope="module")
def anything() -> Schema:
    return Contract.parse(CONTRACT).schema("/agents/a/operations/op/input")


@pytest.fixture(scope="module")
def numbered() -> Schema:
    return Contract.parse(CONTRACT).schema("/agents/a/operations/op/output/schema")


@pytest.fixture(autouse=True)
def the_collector_is_as_it_was() -> Iterator[None]:
    assert gc.isenabled()
    yield
    assert gc.isenabled()


TEXTS = [
    "null",
    "[true,false,null]",
    "[0,1,-1,256,257,9007199254740991,-9007199254740991]",
    "[0.5,1e-7,1.7976931348623157e+308,5e-324]",
    '""',
    '"é ✓ \U0001f600 \\n \\" \\\\ \\u0000"',
    '{"":{"a\\nb":1,"é":[[],{}]},"\U0001f600":""}',
    "[" * 64 + "]" * 64,
]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text)[:24])
def test_plain_json_goes_through_unchanged(anything: Schema, text: str) -> None:
    value = anything.read(text)
    assert value == json.loads(text) == _native.read_json(text)
    assert anything.read(anything.write(value)) == value


CHARACTERS = [
    "a",
    "\x7f",
    "\x80",
    "é",
    "\xff",
    "\u0100",
    "✓",
    "\ud7ff",
    "\uffff",
    "\U00010000",
    "\U0010ffff",
    "\n",
    '"',
    "\x00",
]


@pytest.mark.parametrize("escape", [False, True])
@pytest.mark.parametrize("character", CHARACTERS, ids=ascii)
def test_strings_of_every_width_are_python_s_own(anything: Schema, character: str, escape: bool) -> None:
    for before in (0, 1, 2, 7, 8, 9, 255, 256, 300):
        for after in ("", "b", "é", "b" * 17 + "✓", "c" * 300):
            expected = "a" * before + character + after
            text = json.dumps(expected, ensure_ascii=escape)
            read = anything.read(text)
            assert read == expected and hash(read) == hash(expected)
            # Held as narrow as Python itself holds it, or no lookup would find it.
            assert sys.getsizeof(read) <= sys.getsizeof(expected) and {expected: 1}[read] == 1
            assert anything.write(read) == json.dumps(expected, ensure_ascii=False).encode()


def test_members_are_written_in_canonical_order(anything: Schema) -> None:
    assert anything.write({"b": 1, "a": {"\U0001f600": 1, "\uffff": 2}}) == (
        '{"a":{"\U0001f600":1,"\uffff":2},"b":1}'.encode()
    )


def test_numbers_have_one_form(anything: Schema) -> None:
    assert anything.write([1.0, -0.0, 1e21, 100.0, 1e-7]) == b"[1,0,1e+21,100,1e-7]"
    assert anything.read(b"[-0.0]") == [0] and str(anything.read(b"[-0.0]")[0]) == "-0.0"


def test_small_values_are_the_interpreter_s_own(anything: Schema) -> None:
    read = anything.read(b'[1,true,null,"",{},"a"]')
    assert read[0] is 1 and read[1] is True and read[2] is None  # noqa: F632


def test_words_of_the_schema_are_shared(numbered: Schema) -> None:
    one, other = (numbered.read(b'{"n":1,"word":"other"}') for _ in range(2))
    assert next(iter(one)) is next(iter(other)) and one["word"] is other["word"]


def test_duplicates_are_refused_however_they_are_spelled(anything: Schema, numbered: Schema) -> None:
    for schema in (anything, numbered):
        with pytest.raises(ContractError) as caught:
            schema.read(b'{"n":1,"\\u006e":2}')
        assert caught.value.code == "json_duplicate_key"


class Text(str):
    """Equal only to itself."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


def test_two_keys_of_one_text_are_refused(anything: Schema) -> None:
    with pytest.raises(ContractError) as caught:
        anything.write({Text("a"): 1, Text("a"): 2})
    assert caught.value.code == "json_duplicate_key"


class Key(str):
    """Runs code wherever it is compared or hashed."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("compared")

    def __hash__(self) -> int:
        return 7


class Count(int):
    __slots__ = ()

    def __int__(self) -> int:
        raise RuntimeError("asked")

    __index__ = __int__


class Dict(dict):  # type: ignore[type-arg]
    def items(self) -> Any:
        raise RuntimeError("asked")

    __iter__ = keys = items


def test_code_of_derived_builtins_is_not_asked(anything: Schema) -> None:
    assert anything.write({Key("k"): Count(3), "d": Dict(a=[Key("é")])}) == '{"d":{"a":["é"]},"k":3}'.encode()


@pytest.mark.parametrize(
    "wrong", ["\ud800", 10**30, -(2**53), float("nan"), object(), {1: 2}, {"\udfff": 1}, b"x"], ids=ascii
)
def test_what_has_no_form_in_json_is_refused_and_let_go(anything: Schema, wrong: object) -> None:
    value = {"first": "é" * 100, "list": [1, {"deep": [wrong]}]}
    with pytest.raises(ContractError) as caught:
        anything.write(value)
    assert caught.value.at.startswith("/list/1/deep/0")
    assert blocks_of(refused(lambda: anything.write(value))) < 200


def test_a_tree_too_deep_is_refused(anything: Schema) -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ContractError) as caught:
        anything.write(deep)
    assert caught.value.code == "json_depth"
    # Its own destructor would go as deep.
    while deep:
        deep = deep.pop()  # type: ignore[assignment]


def test_a_derived_class_reads_itself(kinds: ModuleType) -> None:
    class Mine(kinds.Closed):  # type: ignore[misc,name-defined]
        __slots__ = ()

        @classmethod
        def from_json(cls, data: bytes | str, /) -> Any:
            return super().from_json(data)

    class Yours(kinds.Closed):  # type: ignore[misc,name-defined]
        __slots__ = ()

    text = b'{"n":1,"x":2}'
    for _ in range(2):
        assert [type(cls.from_json(text)) for cls in (kinds.Closed, Mine, Yours)] == [kinds.Closed, Mine, Yours]
    assert type(kinds.Closed.from_json(text).from_json(text)) is kinds.Closed


def samples(kinds: ModuleType, relay: ModuleType) -> list[Any]:
    closed = kinds.Closed(n=2**53 - 1, x=-0.5)
    return [
        kinds.Four(a="", b=None),
        kinds.Four(a="a", b="b", c="c", d=None, e={"deep": [1, {"x": None}]}, extra={"new": [True]}),
        closed,
        kinds.Names(class_="c", self_="s", list=["é", "\n"], foo_bar_c9fe=1, extra={"más": 1}),
        kinds.And(all=[kinds.Not(item=kinds.Term(text="x")), kinds.And(all=[])]),
        kinds.Tree(value=1, children=[kinds.Tree(value=2, children=[kinds.Tree(value=3)])]),
        kinds.Work(when="2026-01-01T00:00:00Z"),
        kinds.Json_(),
        relay.Draft(text="\U0001f600" * 1000),
        relay.Page(html="<p>", words=0),
    ]


def test_every_class_reads_what_it_writes(kinds: ModuleType, relay: ModuleType) -> None:
    for value in samples(kinds, relay):
        text = value.to_json()
        again = type(value).from_json(text)
        assert again == value and type(again) is type(value)
        assert again.to_json() == text
        assert again == type(value).from_json(text.decode())


def test_members_may_come_in_any_order(kinds: ModuleType) -> None:
    assert kinds.Four.from_json(b' { "e" : 1 , "z" : 2, "b" : null , "a" : "x" } ') == kinds.Four(
        a="x", b=None, e=1, extra={"z": 2}
    )
    assert kinds.query_from_json(b'{"item":{"text":"x","op":"term"},"op":"not"}') == kinds.Not(
        item=kinds.Term(text="x")
    )
    assert kinds.query_from_json(b'{"\\u006fp":"t\\u0065rm","text":"x"}') == kinds.Term(text="x")


def test_extra_is_made_when_it_is_asked_for(relay: ModuleType) -> None:
    draft = relay.Draft.from_json(b'{"text":"a"}')
    assert draft.extra == {} and draft.extra is draft.extra
    draft.extra["more"] = 1
    assert draft.to_json() == b'{"more":1,"text":"a"}'
    del draft.extra
    assert draft.to_json() == b'{"text":"a"}'


def test_a_deleted_field_is_missed(relay: ModuleType) -> None:
    draft = relay.Draft(text="a")
    del draft.text
    with pytest.raises(AttributeError):
        draft.to_json()


def test_extra_must_be_a_dict(relay: ModuleType) -> None:
    with pytest.raises(ContractError) as caught:
        relay.Draft(text="a", extra=[1]).to_json()
    assert caught.value.code == "type_mismatch"


def test_a_record_within_plain_data_is_written(relay: ModuleType, kinds: ModuleType, anything: Schema) -> None:
    assert anything.write([relay.Draft(text="a"), {"k": kinds.Closed(n=1, x=2.0)}]) == (
        b'[{"text":"a"},{"k":{"n":1,"x":2}}]'
    )
    assert relay.Draft(text="a", extra={"tree": kinds.Tree(value=1)}).to_json() == b'{"text":"a","tree":{"value":1}}'


WRONG = [
    ("Closed", b'{"n":1,"x":2,"y":3}', "additional_property", "/y"),
    ("Closed", b'{"n":1.5,"x":2}', "type_mismatch", "/n"),
    ("Closed", b'{"n":1}', "required_missing", ""),
    ("Tree", b'{"value":1,"children":[{"value":1},{"value":"x"}]}', "type_mismatch", "/children/1/value"),
    ("Tree", b'{"value":1,"value":2}', "json_duplicate_key", "/value"),
    ("Tree", b'{"value":1,"children":[{"value":1},', "json_syntax", ""),
    ("Tree", b'{"value":9007199254740992}', "json_number", "/value"),
    ("Tree", b'{"value":1,"x":"\\ud800"}', "json_surrogate", "/x"),
    ("Tree", b'{"value":1,"x":"\xff"}', None, None),
    ("Tree", b'{"value":1,"x":' + b"[" * 64 + b"]" * 64 + b"}", "json_depth", None),
    ("Tree", b"", None, None),
]


@pytest.mark.parametrize(("name", "text", "code", "at"), WRONG, ids=lambda value: ascii(value)[:20])
def test_wrong_text_is_refused_at_its_place(
    kinds: ModuleType, name: str, text: bytes, code: str | None, at: str | None
) -> None:
    with pytest.raises(ContractError) as caught:
        getattr(kinds, name).from_json(text)
    if at:
        assert caught.value.at == at
    if code in {"type_mismatch", "json_duplicate_key", "json_number", "json_surrogate", "json_depth"}:
        assert caught.value.code == code


def blocks_of(run: Callable[[], object]) -> int:
    """How many blocks of memory stay behind, four hundred runs later."""
    for _ in range(50):
        run()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(400):
        run()
    gc.collect()
    return sys.getallocatedblocks() - before


def refused(run: Callable[[], object]) -> Callable[[], object]:
    def tried() -> object:
        try:
            return run()
        except (ContractError, AttributeError, RuntimeError):
            return None

    return tried


def test_nothing_stays_behind(kinds: ModuleType, relay: ModuleType, anything: Schema) -> None:
    tree = json.dumps({"value": 1, "children": [{"value": n, "more": {"k": "v" * 70}} for n in range(50)]}).encode()
    tag_last = b'{"all":[{"text":"x","op":"term"},{"item":{"text":"y","op":"term"},"op":"not"}],"op":"and"}'
    value = kinds.Tree.from_json(tree)
    runs: list[Callable[[], object]] = [
        lambda: kinds.Tree.from_json(tree),
        lambda: kinds.query_from_json(tag_last),
        lambda: kinds.query_from_json(tag_last[:-12] + b"}"),
        lambda: anything.read(tree),
        lambda: value.to_json(),
        lambda: anything.write(value),
        lambda: relay.Draft(text="a", extra={"text": 1}).to_json(),
        lambda: anything.write([object()]),
        lambda: anything.read('["naïve \\n", "✓✓", "\U0001f600\\ud83d\\ude00", "\\u00e9", "é"]'),
        lambda: anything.read('["naïve \\n", "✓✓", "\U0001f600\\ud83d\\ude00", {"ключ": "é"}'),
        *(lambda name=name, text=text: getattr(kinds, name).from_json(text) for name, text, _, _ in WRONG),
        *(lambda cut=cut: kinds.Tree.from_json(tree[:cut]) for cut in range(0, len(tree), 397)),
    ]
    for number, run in enumerate(runs):
        # What the interpreter keeps for later varies; what is lost in each run would be hundreds.
        assert blocks_of(refused(run)) < 200, number


def test_what_is_read_is_let_go(kinds: ModuleType) -> None:
    tree = kinds.Tree.from_json(b'{"value":1,"children":[{"value":70000}],"more":{"a":[1]}}')
    # Counted outside of `assert`, which holds references of its own.
    counts = [sys.getrefcount(tree), sys.getrefcount(tree.children), sys.getrefcount(tree.children[0])]
    assert counts == [2, 2, 2]
    assert all(gc.is_tracked(item) for item in (tree, tree.children[0]))
    tree.extra["self"] = tree
    children = tree.children
    del tree
    assert gc.collect() > 0
    count = sys.getrefcount(children)
    assert count == 2


def test_the_collector_stays_off_for_who_has_it_off(kinds: ModuleType) -> None:
    gc.disable()
    try:
        kinds.Tree.from_json(b'{"value":1}').to_json()
        with pytest.raises(ContractError):
            kinds.Tree.from_json(b"{")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_class_with_a_say_in_how_it_is_made_is_asked() -> None:
    made: list[object] = []

    class Loud:
        __slots__ = ("extra", "n")

        def __new__(cls) -> Loud:
            made.append(gc.isenabled())
            return object.__new__(cls)

    contract = Contract.parse(CONTRACT)
    row = ("/agents/a/operations/op/output/schema", ("record", Loud, [("n", "n", int, ...)], None))
    codec = _native.Types(contract, {"Loud": row}).codec("Loud")
    loud = codec.read(b'{"n":1.0,"more":2}')
    assert (type(loud), loud.n, loud.extra, made[-1]) == (Loud, 1, {"more": 2}, True)
    assert codec.write(loud) == b'{"more":2,"n":1}'


def test_slots_are_found_wherever_they_lie() -> None:
    class Base:
        __slots__ = ("b", "z")

    class Late(Base):
        __slots__ = ("__weakref__", "a", "extra")

    contract = Contract.parse(CONTRACT)
    for cls in (type("Plain", (Base,), {"__slots__": ("a", "extra")}), Late):
        fields = [("z", "n", int, ...), ("a", "word", None, UNSET), ("b", "x", None, None)]
        row = ("/agents/a/operations/op/output/schema", ("record", cls, fields, None))
        codec = _native.Types(contract, {"T": row}).codec("T")
        made = codec.read(b'{"x":[1],"n":5,"y":6}')
        assert (made.z, made.a, made.b, made.extra) == (5, UNSET, [1], {"y": 6})
        assert codec.write(made) == b'{"n":5,"x":[1],"y":6}'
    assert weakref.ref(made)() is made


def test_threads_read_and_write_at_once(kinds: ModuleType) -> None:
    text = json.dumps({"value": 0, "children": [{"value": n} for n in range(20_000)]}).encode()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(3):
                assert len(json.loads(kinds.Tree.from_json(text).to_json())["children"]) == 20_000
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_a_property_that_changes_what_is_walked_over_does_no_harm(relay: ModuleType) -> None:
    for _ in range(50):
        items: list[Any] = []

        class Hostile(relay.Draft):  # type: ignore[misc,name-defined]
            @property
            def text(self) -> str:
                items.clear()  # noqa: B023
                gc.collect(0)
                return "a"

        items += [Hostile.__new__(Hostile), "x" * 100, {"k" * 50: ["y" * 100]}, [object], Hostile.__new__(Hostile)]
        with pytest.raises(ContractError):
            relay.Draft(text="a", extra={"items": items}).to_json()
