from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD105"
HEAD = "import tensorflow as tf\n\n@tf.function\ndef step(x, n):\n    return x\n\n"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("for n in range(1000):\n    step(x, n)\n", "n"),
        ("for n, batch in enumerate(data):\n    step(batch, n + 1)\n", "n + 1"),
        ("fast = tf.function(other)\nfor n in range(count):\n    fast(n)\n", "n"),
        ("for n in range(9):\n    for batch in data:\n        step(batch, n)\n", "n"),
    ],
)
def test_a_counter_is_found(tmp_path: Path, text: str, marked: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == [marked]


@pytest.mark.parametrize(
    "text",
    [
        "for n in range(1000):\n    step(x, tf.constant(n))\n",
        "for n in tf.range(1000):\n    step(x, n)\n",
        "for n in range(3):\n    step(x, n)\n",
        "for batch in data:\n    step(batch, 1)\n",
        "for n in range(1000):\n    plain(n)\n",
        "for n in range(1000):\n    n = tf.constant(n)\n    step(x, n)\n",
        "loose = tf.function(other, reduce_retracing=True)\nfor n in range(1000):\n    loose(n)\n",
        "@tf.function(input_signature=[s])\ndef fixed(n):\n    return n\nfor n in range(1000):\n    fixed(n)\n",
        "@tf.function\ndef outer():\n    for n in range(1000):\n        step(x, n)\n",
    ],
)
def test_tensors_and_relaxed_functions_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
