"""What a layer, an activation or a function needs and the plugin has no kernel for, from traces and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from m1doctor.knowledge.layers import Kind, load
from m1doctor.lint.target import Versions


def without_kernel(
    versions: Versions,
    kind: Kind,
    name: str,
    *,
    dtype: str = "float32",
    options: Mapping[str, Any] | None = None,
    tensorflow: str | None = None,
) -> tuple[str, ...]:
    """The ops that run on the CPU; none where all have a kernel, or where it was never traced.

    `tensorflow` is another release than that of the versions.
    """
    table = versions.kernels()
    found = load().find(kind, name, options, tensorflow or versions.tensorflow)
    return tuple(dict.fromkeys(op for each in found for op in each.without_kernel(table, dtype)))


def since(versions: Versions, kind: Kind, name: str) -> str | None:
    """The first traced release of TensorFlow in which it needs what has no kernel; `None` where none does."""
    releases = load().releases
    return next((each for each in releases if without_kernel(versions, kind, name, tensorflow=each)), None)
