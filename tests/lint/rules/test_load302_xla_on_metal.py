from __future__ import annotations

from pathlib import Path

import pytest

from linting import KERAS_2, NOTHING_KNOWN, findings, lines

RULE = "LOAD302"
HEAD = "import functools\nimport os\nimport keras\nimport tensorflow as tf\n"


@pytest.mark.parametrize(
    "text",
    [
        "@tf.function(jit_compile=True)\ndef f(x):\n    return x\n",
        "fast = tf.function(f, experimental_compile=True)\n",
        "@functools.partial(tf.function, jit_compile=True)\ndef f(x):\n    return x\n",
        "tf.config.optimizer.set_jit(True)\n",
        "os.environ['TF_XLA_FLAGS'] = '--tf_xla_auto_jit=2'\n",
    ],
)
def test_asking_for_xla_is_found(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, HEAD + text, RULE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "@tf.function\ndef f(x):\n    return x\n",
        "@tf.function(jit_compile=on_linux)\ndef f(x):\n    return x\n",
        "tf.config.optimizer.set_jit(False)\n",
        "import jax\njax.jit(f)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []


def test_a_compiled_model_raises_on_keras_2_and_is_dropped_by_keras_3(tmp_path: Path) -> None:
    text = f"{HEAD}model = keras.Sequential()\nmodel.compile('sgd', jit_compile=True)\n"
    assert lines(tmp_path, text, RULE, KERAS_2) == ["True"]
    assert lines(tmp_path, text, RULE) == ["?True"]


def test_without_a_known_plugin_it_depends_on_the_machine(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, f"{HEAD}tf.config.optimizer.set_jit(True)\n", RULE, NOTHING_KNOWN)
    assert found.only_if == "this runs on the GPU of a Mac"


def test_under_an_option_of_the_program_it_is_a_hint(tmp_path: Path) -> None:
    text = f"{HEAD}if FLAGS.xla:\n    tf.config.optimizer.set_jit(True)\n"
    assert lines(tmp_path, text, RULE) == ["?tf.config.optimizer.set_jit(True)"]
