"""Random numbers drawn twice: the second time they must be others."""

from __future__ import annotations

from .tracing import traced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Draw twice of each kind, op by op and in a graph."""
    import numpy as np  # noqa: TID251 - this is the child in which it is imported

    shape = [options["numbers"]]
    ops = (
        ("RandomUniform", lambda: tf.random.uniform(shape)),
        ("RandomStandardNormal", lambda: tf.random.normal(shape)),
        ("TruncatedNormal", lambda: tf.random.truncated_normal(shape)),
    )
    found = []
    for op, draw in ops:
        for mode, work in (("op by op", draw), ("in graph mode", traced(tf, draw))):
            with tf.device("/" + device):
                tensors = [work() for _ in range(2)]
            first, second = (tensor.numpy() for tensor in tensors)
            found.append(
                {
                    "op": op,
                    "mode": mode,
                    "device": str(tensors[0].device),
                    "numbers": int(first.size),
                    "repeated": int((first == second).sum()),
                    "distinct": int(np.unique(first).size),
                    "example": [float(number) for number in first[:3]] if np.isfinite(first).all() else [],
                }
            )
    return {"draws": found}
