from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD102"
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
        "tf.config.run_functions_eagerly(True)\n",
        "tf.config.experimental_run_functions_eagerly(True)\n",
        "tf.data.experimental.enable_debug_mode()\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "tf.config.run_functions_eagerly(False)\n",
        "tf.config.run_functions_eagerly(flag)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
