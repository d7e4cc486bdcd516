from __future__ import annotations

from pathlib import Path

from linting import KERAS_2, NOTHING_KNOWN, findings, lines
from m1doctor.model.finding import Level

RULE = "LOAD212"
TEXT = "import keras\nmodel = keras.Sequential()\nmodel.fit(x, workers=4, use_multiprocessing=True)\n"


def test_on_keras_3_it_is_an_error_that_can_be_mended(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, TEXT, RULE)
    assert found.level is Level.ERROR
    assert found.only_if is None
    assert found.repair is not None
    assert found.repair.words == ("workers", "use_multiprocessing")


def test_where_keras_is_unknown_it_says_if_and_mends_nothing(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, TEXT, RULE, NOTHING_KNOWN)
    assert found.only_if is not None
    assert "Keras is 3" in found.only_if
    assert found.repair is None


def test_on_keras_2_it_is_right_for_generators_and_a_hint_for_datasets(tmp_path: Path) -> None:
    assert lines(tmp_path, TEXT, RULE, KERAS_2) == []
    data = "import tensorflow as tf\nx = tf.data.Dataset.range(3)\n"
    assert lines(tmp_path, data + TEXT, RULE, KERAS_2) == ["?workers=4"]


def test_code_that_asks_for_keras_2_by_name_is_judged_for_it(tmp_path: Path) -> None:
    assert lines(tmp_path, TEXT.replace("import keras", "import tf_keras as keras"), RULE) == []


def test_workers_of_something_else_are_left_alone(tmp_path: Path) -> None:
    assert lines(tmp_path, "import keras\npool.fit(x, workers=4)\nmodel.fit(x)\n", RULE) == []
