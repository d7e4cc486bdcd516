"""Names are resolved as Python binds them: programs are made at random, resolved on paper, and run."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m1doctor.lint.canonical import canonical
from m1doctor.lint.module import Module
from m1doctor.lint.project import Project

NAMES = ("a", "b", "c")
PARTS = ("keras", "layers", "Dense")


class Dotted:
    """A stand-in for a module at run time: it knows the dotted name that it was reached by."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, part: str) -> Dotted:
        return Dotted(f"{self.name}.{part}")


def module_of(text: str) -> Module:
    return Project((), lambda _: None).hold(Path("a.py"), ast.parse(text))


def resolved(text: str) -> dict[int, str | None]:
    """What each ``use(number, expression)`` stands for, on paper."""
    module = module_of(text)
    return {
        call.args[0].value: module.name_of(call.args[1], region) for call, region in module.index.calls.get("use", ())
    }


def run(text: str, answers: list[int]) -> list[tuple[int, str | None]]:
    """What each of them was when the program ran; `answers` are the outcomes of its conditions and loops."""
    seen: list[tuple[int, str | None]] = []
    left = iter(answers)

    def use(number: int, value: Any) -> None:
        seen.append((number, value.name if isinstance(value, Dotted) else None))

    scope: dict[str, Any] = {
        "use": use,
        "imported": Dotted,
        "outcome": lambda: next(left, 0),
        "other": object,
    }
    # Where a name was not bound on this way, what ran before it counts.
    with contextlib.suppress(NameError, AttributeError):
        exec(text, scope)  # noqa: S102 - a program that was made a line above
    return seen


BLOCKS = {
    "if": "{0}if outcome():\n{1}{0}else:\n{2}",
    "for": "{0}for _ in range(outcome()):\n{1}",
    "try": "{0}try:\n{1}{0}finally:\n{2}",
    "def": "{0}def f{3}():\n{1}{0}f{3}()\n",
}


class Writer:
    """Writes a program line by line, as hypothesis draws."""

    def __init__(self, draw: st.DrawFn, *, straight: bool) -> None:
        self._draw = draw
        self._kinds = ("simple",) if straight else ("simple", "simple", *BLOCKS)
        self._numbers = iter(range(1000))

    def block(self, indent: str, depth: int) -> str:
        return "".join(self._statement(indent, depth) for _ in range(self._draw(st.integers(1, 5))))

    def _statement(self, indent: str, depth: int) -> str:
        kind = self._draw(st.sampled_from(self._kinds)) if depth else "simple"
        if kind == "simple":
            return f"{indent}{self._simple()}\n"
        first, second = (self.block(f"{indent}    ", depth - 1) for _ in range(2))
        return BLOCKS[kind].format(indent, first, second, next(self._numbers))

    def _simple(self) -> str:
        name = self._draw(st.sampled_from(NAMES))
        kind = self._draw(st.sampled_from(("import", "alias", "other", "use", "use")))
        if kind == "import":
            return f"import {self._draw(st.sampled_from(('tensorflow', 'torch')))} as {name}"
        if kind == "alias":
            return f"{name} = {self._expression()}"
        return f"{name} = other()" if kind == "other" else f"use({next(self._numbers)}, {self._expression()})"

    def _expression(self) -> str:
        return ".".join((self._draw(st.sampled_from(NAMES)), *PARTS[: self._draw(st.integers(0, 3))]))


@st.composite
def programs(draw: st.DrawFn, *, straight: bool = False) -> str:
    """A program of assignments, imports, uses, conditions, loops and functions over three names."""
    return Writer(draw, straight=straight).block("", 2)


def as_run(text: str) -> str:
    """The program with its imports made by the stand-in."""
    lines = []
    for line in text.splitlines():
        words = line.split()
        indent = line[: len(line) - len(line.lstrip())]
        lines.append(f"{indent}{words[3]} = imported({words[1]!r})" if words[:1] == ["import"] else line)
    return "\n".join(lines)


@settings(max_examples=100)
@given(programs(), st.lists(st.integers(0, 2), max_size=8))
def test_a_name_that_is_resolved_is_that_in_every_run(text: str, answers: list[int]) -> None:
    on_paper = resolved(text)
    for number, value in run(as_run(text), answers):
        if on_paper[number] is not None:
            assert value is not None
            assert on_paper[number] == canonical(value)


@settings(max_examples=60)
@given(programs(straight=True))
def test_in_a_straight_line_every_name_is_resolved(text: str) -> None:
    on_paper = resolved(text)
    for number, value in run(as_run(text), []):
        assert on_paper[number] == (None if value is None else canonical(value))


PLACES = (
    "{0}\nuse(1, {1})",
    "{0}\ndef f():\n    use(1, {1})",
    "{0}\n[use(1, {1}) for _ in y]",
    "{0}\nclass A:\n    def f(self):\n        return lambda: use(1, {1})",
)


def each_spelling() -> Iterator[tuple[str, str]]:
    """Ways to come to ``tf.keras.layers.Conv3D``."""
    yield "import tensorflow", "tensorflow.keras.layers.Conv3D"
    yield "import tensorflow as tf", "tf.keras.layers.Conv3D"
    yield "import tensorflow.compat.v2 as tf", "tf.keras.layers.Conv3D"
    yield "import tensorflow.keras as K", "K.layers.Conv3D"
    yield "import tensorflow.keras.layers", "tensorflow.keras.layers.Conv3D"
    yield "from tensorflow import keras", "keras.layers.Conv3D"
    yield "from tensorflow.keras import layers as L", "L.Conv3D"
    yield "from tensorflow.keras.layers import Conv3D", "Conv3D"
    yield "from tensorflow.keras.layers import *", "Conv3D"
    yield "import keras", "keras.layers.Conv3D"
    yield "import tf_keras as keras", "keras.layers.Conv3D"
    yield "from tensorflow.python.keras.layers import Conv3D as C", "C"
    yield "import tensorflow as tf\nlayers = tf.keras.layers", "layers.Conv3D"
    yield "import tensorflow as tf\nk, l = tf.keras, 1", "k.layers.Conv3D"
    yield "try:\n    import keras\nexcept ImportError:\n    from tensorflow import keras", "keras.layers.Conv3D"
    yield "if x:\n    import keras\nelse:\n    import tf_keras as keras", "keras.layers.Conv3D"
    yield "import keras\nwith open(x) as f:\n    layers = keras.layers", "layers.Conv3D"
    yield "import keras\nif (layers := keras.layers): pass", "layers.Conv3D"


@pytest.mark.parametrize(("imports", "expression"), list(each_spelling()))
@pytest.mark.parametrize("place", PLACES)
def test_every_spelling_is_the_same_thing(imports: str, expression: str, place: str) -> None:
    assert resolved(place.format(imports, expression)) == {1: "keras.layers.Conv3D"}


@pytest.mark.parametrize(
    "text",
    [
        "use(1, tf.x)",
        "import tensorflow as tf\ntf = other()\nuse(1, tf.x)",
        "import tensorflow as tf\nif y:\n    tf = other()\nuse(1, tf.x)",
        "import tensorflow as tf\nfor tf in y:\n    use(1, tf.x)",
        "import tensorflow as tf\ndef f(tf):\n    use(1, tf.x)",
        "import tensorflow as tf\ndef f():\n    use(1, tf.x)\n    tf = other()",
        "import tensorflow as tf\ndef f():\n    global tf\n    tf = other()\nuse(1, tf.x)",
        "import tensorflow as tf\nlambda tf: use(1, tf.x)",
        "import tensorflow as tf\n[use(1, tf.x) for tf in y]",
        "import tensorflow as tf\ntry:\n    pass\nexcept E as tf:\n    use(1, tf.x)",
        "import tensorflow as tf\nwith y as tf:\n    use(1, tf.x)",
        "import tensorflow as tf\ntf += 1\nuse(1, tf.x)",
        "import tensorflow as tf\ndel tf\nuse(1, tf.x)",
        "import tensorflow as tf\nmatch y:\n    case [tf, *_]:\n        use(1, tf.x)",
        "import tensorflow as tf\nmatch y:\n    case {'a': 1, **tf}:\n        use(1, tf.x)",
        "import tensorflow as tf\nwhile y:\n    use(1, tf.x)\n    tf = other()",
        "if y:\n    import tensorflow as tf\nelse:\n    import torch as tf\nuse(1, tf.x)",
        "import tensorflow as tf\ntf, z = y\nuse(1, tf.x)",
        "class A:\n    import tensorflow as tf\n    def f(self):\n        use(1, tf.x)",
    ],
)
def test_a_name_that_may_be_something_else_is_not_resolved(text: str) -> None:
    assert resolved(text) == {1: None}


@pytest.mark.parametrize(
    "text",
    [
        "import tensorflow as tf\nuse(1, tf.x)\ntf = other()",
        "import tensorflow as tf\ndef f():\n    tf = other()\nuse(1, tf.x)",
        "import tensorflow as tf\nclass A:\n    tf = other()\n    def f(self):\n        use(1, tf.x)",
        "tf = other()\nimport tensorflow as tf\nuse(1, tf.x)",
        "import tensorflow as tf\n[tf for tf in y]\nuse(1, tf.x)",
        "def f():\n    global tf\n    import tensorflow as tf\ndef g():\n    use(1, tf.x)",
        "def f():\n    import tensorflow as tf\n    def g():\n        use(1, tf.x)",
        "class A:\n    import tensorflow as tf\n    use(1, tf.x)",
    ],
)
def test_what_is_bound_elsewhere_does_not_matter(text: str) -> None:
    assert resolved(text) == {1: "tensorflow.x"}
