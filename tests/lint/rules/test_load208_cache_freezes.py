from __future__ import annotations

from pathlib import Path

import pytest

from linting import findings, lines

RULE = "LOAD208"
HEAD = "import tensorflow as tf\ndata = tf.data.Dataset.range(9)\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("data.shuffle(9).cache()\n", "first epoch's order"),
        ("data = data.shuffle(9)\ndata = data.batch(3)\ndata = data.cache()\n", "first epoch's order"),
        ("data.repeat().cache('file')\n", "never complete"),
        ("data.repeat(3).cache()\n", "every repetition"),
        ("data.map(lambda x: tf.random.uniform([]) + x).cache()\n", "random numbers"),
    ],
)
def test_a_cache_after_what_changes_is_found(tmp_path: Path, text: str, told: str) -> None:
    (found,) = findings(tmp_path, HEAD + text, RULE)
    assert told in found.message


@pytest.mark.parametrize(
    "text",
    [
        "data.cache().shuffle(9).repeat()\n",
        "data.map(lambda x: x + 1).cache()\n",
        "data.shuffle(9, reshuffle_each_iteration=False).cache()\n",
        "kept = data.shuffle(9).cache()\nkept = kept.shuffle(9)\n",
        "somebody.shuffle(9).cache()\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
