from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD112"
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
        "for e in range(50):\n    model.fit(data, epochs=1)\n",
        "for e in range(50):\n    model.fit(data)\n",
        "for x in data:\n    o = keras.optimizers.SGD()\n    o.apply_gradients(g)\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "model.fit(data, epochs=50)\n",
        "for e in range(50):\n    model.fit(data, epochs=10)\n",
        "for e in range(50):\n    m = keras.Sequential()\n    m.fit(data)\n",
        "o = keras.optimizers.SGD()\nfor x in data:\n    o.apply_gradients(g)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
