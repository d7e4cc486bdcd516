"""What it costs to launch an op: many small ones, one by one (eager) and as one graph (tf.function)."""

from __future__ import annotations

from .timing import in_turns, seconds_of
from .tracing import traced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Time a chain of small products both ways."""
    side, ops = options["side"], options["ops"]
    with tf.device("/" + device):
        start = tf.ones((side, side))
        factor = tf.ones((side, side)) / side  # keeps a matrix of ones as it is

    def eager() -> Any:
        value = start
        with tf.device("/" + device):
            for _ in range(ops):
                value = tf.linalg.matmul(value, factor)
        return value

    def small_ops(value: Any, other: Any) -> Any:
        with tf.device("/" + device):
            for _ in range(ops):
                value = tf.linalg.matmul(value, other)
        return value

    together = traced(tf, small_ops)

    def graph() -> Any:
        return together(start, factor)

    for _ in range(2):
        eager().numpy()
        graph().numpy()
    found = in_turns({"eager": lambda: seconds_of(eager), "graph": lambda: seconds_of(graph)}, options)
    return {"device": device, "ops": ops, "eager_seconds": found["eager"], "graph_seconds": found["graph"]}
