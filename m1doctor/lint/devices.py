"""Words for devices, as TensorFlow reads them."""

from __future__ import annotations

import re
from typing import Any

_CPU = re.compile(r"(?:^|[/:])cpu(?::\d+|:\*)?$", re.IGNORECASE)
_GPU = re.compile(r"(?:^|[/:])gpu(?::\d+|:\*)?$", re.IGNORECASE)


def names_cpu(value: Any) -> bool:
    """Whether a literal names a CPU: ``"/CPU:0"``, ``"cpu"``, ``"/job:localhost/device:CPU:0"``."""
    return isinstance(value, str) and _CPU.search(value) is not None


def names_device(value: Any) -> bool:
    """Whether a literal names a CPU or a GPU."""
    return names_cpu(value) or (isinstance(value, str) and _GPU.search(value) is not None)
