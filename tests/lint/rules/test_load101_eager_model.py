from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD101"


@pytest.mark.parametrize(
    "text",
    [
        "import keras\nmodel = keras.Sequential()\nmodel.compile('sgd', run_eagerly=True)\n",
        "import keras\nDEBUG = True\ndef f(model):\n    model.compile('sgd', run_eagerly=DEBUG)\n",
    ],
)
def test_an_eager_model_is_found(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, text, RULE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "import keras\nmodel = keras.Sequential()\nmodel.compile('sgd', run_eagerly=False)\n",
        "import keras\nmodel.compile('sgd', run_eagerly=FLAGS.eager)\n",
        "import keras\nimport unittest\nmodel.compile('sgd', run_eagerly=True)  # in a unit test nobody waits\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, text, RULE) == []
