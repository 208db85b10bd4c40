"""Generated classes behave as slotted keyword-only dataclasses, and know their JSON."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from types import ModuleType

import pytest
from peer_contract import UNSET, ContractError, Unset


def test_a_wrong_value_is_named_by_code_and_place(relay: ModuleType) -> None:
    with pytest.raises(ContractError) as caught:
        relay.Topic.from_json(b'{"text": 3}')
    assert (caught.value.code, caught.value.at) == ("type_mismatch", "/text")
    assert str(caught.value) == "expected string, found integer (at `/text`)"


def test_all_problems_are_there(relay: ModuleType) -> None:
    with pytest.raises(ContractError) as caught:
        relay.Page.from_json(b'{"words": "many"}')
    assert {problem.at for problem in caught.value.problems} == {"/html", "/words"}


def test_an_error_survives_pickling(relay: ModuleType) -> None:
    error = ContractError("type_mismatch", "/a", "no")
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.at, str(again)) == ("type_mismatch", "/a", "no (at `/a`)")


def test_unknown_fields_survive_a_round_trip(relay: ModuleType) -> None:
    text = b'{"text":"a","zeta":{"deep":[1,null]}}'
    draft = relay.Draft.from_json(text)
    assert draft.extra == {"zeta": {"deep": [1, None]}}
    assert draft.to_json() == text


def test_values_compare_copy_and_pickle(kinds: ModuleType) -> None:
    tree = kinds.Tree(value=1, children=[kinds.Tree(value=2)])
    for again in (copy.deepcopy(tree), copy.copy(tree), pickle.loads(pickle.dumps(tree))):
        assert again == tree and type(again) is kinds.Tree
    assert tree != kinds.Tree(value=1) and tree != 3
    assert eval(repr(tree), vars(kinds)) == tree
    with pytest.raises(TypeError):
        hash(tree)


def test_slots_and_keywords_are_the_only_way_in(kinds: ModuleType) -> None:
    closed = kinds.Closed(n=1, x=2.0)
    with pytest.raises(AttributeError):
        closed.y = 3
    for wrong in (lambda: kinds.Closed(1, 2.0), lambda: kinds.Closed(n=1), lambda: kinds.Closed(n=1, x=1, z=1)):
        with pytest.raises(TypeError):
            wrong()


def test_the_standard_module_sees_a_dataclass(kinds: ModuleType) -> None:
    four = kinds.Four(a="a", b=None)
    assert dataclasses.is_dataclass(four)
    assert [field.name for field in dataclasses.fields(four)] == ["a", "b", "c", "d", "e", "extra"]
    assert dataclasses.replace(four, a="z") == kinds.Four(a="z", b=None)
    assert dataclasses.asdict(four) == {"a": "a", "b": None, "c": None, "d": UNSET, "e": UNSET, "extra": {}}
    assert list(inspect.signature(kinds.Four).parameters) == ["a", "b", "c", "d", "e", "extra"]
    assert not dataclasses.is_dataclass(kinds.Four.__mro__[1])


def test_a_match_goes_by_keyword(kinds: ModuleType) -> None:
    match kinds.query_from_json(b'{"op":"not","item":{"op":"term","text":"x"}}'):
        case kinds.Not(item=kinds.Term(text=text)):
            assert text == "x"
        case other:
            pytest.fail(repr(other))


def test_defaults_are_not_shared(relay: ModuleType) -> None:
    one, other = relay.Draft(text="a"), relay.Draft(text="b")
    one.extra["a"] = 1
    assert other.extra == {}


def test_four_states_are_told_apart(kinds: ModuleType) -> None:
    read = kinds.Four.from_json
    assert read(b'{"a":"","b":null}').d is UNSET
    assert read(b'{"a":"","b":null,"d":null}').d is None
    for text in (
        b'{"a":"","b":null}',
        b'{"a":"","b":"b","c":"c"}',
        b'{"a":"","b":null,"d":null}',
        b'{"a":"","b":null,"e":null}',
    ):
        assert read(text).to_json() == text


def test_unset_is_one(kinds: ModuleType) -> None:
    assert copy.deepcopy(UNSET) is copy.copy(UNSET) is pickle.loads(pickle.dumps(UNSET)) is UNSET
    assert isinstance(UNSET, Unset) and not UNSET and Unset() is UNSET and repr(UNSET) == "UNSET"


def test_one_and_one_point_nought_are_one_number(kinds: ModuleType) -> None:
    closed = kinds.Closed.from_json(b'{"n":1.0,"x":1}')
    assert (type(closed.n), type(closed.x)) == (int, float)
    with pytest.raises(ContractError, match="boolean"):
        kinds.Closed.from_json(b'{"n":true,"x":1}')


def test_a_union_is_the_variant_it_is(kinds: ModuleType) -> None:
    query = kinds.query_from_json(b'{"op":"and","all":[{"op":"term","text":"x"}]}')
    assert query == kinds.And(all=[kinds.Term(text="x")])
    assert kinds.query_to_json(query) == b'{"all":[{"op":"term","text":"x"}],"op":"and"}'
    assert kinds.shape_from_json(b'{"width":2}') == kinds.Box(width=2.0)
    assert kinds.shape_from_json(b'"dot"') == "dot"
    assert kinds.prices_from_json(b'{"a":{"n":1,"x":2}}') == {"a": kinds.Closed(n=1, x=2.0)}


def test_names_that_python_keeps_get_a_suffix(kinds: ModuleType) -> None:
    text = '{"class":"c","self":"s","list":["l"],"fooBar":1,"foo_bar":2,"extra":"e","größe":1,"other":true}'
    names = kinds.Names.from_json(text)
    assert (names.class_, names.self_, names.list, names.extra_, names.extra) == ("c", "s", ["l"], "e", {"other": True})
    assert (names.foo_bar_c9fe, names.foo_bar_a03a) == (2, 1)
    assert kinds.Names.from_json(names.to_json()) == names


def test_a_class_derived_by_hand_reads_itself(relay: ModuleType) -> None:
    class Mine(relay.Draft):  # type: ignore[misc,name-defined]
        def shout(self) -> str:
            return self.text.upper()

    mine = Mine.from_json(b'{"text":"a"}')
    assert mine.shout() == "A" and mine.to_json() == b'{"text":"a"}'


def test_docs_reach_python_whole(kinds: ModuleType) -> None:
    assert kinds.__doc__.startswith('Every kind of type. """ \\ \'\nimport os')
