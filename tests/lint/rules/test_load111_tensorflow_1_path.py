from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD111"
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
        "tf.compat.v1.disable_eager_execution()\n",
        "tf.compat.v1.Session()\n",
        "import tensorflow.compat.v1 as tf1\ntf1.disable_v2_behavior()\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "Session()\n",
        "tf.compat.v1.logging.set_verbosity(1)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
