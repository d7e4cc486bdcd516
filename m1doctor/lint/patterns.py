"""What several rules look for: loops and what changes in them, mapped functions, the work of Python in a pipeline."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from m1doctor.lint.module import External, Local, Module
from m1doctor.lint.names import Region, reaching

PYTHON_IN_PIPELINE = ("tensorflow.py_function", "tensorflow.numpy_function", "tensorflow.compat.v1.py_func")
MIXED_POLICIES = (
    "keras.mixed_precision.set_global_policy",
    "keras.mixed_precision.set_policy",
    "keras.mixed_precision.set_dtype_policy",
    "keras.config.set_dtype_policy",
    "keras.mixed_precision.Policy",
    "keras.mixed_precision.DTypePolicy",
    "keras.DTypePolicy",
    "keras.dtype_policies.DTypePolicy",
)
"""Calls whose first argument names a policy of number formats."""


def changing(loop: Region) -> frozenset[str]:
    """Names that a loop binds anew each time: its own, and those assigned in its body."""
    return frozenset(
        name
        for name, bindings in loop.scope.bindings.items()
        if any(binding.region.inside(loop) for binding in bindings)
    )


def uses(node: ast.AST, names: frozenset[str]) -> bool:
    """Whether an expression reads one of these names."""
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(node))


def is_builtin(node: ast.expr, name: str, region: Region) -> bool:
    """Whether an expression is a built-in of Python, not bound to anything else."""
    return isinstance(node, ast.Name) and node.id == name and not reaching(name, (node.lineno, node.col_offset), region)


def few_rounds(module: Module, loop: Region, most: int) -> bool:
    """Whether a loop surely runs at most `most` times."""
    iterated = getattr(loop.node, "iter", None)
    if iterated is None:
        generators = getattr(loop.node, "generators", ())
        iterated = generators[0].iter if generators else None
    if iterated is None or loop.parent is None:
        return False
    if isinstance(iterated, ast.Call) and is_builtin(iterated.func, "enumerate", loop.parent) and iterated.args:
        iterated = iterated.args[0]
    if isinstance(iterated, ast.Call) and is_builtin(iterated.func, "range", loop.parent):
        bounds: list[Any] = [module.literal(argument, loop.parent) for argument in iterated.args]
        if not all(isinstance(bound, int) for bound in bounds) or not 1 <= len(bounds) <= 3:  # noqa: PLR2004 - of range
            return False
        return len(range(*bounds)) <= most if bounds[2:] != [0] else False
    if isinstance(iterated, ast.Call) and isinstance(iterated.func, ast.Attribute) and iterated.func.attr == "take":
        count = module.argument(iterated, "count", 0)
        taken = module.literal(count, loop.parent) if count is not None else None
        return isinstance(taken, int) and 0 <= taken <= most
    values = module.values(iterated, loop.parent)
    if values is None or len(values) != 1:
        return False
    return isinstance(values[0].node, ast.List | ast.Tuple | ast.Set) and len(values[0].node.elts) <= most


def python_numbers(loop: Region) -> frozenset[str]:
    """Names of a `for` loop that are numbers of Python: of `range`, and the counter of `enumerate`."""
    node = loop.node
    if not isinstance(node, ast.For) or not isinstance(node.iter, ast.Call) or loop.parent is None:
        return frozenset()
    target = node.target
    if is_builtin(node.iter.func, "enumerate", loop.parent) and isinstance(target, ast.Tuple) and target.elts:
        target = target.elts[0]
    elif not is_builtin(node.iter.func, "range", loop.parent):
        return frozenset()
    if not isinstance(target, ast.Name):
        return frozenset()
    bindings = [each for each in loop.scope.bindings.get(target.id, ()) if each.region.inside(loop)]
    # What is bound again in the loop may be a tensor by then.
    return frozenset({target.id}) if len(bindings) == 1 else frozenset()


def mapped_function(module: Module, call: ast.Call, region: Region) -> Local | None:
    """The function of this project that ``dataset.map(f)`` runs on each element."""
    given = module.argument(call, "map_func", 0)
    if isinstance(given, ast.Call) and module.name_of(given.func, region) == "functools.partial" and given.args:
        given = given.args[0]
    meaning = module.meaning(given, region) if given is not None else None
    return meaning if isinstance(meaning, Local) and not isinstance(meaning.node, ast.ClassDef) else None


def calls_outside(module: Module, function: Local) -> Iterator[str]:
    """The names of all that a function, and what it calls of this project, calls outside of it."""
    for where, call, region in module.body_calls(function):
        meaning = where.meaning(call.func, region)
        if isinstance(meaning, External):
            yield meaning.name


def is_random(name: str) -> bool:
    """Whether a call gives another result each time, from state that TensorFlow keeps."""
    if name.startswith("tensorflow.image.random_"):
        return True
    last = name.rpartition(".")[2]
    return name == f"tensorflow.random.{last}" and last not in (
        "set_seed",
        "get_global_generator",
        "set_global_generator",
        "create_rng_state",
        "fold_in",
        "split",
        "Generator",
    ) and not last.startswith("stateless_")  # fmt: skip


def environment_assignments(module: Module) -> Iterator[tuple[ast.Assign, str, Region]]:
    """Assignments to environment variables, each with the variable: ``os.environ["NAME"] = value``."""
    for statement, region in module.index.assignments:
        for target in getattr(statement, "targets", ()):
            if isinstance(target, ast.Subscript) and module.name_of(target.value, region) == "os.environ":
                key = module.literal(target.slice, region)
                if isinstance(key, str):
                    yield statement, key, region


def is_assigned(module: Module, key: str) -> Iterator[tuple[ast.Assign, ast.expr, Region]]:
    """Assignments to one environment variable, each with its value."""
    for statement, name, region in environment_assignments(module):
        if name == key:
            yield statement, statement.value, region


def policies(module: Module) -> Iterator[tuple[ast.Call, str, Region]]:
    """Calls that set a policy of number formats, each with its name such as ``"mixed_float16"``."""
    for call, region in module.calls_of(*MIXED_POLICIES):
        given = module.argument(call, "policy", 0) or module.argument(call, "name", 0)
        name = module.literal(given, region) if given is not None else None
        if isinstance(name, str):
            yield call, name, region


def stored(module: Module, name: str, region: Region) -> bool:
    """Whether what a name stands for is kept somewhere beyond the region: in a container, an attribute, a result."""
    for calls in module.index.calls.values():
        for call, place in calls:
            if place.inside(region) and any(isinstance(each, ast.Name) and each.id == name for each in call.args):
                return True
    for statement, place in module.index.assignments:
        if place.inside(region) and statement.value is not None and uses(statement.value, frozenset({name})):
            targets = getattr(statement, "targets", None) or [statement.target]
            if any(not isinstance(target, ast.Name) for target in targets) or not isinstance(statement.value, ast.Call):
                return True
    return any(
        place.inside(region) and statement.value is not None and uses(statement.value, frozenset({name}))
        for statement, place in module.index.returns
    )


def under_an_option(region: Region) -> bool:
    """Whether it stands under a condition, other than that there is a GPU: then somebody chooses it."""
    return any(isinstance(place.node, ast.If) and not _asks_for_a_gpu(place.node.test) for place in region.outwards())


def _asks_for_a_gpu(test: ast.expr) -> bool:
    if isinstance(test, ast.UnaryOp):
        return False
    named = (getattr(part, "id", getattr(part, "attr", "")) for part in ast.walk(test))
    return any("gpu" in name.lower() or "device" in name.lower() for name in named)
