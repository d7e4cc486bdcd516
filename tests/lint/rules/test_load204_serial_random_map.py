from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD204"
HEAD = "import tensorflow as tf\ndata = tf.data.Dataset.range(9)\n"


@pytest.mark.parametrize(
    "text",
    [
        "data.map(lambda x: tf.image.random_flip_left_right(x))\n",
        "def f(x):\n    return x + tf.random.uniform([])\ndata.batch(2).map(f)\n",
        "def f(x):\n    return tf.py_function(g, [x], tf.float32)\ndata.map(f, num_parallel_calls=None)\n",
        "def g(x):\n    return tf.random.normal([]) + x\ndef f(x):\n    return g(x)\ndata = data.map(f).batch(3)\n",
        "@tf.py_function(Tout=tf.float32)\ndef g(x):\n    return x\ndef f(x):\n    return g(x)\ndata.map(f)\n",
        "import functools\ndef f(x, n):\n    return tf.random.normal([])\ndata.map(functools.partial(f, n=1))\n",
    ],
)
def test_a_serial_map_with_state_is_found(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, HEAD + text, RULE)) == 1


def test_a_function_of_another_file_is_followed(tmp_path: Path) -> None:
    helper = "import tensorflow as tf\n\ndef augment(x):\n    return tf.image.random_hue(x, 0.1)\n"
    text = "import tensorflow as tf\nfrom helper import augment\nd = tf.data.TFRecordDataset(f).map(augment)\n"
    assert len(lines(tmp_path, text, RULE, helper=helper)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "data.map(lambda x: tf.image.random_flip_left_right(x), num_parallel_calls=tf.data.AUTOTUNE)\n",
        "data.map(lambda x: tf.image.random_flip_left_right(x), 4)\n",
        "data.map(lambda x: tf.cast(x, tf.float32))\n",
        "data.map(lambda x: tf.image.stateless_random_hue(x, 0.1, seed))\n",
        "somebody.map(lambda x: tf.image.random_flip_left_right(x))\n",
        "map(lambda x: tf.image.random_flip_left_right(x), images)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
