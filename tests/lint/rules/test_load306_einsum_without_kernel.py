from __future__ import annotations

from pathlib import Path

import pytest

from linting import KERAS_2, lines

RULE = "LOAD306"
HEAD = "import keras\nimport tensorflow as tf\n"


@pytest.mark.parametrize(
    "text",
    [
        "keras.layers.MultiHeadAttention(4, 32)\n",
        "class A(keras.layers.Layer):\n    def call(self, x):\n        return tf.einsum('ij->ji', x)\n",
        "class B(keras.layers.Dense):\n    a = 1\nclass A(B):\n  def call(self, x):\n     tf.einsum('ij->ji', x)\n",
        "@tf.function\ndef step(x):\n    return tf.einsum('ij->ji', x)\n",
    ],
)
def test_einsum_in_a_model_is_found(tmp_path: Path, text: str) -> None:
    (marked,) = lines(tmp_path, HEAD + text, RULE)
    assert not marked.startswith("?")


def test_einsum_anywhere_else_is_a_hint(tmp_path: Path) -> None:
    assert lines(tmp_path, HEAD + "y = tf.einsum('ij->ji', x)\n", RULE) == ["?tf.einsum"]


def test_einsum_of_numpy_is_left_alone(tmp_path: Path) -> None:
    text = "import numpy as np\nclass A(keras.layers.Layer):\n def call(self, x):\n  return np.einsum('ij', x)\n"
    assert lines(tmp_path, HEAD + text, RULE) == []


def test_einsum_dense_computes_with_einsum_in_keras_2_only(tmp_path: Path) -> None:
    text = f"{HEAD}keras.layers.EinsumDense('ab,bc->ac', 3)\n"
    assert lines(tmp_path, text, RULE) == []
    assert lines(tmp_path, text, RULE, KERAS_2) == ["keras.layers.EinsumDense"]
