from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD213"
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
        "tf.config.threading.set_intra_op_parallelism_threads(1)\n",
        "o = tf.data.Options()\no.threading.private_threadpool_size = 1\n",
        "o = tf.data.Options()\no.autotune.enabled = False\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "tf.config.threading.set_intra_op_parallelism_threads(0)\n",
        "o.threading.private_threadpool_size = 8\n",
        "mine.enabled = False\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
