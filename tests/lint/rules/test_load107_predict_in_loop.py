from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD107"
HEAD = "import keras\nimport tensorflow as tf\nmodel = keras.Sequential()\n"


@pytest.mark.parametrize(
    "text",
    [
        "for image in images:\n    model.predict(image[None])\n",
        "while not done:\n    state = model.predict(state)\n",
        "[model.predict(x) for x in xs]\n",
        "def run(m, xs):\n    for x in xs:\n        m.predict(x)\nrun(model, xs)\n",
        "class A:\n def __init__(self):\n  self.net = model\n def run(self):\n  for x in xs:\n   self.net.predict(x)\n",
    ],
)
def test_predictions_one_by_one_are_found(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, HEAD + text, RULE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "model.predict(images)\n",
        "for epoch in range(50):\n    model.predict(validation)\n",
        "for name in ('a', 'b'):\n    model.predict(data[name])\n",
        "for fold in folds:\n    m = keras.Sequential()\n    m.predict(fold)\n",
        "from sklearn.svm import SVC\nother = SVC()\nfor x in xs:\n    other.predict(x)\n",
        "def unknown(m):\n    for x in xs:\n        m.predict(x)\n",
        "model = something_else()\nfor x in xs:\n    model.predict(x)\n",
        "for x in xs:\n    model(x)\n",
        "for x, y in tf.data.Dataset.range(9).take(1):\n    model.predict(x)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []


def test_a_model_from_another_file_is_known(tmp_path: Path) -> None:
    helper = "from tensorflow.keras import layers, models\n\ndef build():\n    m = models.Sequential()\n    return m\n"
    text = "import tensorflow\nimport helper\nm = helper.build()\nfor x in xs:\n    m.predict(x)\n"
    assert lines(tmp_path, text, RULE, helper=helper) == ["m.predict(x)"]
