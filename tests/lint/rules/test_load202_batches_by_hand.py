from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD202"
HEAD = """\
import os
import keras
import tensorflow as tf
model = keras.Sequential()
data = tf.data.Dataset.range(9)
"""


@pytest.mark.parametrize(
    "text",
    [
        "for i in range(9):\n    model.train_on_batch(x[i:i + 2], y[i:i + 2])\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "model.train_on_batch(x[0], y[0])\n",
        "for x, y in data:\n    model.train_on_batch(x, y)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
