from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD007"
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
        "os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'\n",
        "os.environ['TF_CPP_MIN_LOG_LEVEL'] = '2'\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "os.environ['TF_CPP_MIN_LOG_LEVEL'] = '1'\n",
        "os.environ['TF_CPP_MIN_LOG_LEVEL'] = chosen\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
