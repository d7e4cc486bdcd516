"""`record`: the frozen, slotted dataclass of this project, made in a quarter of the time.

`dataclasses` writes six methods for each frozen class and compiles them at every start: 0.6 ms a class, 56 ms for the
94 classes of `diagnose --quick`, which is a fifth of its whole time. Here one set of methods, written once, serves
every class. What it makes is a dataclass all the same (`fields`, `replace`, `asdict`, msgspec and type checkers know
it as one), and to a type checker it simply is `dataclasses.dataclass`. The price is about a microsecond more for each
object that is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, fields
from typing import TYPE_CHECKING, Any

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(cls: type | None = None, /, *, frozen: bool, slots: bool, kw_only: bool = False) -> Any:
        """Make a frozen, slotted dataclass; the words are those of `dataclasses.dataclass`, for whoever reads them.

        Raises `TypeError` for a class that is to be anything else.
        """
        if not (frozen and slots):
            message = "a record is frozen and slotted"
            raise TypeError(message)

        def make(plain: type) -> type:
            for name, method in _METHODS.items():
                if name not in plain.__dict__:
                    setattr(plain, name, method)
            return dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(plain)

        return make if cls is None else make(cls)


_plans: dict[type, tuple[tuple[Field[Any], ...], tuple[str, ...]]] = {}
"""For each class that has been used: its fields, and the names that may be given by position."""


def _plan(cls: type) -> tuple[tuple[Field[Any], ...], tuple[str, ...]]:
    plan = _plans.get(cls)
    if plan is None:
        own = fields(cls)
        plan = _plans[cls] = own, tuple(each.name for each in own if not each.kw_only)
    return plan


def _init(self: Any, /, *args: Any, **values: Any) -> None:
    own, positional = _plan(type(self))
    if args:
        _name_the_placed(type(self), positional, args, values)
    put = object.__setattr__
    given = 0
    for each in own:
        name = each.name
        if name in values:
            put(self, name, values[name])
            given += 1
        elif each.default is not MISSING:
            put(self, name, each.default)
        elif each.default_factory is not MISSING:
            put(self, name, each.default_factory())
        else:
            message = f"{type(self).__name__}() missing required argument: {name!r}"
            raise TypeError(message)
    if given != len(values):
        unknown = next(name for name in values if name not in self.__dataclass_fields__)
        message = f"{type(self).__name__}() got an unexpected keyword argument {unknown!r}"
        raise TypeError(message)
    after = getattr(self, "__post_init__", None)
    if after is not None:
        after()


def _name_the_placed(cls: type, positional: tuple[str, ...], args: tuple[Any, ...], values: dict[str, Any]) -> None:
    """Put what was given by position into `values`, as Python itself would."""
    if len(args) > len(positional):
        message = f"{cls.__name__}() takes {len(positional)} positional arguments but {len(args)} were given"
        raise TypeError(message)
    for name, value in zip(positional, args, strict=False):
        if name in values:
            message = f"{cls.__name__}() got multiple values for argument {name!r}"
            raise TypeError(message)
        values[name] = value


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, each.name) for each in _plan(type(self))[0])


def _repr(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in _plan(type(self))[0])
    return f"{type(self).__qualname__}({shown})"


def _eq(self: Any, other: object) -> bool:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _refuse_set(self: Any, name: str, value: Any) -> None:
    del self, value
    message = f"cannot assign to field {name!r}"
    raise FrozenInstanceError(message)


def _refuse_delete(self: Any, name: str) -> None:
    del self
    message = f"cannot delete field {name!r}"
    raise FrozenInstanceError(message)


def _set_state(self: Any, state: tuple[Any, ...]) -> None:
    for each, value in zip(_plan(type(self))[0], state, strict=True):
        object.__setattr__(self, each.name, value)


_METHODS: dict[str, Callable[..., Any]] = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": _hash,
    "__setattr__": _refuse_set,
    "__delattr__": _refuse_delete,
    # Copying and pickling set attributes, which a frozen object refuses.
    "__getstate__": _values,
    "__setstate__": _set_state,
}
