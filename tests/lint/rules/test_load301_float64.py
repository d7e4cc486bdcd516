from __future__ import annotations

from pathlib import Path

import pytest

from linting import NOTHING_KNOWN, findings, lines

RULE = "LOAD301"
HEAD = "import keras\nimport numpy as np\nimport tensorflow as tf\nfrom tensorflow.keras import layers\n"


@pytest.mark.parametrize(
    "text",
    [
        "keras.backend.set_floatx('float64')\n",
        "tf.keras.backend.set_floatx('float64')\n",
        "keras.config.set_floatx('float64')\n",
        "keras.mixed_precision.set_global_policy('float64')\n",
        "layers.Dense(3, dtype='float64')\n",
        "layers.Dense(3, dtype=tf.float64)\n",
        "keras.Input((3,), dtype=np.float64)\n",
    ],
)
def test_double_precision_is_found(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, HEAD + text, RULE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "keras.backend.set_floatx('float32')\n",
        "layers.Dense(3, dtype='float32')\n",
        "np.zeros(3, dtype=np.float64)\n",
        "x = x.astype(np.float64)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []


def test_an_unknown_plugin_makes_it_conditional(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, HEAD + "keras.backend.set_floatx('float64')\n", RULE, NOTHING_KNOWN)
    assert found.only_if == "tensorflow-metal is 1.2.0 or older"
