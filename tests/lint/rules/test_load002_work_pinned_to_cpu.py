from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD002"
HEAD = "import tensorflow as tf\nfrom tensorflow import keras\n"


@pytest.mark.parametrize(
    "body",
    [
        "    model = keras.Sequential([keras.layers.Dense(1)])\n",
        "    model = keras.applications.ResNet50()\n",
        "    build().fit(x)\n",
        "    train(x)\n",
        "    keras.optimizers.SGD().apply_gradients(pairs)\n",
    ],
)
def test_a_model_on_the_cpu_is_found(tmp_path: Path, body: str) -> None:
    helpers = "def build():\n    return keras.Sequential()\n\ndef train(x):\n    build().fit(x)\n\n"
    text = f"{HEAD}{helpers}with tf.device('/CPU:0'):\n{body}"
    assert lines(tmp_path, text, RULE) == ["tf.device('/CPU:0')"]


def test_a_model_that_another_file_builds_is_followed(tmp_path: Path) -> None:
    helper = "import keras\n\ndef build():\n    return keras.Sequential()\n"
    text = "import tensorflow as tf\nfrom helper import build\nwith tf.device('cpu'):\n    model = build()\n"
    assert len(lines(tmp_path, text, RULE, helper=helper)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "with tf.device('/CPU:0'):\n    data = tf.data.Dataset.range(3).map(f)\n",
        "with tf.device('/GPU:0'):\n    model = keras.Sequential()\n",
        "with tf.device(where):\n    model = keras.Sequential()\n",
        "with tf.device('/CPU:0'):\n    table = keras.layers.Embedding(10, 2)\n",
        "with tf.device('/CPU:0'):\n    def later():\n        return keras.Sequential()\n",
        "with tf.device('/CPU:0'):\n    somebody.fit(x)\n",
    ],
)
def test_input_on_the_cpu_and_what_nobody_knows_is_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
