from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD207"
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
        "model.fit(tf.data.Dataset.from_generator(g, output_types=t))\n",
        "d = tf.data.Dataset.from_generator(g, output_types=t)\nd = d.batch(2)\nmodel.fit(d, epochs=2)\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "model.fit(data)\n",
        "tf.data.Dataset.from_generator(g, output_types=t)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
