"""One pass over a syntax tree: calls by name, functions, classes, assignments, loops, and the bindings of all names.

The pass is the part of linting that every file pays for, so it is one loop with a stack of its own: it costs a third of
what `ast.parse` costs, and no depth of nesting ends it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from m1doctor.lint.names import Binding, Kind, Region, Scope

Definition = ast.FunctionDef | ast.AsyncFunctionDef


class Placed(NamedTuple):
    """A node and the region that it runs in."""

    node: Any
    region: Region


_LEAVES = frozenset(
    {ast.Name, ast.Constant, ast.Pass, ast.Break, ast.Continue, ast.alias, ast.arg, ast.TypeIgnore, ast.MatchSingleton}
)
_PLAIN_FIELDS = frozenset({"ctx", "op", "ops", "id", "attr", "arg", "name", "names", "module", "level", "type_comment",
                           "conversion", "kind", "simple", "is_async", "annotation", "returns", "type_params", "rest",
                           "kwd_attrs", "tag"})  # fmt: skip
"""Fields that hold no expression that is computed when the node runs."""


def _fields() -> dict[type, tuple[str, ...]]:
    found: dict[type, tuple[str, ...]] = {}
    todo: list[type[ast.AST]] = [ast.AST]
    while todo:
        cls = todo.pop()
        todo += cls.__subclasses__()
        found[cls] = () if cls in _LEAVES else tuple(name for name in cls._fields if name not in _PLAIN_FIELDS)
    return found


_FIELDS = _fields()


_ELSE = ast.Pass()
"""Stands for the `else` of a loop, which is no part of what runs again and again."""


class Index:
    """What a module holds, by kind. Lists are in no particular order."""

    def __init__(self, tree: ast.Module) -> None:
        """Walk the tree once."""
        self.scope = Scope(tree, None)
        self.region = Region(tree, None, self.scope)
        self.calls: dict[str, list[Placed]] = {}
        """By the last part of what is called: ``"fit"`` for ``model.fit(x)``."""
        self.functions: list[Placed] = []
        """Each with the region that it is defined in."""
        self.classes: list[Placed] = []
        self.assignments: list[Placed] = []
        self.loops: list[Placed] = []
        """`for` and `while` statements, each with the region of its body."""
        self.withs: list[Placed] = []
        """Each with the region of its body."""
        self.conditions: list[Placed] = []
        """`if` statements and conditional expressions, each with the region that it stands in."""
        self.returns: list[Placed] = []
        self.inner: list[Region] = []
        """The regions of all scopes but the module's."""
        self.renamed: dict[str, str] = {}
        """Names that stand for something of another last name: ``from x import Conv3D as C``, ``C = x.Conv3D``."""
        self.stars: list[str] = []
        """Modules that everything is imported from."""
        self.attributes: dict[str, list[tuple[ast.Attribute, ast.expr, Region]]] = {}
        """Assignments to attributes, such as ``self.model = …``, by the attribute's name."""
        self.bodies: dict[ast.AST, Region] = {}
        """The region of the body of each function and class."""
        self._walk(tree)

    def release(self) -> None:
        """Forget all bindings: they and their scopes hold each other, and the whole tree with them, in rings."""
        self.scope.bindings.clear()
        for region in self.inner:
            region.scope.bindings.clear()

    def _walk(self, tree: ast.Module) -> None:
        stack: list[tuple[ast.AST, Region]] = [(node, self.region) for node in tree.body]
        handlers = _HANDLERS
        leaves = _LEAVES
        fields = _FIELDS
        pop, push = stack.pop, stack.append
        while stack:
            node, region = pop()
            cls = node.__class__
            handler = handlers.get(cls)
            if handler is not None:
                for child in handler(self, node, region):
                    if child[0].__class__ not in leaves:
                        push(child)
                continue
            for name in fields[cls]:
                value = getattr(node, name, None)
                if value.__class__ is list:
                    for item in value:
                        if item is not None and item.__class__ not in leaves and item.__class__ is not str:
                            push((item, region))
                elif value is not None and value.__class__ not in leaves and isinstance(value, ast.AST):
                    push((value, region))

    def open(self, node: ast.AST, region: Region) -> Region:
        """A new scope in a region, and its body."""
        inner = Region(node, region, Scope(node, region.scope))
        self.inner.append(inner)
        return inner

    def bind(self, region: Region, name: str, binding: Binding) -> None:
        """Note that a name is bound in the scope of a region."""
        scope = region.scope.elsewhere.get(name, region.scope)
        known = scope.bindings.get(name)
        if known is None:
            scope.bindings[name] = [binding]
        else:
            known.append(binding)

    def bind_target(self, target: ast.expr, region: Region, binding: Binding) -> None:
        """Note what a target of an assignment, of a loop or of a `with` binds."""
        if isinstance(target, ast.Name):
            self.bind(region, target.id, binding)
        elif isinstance(target, ast.Tuple | ast.List):
            values = binding.value.elts if isinstance(binding.value, ast.Tuple | ast.List) else None
            paired = binding.kind is Kind.ASSIGN and values is not None and len(values) == len(target.elts)
            paired = paired and not any(isinstance(each, ast.Starred) for each in (*target.elts, *(values or ())))
            for number, part in enumerate(target.elts):
                if paired and values is not None:
                    self.bind_target(part, region, binding._replace(value=values[number]))
                else:
                    self.bind_target(part, region, binding._replace(kind=Kind.UNKNOWN))
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value, region, binding._replace(kind=Kind.UNKNOWN))
        elif isinstance(target, ast.Attribute) and isinstance(binding.value, ast.expr) and binding.kind is Kind.ASSIGN:
            self.attributes.setdefault(target.attr, []).append((target, binding.value, region))


_Children = Iterator[tuple[ast.AST, Region]]


def _start(node: Any) -> tuple[int, int]:
    return (node.lineno, node.col_offset)


def _end(node: Any) -> tuple[int, int]:
    return (node.end_lineno, node.end_col_offset)


def _call(index: Index, node: Any, region: Region) -> _Children:
    func = node.func
    name = func.attr if func.__class__ is ast.Attribute else func.id if func.__class__ is ast.Name else ""
    known = index.calls.get(name)
    if known is None:
        index.calls[name] = [Placed(node, region)]
    else:
        known.append(Placed(node, region))
    yield func, region
    for child in node.args:
        yield child, region
    for child in node.keywords:
        yield child.value, region


def _parameters(index: Index, node: Any, inner: Region) -> None:
    arguments = node.args
    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
        if each is not None:
            index.bind(inner, each.arg, Binding(Kind.PARAMETER, each, inner, (0, 0)))


def _defaults(node: Any, region: Region) -> _Children:
    for child in (*node.args.defaults, *node.args.kw_defaults):
        if child is not None:
            yield child, region


def _function(index: Index, node: Any, region: Region) -> _Children:
    index.functions.append(Placed(node, region))
    index.bind(region, node.name, Binding(Kind.FUNCTION, node, region, _start(node)))
    yield from ((child, region) for child in node.decorator_list)
    yield from _defaults(node, region)
    inner = index.open(node, region)
    index.bodies[node] = inner
    _parameters(index, node, inner)
    yield from _block(node.body, inner)


def _lambda(index: Index, node: Any, region: Region) -> _Children:
    yield from _defaults(node, region)
    inner = index.open(node, region)
    index.bodies[node] = inner
    _parameters(index, node, inner)
    yield node.body, inner


def _class(index: Index, node: Any, region: Region) -> _Children:
    index.classes.append(Placed(node, region))
    index.bind(region, node.name, Binding(Kind.CLASS, node, region, _start(node)))
    yield from ((child, region) for child in (*node.decorator_list, *node.bases))
    yield from ((child.value, region) for child in node.keywords)
    inner = index.open(node, region)
    index.bodies[node] = inner
    yield from _block(node.body, inner)


def _block(statements: list[Any], region: Region) -> _Children:
    """Statements of one body; what they declare `global` or `nonlocal` is known before any of them binds a name."""
    for each in statements:
        if isinstance(each, ast.Global | ast.Nonlocal):
            _declare(each, region)
    for each in statements:
        yield each, region


def _declare(node: ast.Global | ast.Nonlocal, region: Region) -> None:
    home: Scope | None = region.scope.parent
    for name in node.names:
        place = home
        while place is not None and place.parent is not None:
            is_function = not isinstance(place.node, ast.ClassDef)
            if isinstance(node, ast.Nonlocal) and is_function and name in place.bindings:
                break
            place = place.parent
        if place is not None:
            region.scope.elsewhere[name] = place


def _comprehension(index: Index, node: Any, region: Region) -> _Children:
    inner = index.open(node, region)
    for number, generator in enumerate(node.generators):
        yield generator.iter, region if number == 0 else inner
        index.bind_target(generator.target, inner, Binding(Kind.LOOP, node, inner, (0, 0), generator.iter))
        yield generator.target, inner
        for test in generator.ifs:
            yield test, inner
    for name in ("elt", "key", "value"):
        child = getattr(node, name, None)
        if child is not None:
            yield child, inner


def _for(index: Index, node: Any, region: Region) -> _Children:
    inner = Region(node, region, region.scope)
    index.loops.append(Placed(node, inner))
    index.bind_target(node.target, inner, Binding(Kind.LOOP, node, inner, _start(node.target), node.iter))
    yield node.iter, region
    yield node.target, inner
    yield from _block(node.body, inner)
    yield from _block(node.orelse, Region(_ELSE, region, region.scope))


def _while(index: Index, node: Any, region: Region) -> _Children:
    inner = Region(node, region, region.scope)
    index.loops.append(Placed(node, inner))
    yield node.test, inner
    yield from _block(node.body, inner)
    yield from _block(node.orelse, Region(_ELSE, region, region.scope))


def _with(index: Index, node: Any, region: Region) -> _Children:
    inner = Region(node, region, region.scope)
    index.withs.append(Placed(node, inner))
    for item in node.items:
        yield item.context_expr, region
        if item.optional_vars is not None:
            index.bind_target(
                item.optional_vars, region, Binding(Kind.UNKNOWN, node, region, _start(item.optional_vars))
            )
            yield item.optional_vars, region
    yield from _block(node.body, inner)


def _if(index: Index, node: Any, region: Region) -> _Children:
    index.conditions.append(Placed(node, region))
    yield node.test, region
    yield from _block(node.body, Region(node, region, region.scope))
    if node.orelse:
        yield from _block(node.orelse, Region(node, region, region.scope))


def _if_expression(index: Index, node: Any, region: Region) -> _Children:
    index.conditions.append(Placed(node, region))
    for child in (node.test, node.body, node.orelse):
        yield child, region


def _try(index: Index, node: Any, region: Region) -> _Children:
    for statements in (node.body, node.orelse, node.finalbody):
        yield from _block(statements, Region(node, region, region.scope))
    for handler in node.handlers:
        inner = Region(handler, region, region.scope)
        if handler.name:
            index.bind(inner, handler.name, Binding(Kind.UNKNOWN, handler, inner, _start(handler)))
        if handler.type is not None:
            yield handler.type, region
        yield from _block(handler.body, inner)


def _assign(index: Index, node: Any, region: Region) -> _Children:
    index.assignments.append(Placed(node, region))
    value = node.value
    if isinstance(value, ast.Attribute | ast.Name):
        last = value.attr if isinstance(value, ast.Attribute) else value.id
        for target in node.targets:
            if isinstance(target, ast.Name):
                index.renamed[target.id] = last
    for target in node.targets:
        index.bind_target(target, region, Binding(Kind.ASSIGN, node, region, _end(node), node.value))
        yield target, region
    yield node.value, region


def _annotated(index: Index, node: Any, region: Region) -> _Children:
    if node.value is not None:
        index.assignments.append(Placed(node, region))
        index.bind_target(node.target, region, Binding(Kind.ASSIGN, node, region, _end(node), node.value))
        yield node.value, region
    yield node.target, region


def _augmented(index: Index, node: Any, region: Region) -> _Children:
    index.bind_target(node.target, region, Binding(Kind.UNKNOWN, node, region, _end(node)))
    yield node.target, region
    yield node.value, region


def _walrus(index: Index, node: Any, region: Region) -> _Children:
    place = region
    while place.parent is not None and isinstance(
        place.scope.node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ):
        place = place.parent
    index.bind_target(node.target, place, Binding(Kind.ASSIGN, node, place, _end(node), node.value))
    yield node.value, region


def _delete(index: Index, node: Any, region: Region) -> _Children:
    for target in node.targets:
        index.bind_target(target, region, Binding(Kind.UNKNOWN, node, region, _end(node)))
        yield target, region


def _import(index: Index, node: Any, region: Region) -> _Children:
    for alias in node.names:
        name = alias.asname or alias.name.partition(".")[0]
        dotted = alias.name if alias.asname else name
        if alias.asname:
            index.renamed[alias.asname] = alias.name.rpartition(".")[2]
        index.bind(region, name, Binding(Kind.IMPORT, node, region, _end(node), dotted))
    return iter(())


def _import_from(index: Index, node: Any, region: Region) -> _Children:
    module = "." * node.level + (node.module or "")
    for alias in node.names:
        if alias.name == "*":
            index.stars.append(module)
            continue
        dotted = f"{module}{'' if module.endswith('.') else '.'}{alias.name}"
        if alias.asname:
            index.renamed[alias.asname] = alias.name
        index.bind(region, alias.asname or alias.name, Binding(Kind.IMPORT, node, region, _end(node), dotted))
    return iter(())


def _return(index: Index, node: Any, region: Region) -> _Children:
    index.returns.append(Placed(node, region))
    if node.value is not None:
        yield node.value, region


def _match_as(index: Index, node: Any, region: Region) -> _Children:
    if node.name:
        index.bind(region, node.name, Binding(Kind.UNKNOWN, node, region, _start(node)))
    pattern = getattr(node, "pattern", None)
    if pattern is not None:
        yield pattern, region


def _match_mapping(index: Index, node: Any, region: Region) -> _Children:
    if node.rest:
        index.bind(region, node.rest, Binding(Kind.UNKNOWN, node, region, _start(node)))
    yield from ((child, region) for child in (*node.keys, *node.patterns))


def _match(index: Index, node: Any, region: Region) -> _Children:
    del index
    yield node.subject, region
    for case in node.cases:
        inner = Region(case, region, region.scope)
        yield case.pattern, inner
        if case.guard is not None:
            yield case.guard, inner
        yield from _block(case.body, inner)


def _module_statement(index: Index, node: Any, region: Region) -> _Children:
    del index
    _declare(node, region)
    return iter(())


_HANDLERS: dict[type, Callable[[Index, Any, Region], _Children]] = {
    ast.Call: _call,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.Lambda: _lambda,
    ast.ClassDef: _class,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.If: _if,
    ast.IfExp: _if_expression,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.NamedExpr: _walrus,
    ast.Delete: _delete,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Return: _return,
    ast.MatchAs: _match_as,
    ast.MatchStar: _match_as,
    ast.MatchMapping: _match_mapping,
    ast.Match: _match,
    ast.Global: _module_statement,
    ast.Nonlocal: _module_statement,
}
