from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from linting import A_MAC, NOTHING_KNOWN, lines

RULE = "LOAD305"
HEAD = "import keras\nimport tensorflow as tf\nfrom tensorflow.keras import layers\n"


@pytest.mark.parametrize(
    "text",
    [
        "layers.Dense(3, activation='elu')\n",
        "layers.Dense(3, 'selu')\n",
        "layers.Conv2D(3, 3, activation=tf.nn.softplus)\n",
        "layers.Activation('mish')\n",
        "layers.Activation(keras.activations.elu)\n",
        "layers.ELU()\n",
        "KIND = 'elu'\nlayers.Dense(3, activation=KIND)\n",
    ],
)
def test_an_activation_without_a_kernel_is_found(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, HEAD + text, RULE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "layers.Dense(3, activation='relu')\n",
        "layers.Dense(3, activation='sigmoid')\n",
        "layers.Dense(3, activation=chosen)\n",
        "plot(activation='elu')\n",
        "layers.Conv2D(3, 3, activation='gelu')  # TensorFlow 2.18 has Erf\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []


def test_exact_gelu_lost_its_kernel_with_tensorflow_2_21(tmp_path: Path) -> None:
    text = f"{HEAD}layers.Dense(3, activation='gelu')\n"
    assert lines(tmp_path, text, RULE, replace(A_MAC, tensorflow="2.21.0")) == ["'gelu'"]
    assert lines(tmp_path, text, RULE, NOTHING_KNOWN) == ["?'gelu'"]


def test_sigmoid_has_no_16_bit_kernel(tmp_path: Path) -> None:
    text = f"{HEAD}keras.mixed_precision.set_global_policy('mixed_float16')\nlayers.Dense(1, activation='sigmoid')\n"
    assert lines(tmp_path, text, RULE) == ["'sigmoid'"]
