from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD310"
HEAD = "import tensorflow as tf\nfrom tensorflow.keras import mixed_precision\n"


@pytest.mark.parametrize(
    "text",
    [
        "mixed_precision.set_global_policy('mixed_float16')\n",
        "policy = mixed_precision.Policy('mixed_float16')\n",
        "import keras\nkeras.config.set_dtype_policy('mixed_float16')\n",
        "tf.keras.mixed_precision.experimental.set_policy('mixed_float16')\n",
    ],
)
def test_the_policy_is_found(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, HEAD + text, RULE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "mixed_precision.set_global_policy('float32')\n",
        "mixed_precision.set_global_policy('mixed_bfloat16')\n",
        "mixed_precision.set_global_policy(chosen)\n",
        "mixed_precision.set_global_policy('mixed_float16')\nm.compile('sgd', auto_scale_loss=False)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []


def test_under_an_option_of_the_program_it_is_a_hint(tmp_path: Path) -> None:
    text = f"{HEAD}if FLAGS.half:\n    mixed_precision.set_global_policy('mixed_float16')\n"
    assert lines(tmp_path, text, RULE) == ["?mixed_precision.set_global_policy('mixed_float16')"]
