from __future__ import annotations

from pathlib import Path

import pytest

from linting import NOTHING_KNOWN, findings, lines

RULE = "LOAD303"


@pytest.mark.parametrize(
    "text",
    [
        "import tensorflow as tf\ntf.keras.layers.Conv3D(3, 3)\n",
        "from keras.layers import Convolution3D\nConvolution3D(3, 3)\n",
        "from tensorflow.keras import layers as L\nL.MaxPool3D()\n",
        "from tensorflow.keras.layers import *\nConv3D(3, 3)\n",
        "import keras\nC = keras.layers.Conv3D\nC(3, 3)\n",
        "from keras.layers import Conv3D as Volume\nVolume(3, 3)\n",
        "import tensorflow as tf\ntf.nn.conv3d(x, w, s, 'SAME')\n",
    ],
)
def test_three_dimensions_are_found_under_any_name(tmp_path: Path, text: str) -> None:
    assert len(lines(tmp_path, text, RULE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "import keras\nkeras.layers.Conv2D(3, 3)\n",
        "import torch\ntorch.nn.Conv3d(3, 3)\n# tensorflow\n",
        "import keras\nfrom mine import Conv3D\nConv3D(3, 3)\n",
        "import keras\ndef Conv3D(n):\n    return n\nConv3D(3)\n",
        "from keras.layers import *\nfrom mine import *\nConv3D(3, 3)\n",
    ],
)
def test_others_are_left_alone(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, text, RULE) == []


def test_an_unknown_plugin_makes_it_conditional(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "import keras\nkeras.layers.Conv3D(3, 3)\n", RULE, NOTHING_KNOWN)
    assert found.only_if == "tensorflow-metal is 1.2.0 or older"
