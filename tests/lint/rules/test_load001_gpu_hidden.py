from __future__ import annotations

from pathlib import Path

import pytest

from linting import lines

RULE = "LOAD001"


@pytest.mark.parametrize(
    "text",
    [
        "import tensorflow as tf\ntf.config.set_visible_devices([], 'GPU')\n",
        "import tensorflow as T\nT.config.experimental.set_visible_devices([], device_type='GPU')\n",
        "from tensorflow.config import set_visible_devices\nset_visible_devices(devices=[], device_type='GPU')\n",
        "from tensorflow import config as c\nhide = c.set_visible_devices\nhide([], 'GPU')\n",
        "import tensorflow as tf\nNONE = []\ntf.config.set_visible_devices(NONE, 'GPU')\n",
        "import tensorflow.compat.v2 as tf\ntry:\n    tf.config.set_visible_devices([], 'GPU')\nfinally:\n    pass\n",
        "import tensorflow as tf\nif tf.config.list_physical_devices():\n tf.config.set_visible_devices([], 'GPU')\n",
    ],
)
def test_hiding_every_gpu_is_found_however_it_is_written(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, text, RULE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "import tensorflow as tf\ntf.config.set_visible_devices([], 'TPU')\n",
        "import tensorflow as tf\ntf.config.set_visible_devices(gpus[:1], 'GPU')\n",
        "import other as tf\ntf.config.set_visible_devices([], 'GPU')  # not tensorflow\n",
        "import tensorflow as tf\ntf = other()\ntf.config.set_visible_devices([], 'GPU')\n",
        "import tensorflow as tf\ndef f(tf):\n    tf.config.set_visible_devices([], 'GPU')\n",
        "import jax\nimport tensorflow as tf\ntf.config.set_visible_devices([], 'GPU')  # JAX has the GPU\n",
    ],
)
def test_what_hides_no_gpu_is_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, text, RULE) == []


def test_under_an_option_of_the_program_it_is_a_hint(tmp_path: Path) -> None:
    text = "import tensorflow as tf\nif FLAGS.cpu_only:\n    tf.config.set_visible_devices([], 'GPU')\n"
    assert lines(tmp_path, text, RULE) == ["?tf.config.set_visible_devices([], 'GPU')"]
