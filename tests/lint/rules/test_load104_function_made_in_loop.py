from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD104"
HEAD = "import tensorflow as tf\n"


@pytest.mark.parametrize(
    "text",
    [
        "for batch in data:\n    tf.function(step)(batch)\n",
        "for batch in data:\n    fast = tf.function(step)\n    fast(batch)\n",
        "while True:\n    @tf.function\n    def fast(x):\n        return x\n    fast(1)\n",
        "from tensorflow import function as f\nfor batch in data:\n    f(step)(batch)\n",
        "[tf.function(step)(batch) for batch in data]\n",
    ],
)
def test_a_function_for_one_round_is_found(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, HEAD + text, RULE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "fast = tf.function(step)\nfor batch in data:\n    fast(batch)\n",
        "for name in names:\n    kept[name] = tf.function(step)\n",
        "for model in models:\n    fast = tf.function(model)\n    for batch in data:\n        fast(batch)\n",
        "for model in models:\n    fast = tf.function(model)\n    kept.append(fast)\n    fast(1)\n",
        "for kind in ['a', 'b']:\n    fast = tf.function(step)\n    fast(1)\n",
        "for batch in data:\n    @tf.function\n    def fast(x):\n        return x\n    steps.append(fast)\n",
        "steps = [tf.function(each) for each in functions]\n",
    ],
)
def test_functions_that_are_used_again_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
