"""One module of somebody's code: its names resolved, its values followed as far as they can be without guessing."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from m1doctor.lint.canonical import SPELLINGS
from m1doctor.lint.index import Definition, Index, Placed
from m1doctor.lint.names import Binding, Kind, Region, reaching

if TYPE_CHECKING:
    from m1doctor.lint.project import Project

_DEEPEST = 24
"""How many steps a value is followed. Nobody's training script passes a model on through more hands."""
_MOST_BINDINGS = 12
_MOST_VALUES = 48

DATASET = "tensorflow.data.Dataset"
MODEL = "keras.Model"
LAYER = "keras.layers.Layer"
CALLBACK = "keras.callbacks.Callback"
COMPILED = "tensorflow.function"
OPTIMIZER = "keras.optimizers.Optimizer"
PIPELINE = frozenset({"apply", "batch", "bucket_by_sequence_length", "cache", "choose_from_datasets",
                      "concatenate", "enumerate", "filter", "flat_map", "from_generator", "from_tensor_slices",
                      "from_tensors", "ignore_errors", "interleave", "list_files", "map", "options", "padded_batch",
                      "prefetch", "ragged_batch", "range", "rebatch", "repeat", "sample_from_datasets", "scan", "shard",
                      "shuffle", "skip", "snapshot", "sparse_batch", "take", "take_while", "unbatch", "unique",
                      "window", "with_options", "zip"})  # fmt: skip
"""Methods of a dataset, or of its class, that give a dataset."""
_DATASETS = frozenset(
    {
        "tensorflow.data.TFRecordDataset",
        "tensorflow.data.TextLineDataset",
        "tensorflow.data.FixedLengthRecordDataset",
        "tensorflow.data.experimental.make_csv_dataset",
        "tensorflow.data.experimental.make_batched_features_dataset",
        "tensorflow.data.experimental.CsvDataset",
        "tensorflow.data.experimental.sample_from_datasets",
        "tensorflow.data.experimental.choose_from_datasets",
        "keras.utils.image_dataset_from_directory",
        "keras.utils.text_dataset_from_directory",
        "keras.utils.audio_dataset_from_directory",
        "keras.utils.timeseries_dataset_from_array",
    }
)
_MODELS = frozenset({"keras.Model", "keras.Sequential", "keras.models.load_model", "keras.models.clone_model",
                     "keras.models.model_from_json", "keras.models.model_from_config"})  # fmt: skip


class External(NamedTuple):
    """Something that is not of this project, by its one name."""

    name: str


class Local(NamedTuple):
    """A function or a class of this project."""

    module: Module
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    region: Region
    """Where it is defined."""


Meaning = External | Local


class Value(NamedTuple):
    """An expression that a name stands for, and where it stands."""

    module: Module
    node: ast.expr
    region: Region


class Step(NamedTuple):
    """One call of a method in the making of a value: ``.map(f)``."""

    method: str
    call: ast.Call
    region: Region
    module: Module


class Module:
    """A parsed module of a project."""

    def __init__(self, path: Path, tree: ast.Module, project: Project) -> None:
        """Index `tree`; what it imports from its own project is looked up when it is asked for."""
        self.path = path
        self.project = project
        self.index = Index(tree)
        self._meanings: dict[ast.expr, Meaning | None] = {}
        self._values: dict[ast.expr, list[Value] | None] = {}
        self._types: dict[ast.expr, str | None] = {}
        self._returned: dict[ast.AST, str | None] = {}
        self._families: dict[ast.ClassDef, str | None] = {}

    def forget(self) -> None:
        """Forget what was found out with the help of other modules."""
        self._meanings.clear()
        self._values.clear()
        self._returned.clear()
        self._families.clear()
        self._types.clear()

    # Names

    def name_of(self, node: ast.expr, region: Region) -> str | None:
        """The one name of what an expression leads to outside of this project; `None` where that cannot be told."""
        meaning = self.meaning(node, region)
        return meaning.name if isinstance(meaning, External) else None

    def meaning(self, node: ast.expr, region: Region, depth: int = 0) -> Meaning | None:
        """What a name, or a chain of attributes, stands for; `None` where it may be several things or any."""
        if node not in self._meanings:
            self._meanings[node] = None  # for whoever asks while we look: names that lead in a ring lead nowhere
            self._meanings[node] = self._meaning(node, region, depth) if depth < _DEEPEST else None
        return self._meanings[node]

    def _meaning(self, node: ast.expr, region: Region, depth: int) -> Meaning | None:
        if isinstance(node, ast.Lambda):
            return Local(self, node, region)
        rest: list[str] = []
        while isinstance(node, ast.Attribute):
            rest.insert(0, node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        base = self._name(node, region, depth)
        return (
            self._below(base, rest, depth) if rest and base is not None else base or self._of_self(node, rest, region)
        )

    def _below(self, base: Meaning, rest: list[str], depth: int) -> Meaning | None:
        """What a chain of attributes of something stands for."""
        if isinstance(base, External):
            return self.project.external(self.path, ".".join((base.name, *rest)), depth)
        if isinstance(base.node, ast.ClassDef) and len(rest) == 1:
            return base.module.method(base.node, rest[0])
        return None

    def _of_self(self, node: ast.Name, rest: list[str], region: Region) -> Meaning | None:
        home = region.class_()
        if node.id not in ("self", "cls") or len(rest) != 1 or home is None or not isinstance(home.node, ast.ClassDef):
            return None
        return self.method(home.node, rest[0])

    def method(self, owner: ast.ClassDef, name: str) -> Local | None:
        """A method that a class itself defines."""
        body = self.index.bodies[owner]
        found = [binding for binding in body.scope.bindings.get(name, ()) if binding.kind is Kind.FUNCTION]
        if len(found) != 1 or not isinstance(found[0].node, Definition):
            return None
        return Local(self, found[0].node, body)

    def _name(self, node: ast.Name, region: Region, depth: int) -> Meaning | None:
        bindings = reaching(node.id, (node.lineno, node.col_offset), region)
        if not bindings:
            return self._from_star(node.id, depth)
        if len(bindings) > _MOST_BINDINGS:
            return None
        meanings = {self._bound(binding, depth) for binding in bindings}
        return meanings.pop() if len(meanings) == 1 else None

    def _bound(self, binding: Binding, depth: int) -> Meaning | None:
        if binding.kind is Kind.IMPORT and isinstance(binding.value, str):
            return self.project.external(self.path, binding.value, depth)
        if binding.kind in (Kind.FUNCTION, Kind.CLASS):
            return Local(self, binding.node, binding.region)  # type: ignore[arg-type]  # the kind says which nodes
        if binding.kind is Kind.ASSIGN and isinstance(binding.value, ast.Name | ast.Attribute | ast.Lambda):
            return self.meaning(binding.value, binding.region, depth + 1)
        return None

    def _from_star(self, name: str, depth: int) -> Meaning | None:
        """A name that is bound nowhere can only come from ``from module import *``, where there is exactly one."""
        if len(self.index.stars) != 1 or name in _BUILTINS:
            return None
        return self.project.external(self.path, f"{self.index.stars[0]}.{name}", depth)

    # Calls

    def calls(self, *names: str) -> Iterator[Placed]:
        """Every call of something whose last name is one of these, resolved or not."""
        for name in names:
            yield from self.index.calls.get(name, ())

    def calls_of(self, *dotted: str) -> Iterator[Placed]:
        """Every call of something outside by its one name, however it is imported and called."""
        wanted = frozenset(dotted)
        last = {each.rpartition(".")[2] for each in dotted}
        last |= {SPELLINGS[name] for name in last if name in SPELLINGS}
        last |= {name for name, imported in self.index.renamed.items() if imported in last}
        for name in last:
            for placed in self.index.calls.get(name, ()):
                if self.name_of(placed.node.func, placed.region) in wanted:
                    yield placed

    # Values

    def values(self, node: ast.expr, region: Region, depth: int = 0) -> list[Value] | None:
        """The expressions that an expression may stand for, names followed; `None` where one of them is unknown."""
        if node not in self._values:
            self._values[node] = None  # as above
            self._values[node] = self._find_values(node, region, depth) if depth < _DEEPEST else None
        return self._values[node]

    def _find_values(self, node: ast.expr, region: Region, depth: int) -> list[Value] | None:
        if isinstance(node, ast.Name):
            bindings = reaching(node.id, (node.lineno, node.col_offset), region)
            return self._each(bindings, depth)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            return self._own_attribute(node.attr, region, depth)
        if isinstance(node, ast.IfExp):
            both = [self.values(part, region, depth + 1) for part in (node.body, node.orelse)]
            return None if None in both else _few([value for part in both for value in part or ()])
        if isinstance(node, ast.NamedExpr):
            return self.values(node.value, region, depth + 1)
        return [Value(self, node, region)]

    def _each(self, bindings: list[Binding], depth: int) -> list[Value] | None:
        found: list[Value] = []
        if not bindings or len(bindings) > _MOST_BINDINGS:
            return None
        for binding in bindings:
            if binding.kind is Kind.ASSIGN and isinstance(binding.value, ast.expr):
                more = self.values(binding.value, binding.region, depth + 1)
            elif binding.kind is Kind.PARAMETER:
                more = self._arguments_for(binding, depth)
            elif binding.kind is Kind.IMPORT and isinstance(binding.value, str):
                more = self.project.value(self.path, binding.value, depth)
            else:
                more = None
            if more is None:
                return None
            found += more
        return _few(found)

    def _arguments_for(self, binding: Binding, depth: int) -> list[Value] | None:
        """What the callers in this module pass for a parameter; `None` where nobody calls, or somebody unknown."""
        function = binding.region.node
        if not isinstance(function, Definition) or not isinstance(binding.node, ast.arg):
            return None
        found: list[Value] = []
        for call, place in self.index.calls.get(function.name, ()):
            meaning = self.meaning(call.func, place, depth + 1)
            if not (isinstance(meaning, Local) and meaning.node is function):
                continue
            argument = argument_of(call, function, binding.node.arg)
            more = None if argument is None else self.values(argument, place, depth + 2)
            if more is None:
                return None
            found += more
        return found or None

    def _own_attribute(self, name: str, region: Region, depth: int) -> list[Value] | None:
        """What a class gives ``self.name`` anywhere in it."""
        home = region.class_()
        if home is None:
            return None
        found: list[Value] = []
        for target, value, place in self.index.attributes.get(name, ()):
            owner = place.class_()
            if owner is None or owner.node is not home.node:
                continue
            if not (isinstance(target.value, ast.Name) and target.value.id == "self"):
                continue
            more = self.values(value, place, depth + 1)
            if more is None:
                return None
            found += more
        return found or None

    def literal(self, node: ast.expr, region: Region) -> Any:
        """The constant that an expression surely is; `Ellipsis` where it is none, or may be several."""
        values = self.values(node, region)
        if values is None or len(values) != 1:
            return ...
        try:
            return ast.literal_eval(values[0].node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return ...

    def argument(self, call: ast.Call, name: str, position: int | None = None) -> ast.expr | None:
        """An argument of a call by its keyword, else by its place; `None` where it is not given."""
        for keyword in call.keywords:
            if keyword.arg == name:
                return keyword.value
        if position is None or len(call.args) <= position:
            return None
        before = call.args[: position + 1]
        return None if any(isinstance(each, ast.Starred) for each in before) else before[-1]

    # Types

    def type_of(self, node: ast.expr, region: Region, depth: int = 0) -> str | None:
        """The class of a value, as far as the rules know classes; `None` where it cannot be told.

        `DATASET`, `MODEL`, `LAYER`, `OPTIMIZER`, `CALLBACK`, `COMPILED`, or the name of a class of Keras.
        """
        if node not in self._types:
            self._types[node] = None  # as above
            self._types[node] = self._type(node, region, depth) if depth < _DEEPEST else None
        return self._types[node]

    def _type(self, node: ast.expr, region: Region, depth: int) -> str | None:
        if isinstance(node, ast.Name | ast.Attribute):
            meaning = self.meaning(node, region, depth)
            if isinstance(meaning, Local):
                return COMPILED if meaning.module.is_compiled(meaning.node, meaning.region) else None
        values = self.values(node, region, depth)
        if not values:
            return None
        types = {value.module.made(value.node, value.region, depth + 1) for value in values}
        return types.pop() if len(types) == 1 else None

    def made(self, node: ast.expr, region: Region, depth: int) -> str | None:
        """The class of what one expression makes."""
        if depth >= _DEEPEST or not isinstance(node, ast.Call):
            return None
        meaning = self.meaning(node.func, region, depth)
        if isinstance(meaning, External):
            return class_of(meaning.name)
        if isinstance(meaning, Local):
            if isinstance(meaning.node, ast.ClassDef):
                return meaning.module.family(meaning.node, meaning.region)
            return meaning.module.returned(meaning.node, depth + 1)
        if isinstance(node.func, ast.Attribute):
            owner = self.type_of(node.func.value, region, depth + 1)
            if owner == DATASET and node.func.attr in PIPELINE:
                return DATASET
        return None

    def returned(self, function: ast.AST, depth: int) -> str | None:
        """The class of what a function of this module returns, where all its returns agree."""
        if function not in self._returned:
            self._returned[function] = None  # as above
            self._returned[function] = self._find_returned(function, depth) if depth < _DEEPEST else None
        return self._returned[function]

    def _find_returned(self, function: ast.AST, depth: int) -> str | None:
        if isinstance(function, ast.Lambda):
            return self.type_of(function.body, self.index.bodies[function], depth + 1)
        types = set()
        for statement, region in self.index.returns:
            home = region.function()
            if home is not None and home.node is function and statement.value is not None:
                types.add(self.type_of(statement.value, region, depth + 1))
        return types.pop() if len(types) == 1 else None

    def family(self, node: ast.ClassDef, region: Region, depth: int = 0) -> str | None:
        """Which of Keras's classes a class derives from: `MODEL`, `LAYER`, `CALLBACK`, or `None`."""
        if node not in self._families:
            self._families[node] = None  # as above
            self._families[node] = self._find_family(node, region, depth) if depth < _DEEPEST else None
        return self._families[node]

    def _find_family(self, node: ast.ClassDef, region: Region, depth: int) -> str | None:
        for base in node.bases:
            meaning = self.meaning(base, region, depth)
            if isinstance(meaning, External):
                found = class_of(meaning.name)
                if found is not None and found.startswith("keras.layers."):
                    return LAYER
                if found in (MODEL, LAYER, CALLBACK):
                    return found
            elif isinstance(meaning, Local) and isinstance(meaning.node, ast.ClassDef) and meaning.node is not node:
                found = meaning.module.family(meaning.node, meaning.region, depth + 1)
                if found is not None:
                    return found
        return None

    # tf.function

    def is_compiled(self, node: ast.AST, region: Region) -> bool:
        """Whether a function is decorated with `tf.function`."""
        return self.compiling_decorator(node, region) is not None

    def compiling_decorator(self, node: ast.AST, region: Region) -> ast.expr | None:
        """The decorator of a function that is `tf.function`, with or without arguments."""
        for decorator in getattr(node, "decorator_list", ()):
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            if self.name_of(target, region) == COMPILED:
                return decorator  # type: ignore[no-any-return]  # a list of expressions
            if isinstance(decorator, ast.Call) and self._is_partial_of_compiled(decorator, region):
                return decorator
        return None

    def _is_partial_of_compiled(self, decorator: ast.Call, region: Region) -> bool:
        return (
            bool(decorator.args)
            and self.name_of(decorator.func, region) == "functools.partial"
            and self.name_of(decorator.args[0], region) == COMPILED
        )

    # Pipelines

    def steps(self, node: ast.expr, region: Region, depth: int = 0) -> list[Step] | None:
        """The calls that made a dataset, the last first, names followed; `None` where it is no dataset.

        Where a name may stand for several, what they have in common cannot be told, and the steps end there.
        """
        found: list[Step] = []
        module: Module = self
        while depth < _DEEPEST * 4:
            depth += 1
            if not isinstance(node, ast.Call):
                values = module.values(node, region)
                if values is None or len(values) != 1 or not isinstance(values[0].node, ast.Call):
                    return found or None
                module, node, region = values[0]
                continue
            name = module.name_of(node.func, region)
            if name is not None and class_of(name) == DATASET:
                found.append(Step(name.rpartition(".")[2], node, region, module))
                return found
            if not isinstance(node.func, ast.Attribute) or node.func.attr not in PIPELINE:
                return found or None
            found.append(Step(node.func.attr, node, region, module))
            node = node.func.value
        return found or None

    def is_dataset(self, node: ast.expr, region: Region) -> bool:
        """Whether an expression surely is a dataset."""
        return self.type_of(node, region) == DATASET

    def body_calls(self, function: Local, depth: int = 3) -> Iterator[tuple[Module, ast.Call, Region]]:
        """Every call that running a function makes, also in its decorators and in the functions that it calls."""
        seen: set[ast.AST] = set()
        todo: list[tuple[Local, int]] = [(function, depth)]
        while todo:
            each, left = todo.pop()
            if each.node in seen or isinstance(each.node, ast.ClassDef):
                continue
            seen.add(each.node)
            for decorator in getattr(each.node, "decorator_list", ()):
                if isinstance(decorator, ast.Call):
                    yield each.module, decorator, each.region
            body = each.module.index.bodies.get(each.node)
            if body is None:
                continue
            for call, region in each.module.calls_inside(body):
                yield each.module, call, region
                if left:
                    meaning = each.module.meaning(call.func, region)
                    if isinstance(meaning, Local):
                        todo.append((meaning, left - 1))

    def calls_inside(self, place: Region) -> Iterator[Placed]:
        """Every call in a region, those of functions that are defined there included."""
        for placed in self.index.calls.values():
            for each in placed:
                if each.region.inside(place):
                    yield each

    @cached_property
    def imported(self) -> frozenset[str]:
        """The packages that the module imports at its top level."""
        bound = (each for bindings in self.index.scope.bindings.values() for each in bindings)
        names = [each.value for each in bound if each.kind is Kind.IMPORT and isinstance(each.value, str)]
        return frozenset(name.partition(".")[0] for name in (*names, *self.index.stars))

    @cached_property
    def uses_keras_2(self) -> bool:
        """Whether the module asks for Keras 2 by its own name, whatever TensorFlow brings."""
        return "tf_keras" in self.imported

    @cached_property
    def is_test(self) -> bool:
        """Whether these are unit tests."""
        if self.imported & {"unittest", "pytest"}:
            return True
        return any(
            self.name_of(base, region) in ("tensorflow.test.TestCase", "absl.testing.parameterized.TestCase")
            for node, region in self.index.classes
            for base in node.bases
            if isinstance(base, ast.Attribute | ast.Name) and ast.unparse(base).endswith("TestCase")
        )


def _few(values: list[Value]) -> list[Value] | None:
    """What is not too many to be told apart: what a name may be of many things is nothing that can be told."""
    return values if len(values) <= _MOST_VALUES else None


def argument_of(call: ast.Call, function: Definition, name: str) -> ast.expr | None:
    """What a call surely passes for a parameter of a function; its default where it passes nothing."""
    if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
        return None
    given = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    return given if given is not None else _positional(call, function, name) or default_of(function, name)


def _positional(call: ast.Call, function: Definition, name: str) -> ast.expr | None:
    listed = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    bound = listed[:1] in (["self"], ["cls"]) and isinstance(call.func, ast.Attribute)
    position = listed.index(name) - bound if name in listed else -1
    return call.args[position] if 0 <= position < len(call.args) else None


def default_of(function: Definition, name: str) -> ast.expr | None:
    """The default of a parameter."""
    arguments = function.args
    listed = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(listed) - len(arguments.defaults)) + arguments.defaults + arguments.kw_defaults
    for each, default in zip((*listed, *arguments.kwonlyargs), defaults, strict=True):
        if each.arg == name:
            return default
    return None


def class_of(name: str) -> str | None:
    """The class of what a call of something outside gives."""
    last = name.rpartition(".")[2]
    if name in _DATASETS or (name == f"{DATASET}.{last}" and last in PIPELINE):
        return DATASET
    if name in (COMPILED, *_MODELS):
        return COMPILED if name == COMPILED else MODEL
    if not last[:1].isupper() or name.startswith("keras.optimizers.schedules."):
        return None
    for beginning, kind in _KINDS.items():
        if name.startswith(beginning):
            return kind or name
    return None


_KINDS = {
    "keras.applications.": MODEL,
    "keras.optimizers.": OPTIMIZER,
    "keras.callbacks.": CALLBACK,
    "keras.layers.": None,
}
"""Classes by the beginning of their name; a layer keeps its own."""
_BUILTINS = frozenset(dir(builtins))
