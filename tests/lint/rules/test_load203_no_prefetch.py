from __future__ import annotations

from pathlib import Path

import pytest

from linting import A_MAC, NOTHING_KNOWN, findings, lines
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

RULE = "LOAD203"
HEAD = "import keras\nimport tensorflow as tf\nmodel = keras.Sequential()\ndata = tf.data.Dataset.range(9)\n"
OLD = Versions(tensorflow="2.10.1", keras="2.10.0")


def test_before_2_11_it_is_a_warning_that_can_be_mended(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, f"{HEAD}model.fit(data.batch(2))\n", RULE, OLD)
    assert found.level is Level.WARNING
    assert found.only_if is None
    assert found.repair is not None


def test_from_2_11_on_nothing_is_said(tmp_path: Path) -> None:
    assert lines(tmp_path, f"{HEAD}model.fit(data.batch(2))\n", RULE, A_MAC) == []


def test_where_tensorflow_is_unknown_it_is_a_hint(tmp_path: Path) -> None:
    assert lines(tmp_path, f"{HEAD}model.fit(data.batch(2))\n", RULE, NOTHING_KNOWN) == ["?data.batch(2)"]


def test_with_the_default_optimizations_off_it_is_a_warning_everywhere(tmp_path: Path) -> None:
    off = "o = tf.data.Options()\no.experimental_optimization.apply_default_optimizations = False\n"
    assert lines(tmp_path, f"{HEAD}{off}model.fit(data.batch(2))\n", RULE, A_MAC) == ["data.batch(2)"]


@pytest.mark.parametrize(
    "text", ["model.fit(data.prefetch(1))\n", "model.fit(data.prefetch(1).repeat())\n", "model.fit(x)\n"]
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE, OLD) == []
