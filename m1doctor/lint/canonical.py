"""One name for each thing of TensorFlow and Keras, whichever way it was imported."""

from __future__ import annotations

from functools import lru_cache

_BEGINNINGS = (
    ("tensorflow.compat.v2.", "tensorflow."),
    ("tensorflow._api.v2.", "tensorflow."),
    ("tensorflow.python.keras.", "tensorflow.keras."),
    ("tensorflow.keras.", "keras."),
    ("tf_keras.", "keras."),
    ("keras.api.", "keras."),
    ("keras.models.Sequential", "keras.Sequential"),
    ("keras.models.Model", "keras.Model"),
    ("keras.engine.training.Model", "keras.Model"),
    ("keras.layers.experimental.preprocessing.", "keras.layers."),
    ("keras.mixed_precision.experimental.", "keras.mixed_precision."),
    ("keras.layers.convolutional.", "keras.layers."),
    ("keras.layers.core.", "keras.layers."),
    ("keras.layers.pooling.", "keras.layers."),
    ("keras.layers.recurrent.", "keras.layers."),
    ("keras.layers.Convolution", "keras.layers.Conv"),
    ("keras.layers.Input", "keras.Input"),
    ("keras.layers.MaxPool3D", "keras.layers.MaxPooling3D"),
    ("keras.layers.AvgPool3D", "keras.layers.AveragePooling3D"),
    ("keras.preprocessing.image_dataset_from_directory", "keras.utils.image_dataset_from_directory"),
    ("keras.preprocessing.text_dataset_from_directory", "keras.utils.text_dataset_from_directory"),
    ("tensorflow.data.experimental.AUTOTUNE", "tensorflow.data.AUTOTUNE"),
    ("tensorflow.config.experimental.set_visible_devices", "tensorflow.config.set_visible_devices"),
    ("tensorflow.config.experimental_run_functions_eagerly", "tensorflow.config.run_functions_eagerly"),
)
"""Each is tried in turn on what those before it made. Keras that was imported alone or as a part of TensorFlow is the
same Keras; which one it is matters to few rules, and they ask for it."""

SPELLINGS = {
    "Conv1D": "Convolution1D",
    "Conv2D": "Convolution2D",
    "Conv3D": "Convolution3D",
    "Conv2DTranspose": "Convolution2DTranspose",
    "Conv3DTranspose": "Convolution3DTranspose",
    "MaxPooling3D": "MaxPool3D",
    "AveragePooling3D": "AvgPool3D",
    "run_functions_eagerly": "experimental_run_functions_eagerly",
}
"""Last names that TensorFlow and Keras spell in a second way."""

OURS = ("tensorflow", "keras", "tf_keras", "tensorflow_addons", "tensorflow_datasets", "tensorflow_probability")
"""Packages that no file of a project takes the place of."""


@lru_cache(maxsize=4096)
def canonical(dotted: str) -> str:
    """The one name of what `dotted` leads to: ``"tensorflow.keras.layers.Conv3D"`` is ``"keras.layers.Conv3D"``."""
    if dotted in ("tensorflow.keras", "tf_keras"):
        return "keras"
    for beginning, instead in _BEGINNINGS:
        if dotted.startswith(beginning):
            dotted = instead + dotted[len(beginning) :]
    return dotted
