"""Which Keras a TensorFlow takes: told by PKG007, known to PKG003."""

from __future__ import annotations

from typing import NamedTuple

from m1doctor.checks.tensorflow_packages import tensorflow_distribution
from m1doctor.knowledge.known_faults import SAME_MINOR, KerasLine, in_range, known_faults
from m1doctor.model.packages import Distribution, Packages


class KerasMismatch(NamedTuple):
    """A Keras of another line than the TensorFlow beside it takes."""

    tensorflow: Distribution
    keras: Distribution
    wanted: str
    """The range of versions that fits."""
    line: KerasLine | None
    """What is known of that TensorFlow; `None` for `tf_keras`, of which each minor goes with one of TensorFlow's."""


def keras_mismatches(packages: Packages) -> list[KerasMismatch]:
    """A `keras` of the wrong line, and a `tf_keras` of another minor than TensorFlow."""
    tensorflow = tensorflow_distribution(packages)
    if tensorflow is None:
        return []
    found = []
    line = next((each for each in known_faults().keras_lines if in_range(tensorflow.version, each.tensorflow)), None)
    keras = packages.find("keras")
    if line is not None and keras is not None:
        wanted = _same_minor(tensorflow) if line.keras == SAME_MINOR else line.keras
        if wanted is not None and in_range(keras.version, wanted) is False:
            found.append(KerasMismatch(tensorflow, keras, wanted, line))
    legacy = packages.find("tf-keras")
    wanted = _same_minor(tensorflow)
    if legacy is not None and wanted is not None and in_range(legacy.version, wanted) is False:
        found.append(KerasMismatch(tensorflow, legacy, wanted, None))
    return found


def _same_minor(tensorflow: Distribution) -> str | None:
    """The range of TensorFlow's own minor: ``">=2.15.0.dev0,<2.16.dev0"`` for 2.15.1."""
    parts = tensorflow.version.split(".")
    if len(parts) < 2 or not (parts[0].isdecimal() and parts[1].isdecimal()):  # noqa: PLR2004 - major and minor
        return None
    major, minor = int(parts[0]), int(parts[1])
    return f">={major}.{minor}.0.dev0,<{major}.{minor + 1}.dev0"
