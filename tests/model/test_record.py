from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import field

import msgspec
import pytest

from m1doctor.model.record import record


@record(frozen=True, slots=True, kw_only=True)
class Named:
    """Fields by name, with defaults of both kinds."""

    name: str
    size: int = 0
    notes: dict[str, str] = field(default_factory=dict)


@record(frozen=True, slots=True)
class Placed:
    """Fields by place."""

    first: str
    second: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an empty word."""
        if not self.first:
            message = "empty"
            raise ValueError(message)


@dataclasses.dataclass(frozen=True, slots=True)
class Plain:
    first: str
    second: tuple[int, ...] = ()


def test_fields_are_given_by_name_or_by_place_and_have_defaults() -> None:
    named = Named(name="a")
    assert (named.name, named.size, named.notes) == ("a", 0, {})
    assert Named(name="b").notes is not named.notes
    assert Placed("x", (1,)) == Placed(second=(1,), first="x")


def test_it_says_what_it_is_as_a_dataclass_does() -> None:
    assert repr(Placed("x", (1,))) == repr(Plain("x", (1,))).replace("Plain", "Placed")


def test_equality_and_hash_are_those_of_the_values() -> None:
    assert Placed("x") == Placed("x")
    assert Placed("x") != Placed("y")
    assert Placed("x") != Plain("x")
    assert len({Placed("x"), Placed("x"), Placed("y")}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Named(name="a"))


@pytest.mark.parametrize(
    ("args", "values", "words"),
    [
        ((), {}, "missing required argument: 'first'"),
        (("a", (), 3), {}, "takes 2 positional arguments but 3 were given"),
        (("a",), {"first": "b"}, "multiple values for argument 'first'"),
        (("a",), {"third": 1}, "unexpected keyword argument 'third'"),
    ],
)
def test_wrong_arguments_are_refused(args: tuple[object, ...], values: dict[str, object], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        Placed(*args, **values)  # type: ignore[arg-type]


def test_a_field_by_name_only_has_no_place() -> None:
    with pytest.raises(TypeError, match="takes 0 positional"):
        Named("a")  # type: ignore[misc]


def test_nothing_can_be_changed_or_added() -> None:
    named = Named(name="a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        named.name = "b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del named.name
    with pytest.raises(dataclasses.FrozenInstanceError):
        named.other = 1  # type: ignore[attr-defined]
    assert not hasattr(named, "__dict__")


def test_what_is_checked_after_making_is_checked() -> None:
    with pytest.raises(ValueError, match="empty"):
        Placed("")


def test_the_tools_of_dataclasses_know_it() -> None:
    named = Named(name="a", notes={"k": "v"})
    assert dataclasses.is_dataclass(named)
    assert [each.name for each in dataclasses.fields(Named)] == ["name", "size", "notes"]
    assert dataclasses.replace(named, size=2) == Named(name="a", size=2, notes={"k": "v"})
    assert dataclasses.asdict(named) == {"name": "a", "size": 0, "notes": {"k": "v"}}


def test_copies_and_pickles_are_equal() -> None:
    named = Named(name="a", notes={"k": "v"})
    assert copy.copy(named) == named
    deep = copy.deepcopy(named)
    assert deep == named
    assert deep.notes is not named.notes
    assert pickle.loads(pickle.dumps(named)) == named  # noqa: S301 - our own bytes


def test_msgspec_reads_and_writes_it() -> None:
    named = Named(name="a", notes={"k": "v"})
    assert msgspec.convert(msgspec.to_builtins(named), Named) == named
    with pytest.raises(msgspec.ValidationError, match="Expected `str`, got `int`"):
        msgspec.convert({"name": 1}, Named)
    with pytest.raises(msgspec.ValidationError, match="empty"):
        msgspec.convert({"first": ""}, Placed)
    schema = msgspec.json.schema(Named)["$defs"]["Named"]
    assert schema["required"] == ["name"]
    assert schema["description"] == "Fields by name, with defaults of both kinds."


def test_a_record_is_frozen_and_slotted() -> None:
    with pytest.raises(TypeError, match="frozen and slotted"):
        record(frozen=False, slots=True)
