from __future__ import annotations

from pathlib import Path

from linting import A_MAC, KERAS_2, NOTHING_KNOWN, findings, lines
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

RULE = "LOAD309"
LEGACY = "import tensorflow as tf\noptimizer = tf.keras.optimizers.legacy.Adam(1e-3)\n"
PLAIN = "import tensorflow as tf\noptimizer = tf.keras.optimizers.Adam(1e-3)\n"


def test_legacy_is_an_error_on_keras_3_that_can_be_mended(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, LEGACY, RULE, A_MAC)
    assert found.level is Level.ERROR
    assert found.repair is not None


def test_an_argument_that_the_new_one_does_not_take_is_not_mended(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, LEGACY.replace("1e-3", "lr=1e-3"), RULE, A_MAC)
    assert found.repair is None


def test_legacy_is_right_for_2_11_to_2_15_and_plain_is_slow_there(tmp_path: Path) -> None:
    assert lines(tmp_path, LEGACY, RULE, KERAS_2) == []
    assert lines(tmp_path, PLAIN, RULE, KERAS_2) == ["tf.keras.optimizers.Adam"]


def test_plain_is_right_before_2_11_and_on_keras_3(tmp_path: Path) -> None:
    assert lines(tmp_path, PLAIN, RULE, Versions(tensorflow="2.10.1")) == []
    assert lines(tmp_path, PLAIN, RULE, A_MAC) == []


def test_where_nothing_is_known_legacy_says_if_and_plain_is_a_hint(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, LEGACY, RULE, NOTHING_KNOWN)
    assert found.only_if == "Keras is 3, as from TensorFlow 2.16 on"
    assert lines(tmp_path, PLAIN, RULE, NOTHING_KNOWN) == ["?tf.keras.optimizers.Adam"]
