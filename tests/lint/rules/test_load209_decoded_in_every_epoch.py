from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD209"
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
        "d = data.map(lambda p: tf.io.decode_jpeg(tf.io.read_file(p)))\nmodel.fit(d.batch(2))\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "d = data.map(lambda p: tf.io.decode_jpeg(p)).cache()\nmodel.fit(d.batch(2))\n",
        "d = data.map(lambda p: p + 1)\nmodel.fit(d.batch(2))\n",
        "d = data.map(lambda p: tf.io.decode_jpeg(p))\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
