"""Where names are bound: scopes, the regions of a scope, and which bindings reach a use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Position = tuple[int, int]

LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
"""What runs its body again and again."""


class Kind(Enum):
    """How a name came to stand for something."""

    IMPORT = auto()
    """`value` is the dotted name."""
    ASSIGN = auto()
    """`value` is the expression."""
    FUNCTION = auto()
    CLASS = auto()
    PARAMETER = auto()
    LOOP = auto()
    """The whole target of a loop; `value` is what is iterated."""
    UNKNOWN = auto()
    """Anything else: a part of what is unpacked, an exception, a context, an augmented assignment."""


class Scope:
    """A module, a class, a function, a lambda or a comprehension: what has names of its own."""

    __slots__ = ("bindings", "elsewhere", "node", "parent")

    def __init__(self, node: ast.AST, parent: Scope | None) -> None:
        self.node = node
        self.parent = parent
        self.bindings: dict[str, list[Binding]] = {}
        self.elsewhere: dict[str, Scope] = {}
        """Names declared `global` or `nonlocal`, and where they live."""


class Region:
    """A part of a scope that runs as one: its body, or the body of a loop, a condition or a `with`."""

    __slots__ = ("node", "parent", "scope")

    def __init__(self, node: ast.AST, parent: Region | None, scope: Scope) -> None:
        self.node = node
        self.parent = parent
        self.scope = scope

    def outwards(self) -> Iterator[Region]:
        """This region and those around it, to the module's."""
        region: Region | None = self
        while region is not None:
            yield region
            region = region.parent

    def within_scope(self) -> Iterator[Region]:
        """This region and those around it that belong to the same scope."""
        for region in self.outwards():
            if region.scope is not self.scope:
                return
            yield region

    def loop(self) -> Region | None:
        """The innermost loop that runs this again and again, not looking out of the function that it is in."""
        for region in self.outwards():
            if isinstance(region.node, LOOPS):
                return region
            if isinstance(region.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.Module):
                return None
        return None

    def function(self) -> Region | None:
        """The body of the innermost function that this is in."""
        return next((r for r in self.outwards() if isinstance(r.node, ast.FunctionDef | ast.AsyncFunctionDef)), None)

    def class_(self) -> Region | None:
        """The body of the innermost class that this is in."""
        return next((region for region in self.outwards() if isinstance(region.node, ast.ClassDef)), None)

    def inside(self, other: Region) -> bool:
        """Whether this is `other`, or in it."""
        return any(region is other for region in self.outwards())


class Binding(NamedTuple):
    """One place where a name is bound."""

    kind: Kind
    node: ast.AST
    region: Region
    since: Position
    """From where on it holds."""
    value: ast.expr | str | None = None


def reaching(name: str, at: Position, region: Region) -> list[Binding]:
    """The bindings that `name` may stand for at a place; none where it is bound nowhere.

    In its own scope the order of the statements counts: what surely runs before the use covers what came earlier.
    In a scope around it every binding counts, for nobody knows when the function is called.
    """
    scope: Scope | None = region.scope
    own = True
    while scope is not None:
        home = scope.elsewhere.get(name)
        if home is not None:
            return home.bindings.get(name, [])
        found = scope.bindings.get(name)
        if found and (own or not isinstance(scope.node, ast.ClassDef)):
            if scope is region.scope:
                return _in_order(found, at, region) if len(found) > 1 else found
            return _transparent(scope, region, found, at)
        scope = scope.parent
        own = False
    return []


def _transparent(scope: Scope, region: Region, found: list[Binding], at: Position) -> list[Binding]:
    """A comprehension or a lambda runs about where it stands: for it, the order of the scope around counts too."""
    place = region
    while place.scope is not scope:
        if not isinstance(place.scope.node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            return found
        if place.parent is None:
            return found
        place = place.parent
    return _in_order(found, at, place)


def _in_order(found: list[Binding], at: Position, region: Region) -> list[Binding]:
    around = [_settled(place) for place in region.within_scope()]
    loops = [place for place in around if isinstance(place.node, LOOPS)]
    reach: list[Binding] = []
    covering: Binding | None = None
    later: list[Binding] = []
    for binding in sorted(found, key=lambda each: each.since):
        if binding.since > at:
            later.append(binding)
        elif any(place is _settled(binding.region) for place in around):
            reach, covering = [binding], binding
        else:
            reach.append(binding)
    for binding in later:
        for loop in loops:
            again = binding.region.inside(loop)
            if again and (covering is None or not covering.region.inside(loop)):
                reach.append(binding)
                break
    return reach or found


def _settled(region: Region) -> Region:
    """The region that a `with` stands in: its body surely runs before what follows it."""
    while isinstance(region.node, ast.With | ast.AsyncWith) and region.parent is not None:
        region = region.parent
    return region
