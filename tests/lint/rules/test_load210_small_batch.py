from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD210"
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
        "model.fit(x, y, batch_size=8)\n",
        "SIZE = 4\nmodel.fit(data.batch(SIZE))\n",
        "d = data.shuffle(9).batch(2).prefetch(1)\nmodel.fit(d)\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "model.fit(x, y, batch_size=64)\n",
        "model.fit(data.batch(32))\n",
        "model.fit(x, y, batch_size=chosen)\n",
        "other.fit(x, batch_size=8)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
