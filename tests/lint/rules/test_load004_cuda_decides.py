from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD004"
HEAD = "import tensorflow as tf\n"


@pytest.mark.parametrize(
    "text",
    [
        "device = '/GPU:0' if tf.test.is_built_with_cuda() else '/CPU:0'\n",
        "if not tf.test.is_built_with_gpu_support():\n    tf.config.set_visible_devices([], 'GPU')\n",
        "if tf.test.is_gpu_available(cuda_only=True):\n    device = 'gpu:0'\n",
        "cuda = tf.test.is_built_with_cuda()\nif cuda:\n    device = '/device:GPU:0'\n",
    ],
)
def test_cuda_that_chooses_the_device_is_found(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, HEAD + text, RULE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "print(tf.test.is_built_with_cuda())\n",
        "order = 'channels_first' if tf.test.is_built_with_cuda() else 'channels_last'\n",
        "if tf.test.is_gpu_available():\n    device = '/GPU:0'\n",
        "device = '/GPU:0' if tf.config.list_physical_devices('GPU') else '/CPU:0'\n",
    ],
)
def test_other_questions_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, HEAD + text, RULE) == []
