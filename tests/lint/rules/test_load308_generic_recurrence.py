from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD308"
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
        "keras.layers.LSTM(3, activation='relu')\n",
        "keras.layers.GRU(3, reset_after=False)\n",
        "keras.layers.RNN(keras.layers.LSTMCell(3))\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "keras.layers.LSTM(3)\n",
        "keras.layers.LSTM(3, activation='tanh', unroll=False)\n",
        "keras.layers.LSTM(3, activation=chosen)\n",
        "keras.layers.RNN(Mine(3))\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
