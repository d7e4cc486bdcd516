from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD201"
HEAD = "import cv2\nimport keras\nimport tensorflow as tf\nfrom PIL import Image\nmodel = keras.Sequential()\n"
STEP = "@tf.function\ndef step(x):\n    with tf.GradientTape() as tape:\n        return tape\n"


@pytest.mark.parametrize(
    "text",
    [
        "for path in paths:\n    model.train_on_batch(cv2.imread(path), 1)\n",
        "def load(path):\n return Image.open(path)\nfor p in paths:\n x = load(p)\n model.train_on_batch(x)\n",
        f"{STEP}for path in paths:\n    step(cv2.imread(path))\n",
        "for batch in batches:\n    x = [cv2.resize(i, s) for i in batch]\n    model.train_on_batch(x, 1)\n",
    ],
)
def test_decoding_beside_the_step_is_found(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, HEAD + text, RULE)) == 1


def test_a_decoder_in_another_file_is_found(tmp_path: Path) -> None:
    helper = "import cv2\n\ndef load(path):\n    return cv2.imread(path)\n"
    text = (
        "import keras\nfrom helper import load\nm = keras.Sequential()\nfor p in ps:\n    m.train_on_batch(load(p))\n"
    )
    assert len(lines(tmp_path, text, RULE, helper=helper)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "for x, y in zip(xs, ys):\n    model.train_on_batch(x, y)\n",
        "images = [cv2.imread(p) for p in paths]\nfor image in images:\n    model.train_on_batch(image, 1)\n",
        "for n, x in enumerate(xs):\n model.train_on_batch(x, 1)\n if n % 100 == 0:\n  cv2.resize(x, s)\n",
        "for path in paths:\n    cv2.imread(path)\n",
    ],
)
def test_loops_that_only_train_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
