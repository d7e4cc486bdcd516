"""Matrix products of several sizes and types where TensorFlow puts them by itself."""

from __future__ import annotations

from .comparing import as_float64, compared, on_cpu

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Multiply, and say where that was done and how far each answer is off."""
    import numpy as np  # noqa: TID251 - this is the child in which it is imported

    del device  # TensorFlow's own choice is what is looked at
    random = np.random.RandomState(20)
    comparisons = []
    for wanted in options["products"]:
        size, dtype = wanted["size"], wanted["dtype"]
        with tf.device("/CPU:0"):
            left, right = (
                tf.cast(tf.constant(random.standard_normal((size, size)), tf.float32), dtype) for _ in range(2)
            )
        truth = as_float64(np, left) @ as_float64(np, right)

        def multiply(left: Any = left, right: Any = right) -> Any:
            return tf.linalg.matmul(left, right)

        what = {"op": "MatMul", "words": "%d x %d product" % (size, size), "dtype": dtype, "terms": size}
        others = {"on the CPU": on_cpu(tf, multiply)}
        comparisons.append(compared(np, what, answer=multiply(), truth=truth, factor=options["factor"], others=others))
    return {"comparisons": comparisons}
