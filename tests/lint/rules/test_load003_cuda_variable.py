from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD003"
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
        "os.environ['CUDA_VISIBLE_DEVICES'] = '-1'\n",
        "KEY = 'CUDA_VISIBLE_DEVICES'\nos.environ[KEY] = '0'\n",
        "from os import environ\nenviron['CUDA_VISIBLE_DEVICES'] = ''\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "os.environ['OTHER'] = 'CUDA_VISIBLE_DEVICES'\n",
        "mine['CUDA_VISIBLE_DEVICES'] = '0'\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
