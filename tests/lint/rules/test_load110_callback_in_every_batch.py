from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD110"
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
        "class C(keras.callbacks.Callback):\n    def on_train_batch_end(self, b, logs=None):\n        pass\n",
        "from keras.callbacks import CSVLogger\nclass C(CSVLogger):\n def on_batch_end(self, b, l):\n  pass\n",
    ],
)
def test_it_is_found_as_a_hint(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert marked.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "class C(keras.callbacks.Callback):\n async_safe = True\n def on_train_batch_end(self, b, l):\n  pass\n",
        "class C(keras.callbacks.Callback):\n    def on_epoch_end(self, b, logs=None):\n        pass\n",
        "class C(Other):\n    def on_train_batch_end(self, b):\n        pass\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
