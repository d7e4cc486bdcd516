"""What the parts that compare have in common: an answer of TensorFlow beside the same worked out in float64.

The known answer is NumPy's, in double precision, whether or not there is a GPU: it does not depend on any kernel of
TensorFlow. Where an answer is wrong, the same is asked of others (the CPU, or op by op), to tell whose fault it is.
"""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional

_EPSILON = {"float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
"""Distance from 1 to the next number."""


def compared(
    np: Any,
    what: Dict[str, Any],
    *,
    answer: Any,
    truth: Any,
    factor: Dict[str, float],
    others: Optional[Dict[str, Callable[[], Any]]] = None,
) -> Dict[str, Any]:
    """One comparison. `what` tells the op, the same in words, the dtype, and how many terms an element adds up.

    Rounding errors of a sum of n terms add up like a random walk, so that an answer may be off by `factor` of the dtype
    x sqrt(n) x epsilon x the largest value. `others` are asked only where the answer is wrong.
    """
    largest = float(np.abs(truth).max())
    tolerance = factor[what["dtype"]] * math.sqrt(what["terms"]) * _EPSILON[what["dtype"]] * largest
    found = np.asarray(as_float64(np, answer))
    difference = np.abs(found - truth)
    wrong = ~(difference <= tolerance)
    worst = np.unravel_index(int(np.where(np.isfinite(difference), difference, np.inf).argmax()), truth.shape)
    facts = dict(what)
    facts.update(
        device=str(answer.device),
        elements=int(truth.size),
        wrong_elements=int(wrong.sum()),
        largest_error=_largest(np, difference),
        where=[int(index) for index in worst],
        tolerance=tolerance,
        largest_value=largest,
        others={},
    )
    if wrong.any():
        for name, ask in (others or {}).items():
            facts["others"][name] = _largest(np, np.abs(as_float64(np, ask()) - truth))
    return facts


def _largest(np: Any, difference: Any) -> Optional[float]:
    """The largest difference; `None` where one is not finite."""
    return float(difference.max()) if np.isfinite(difference).all() else None


def as_float64(np: Any, tensor: Any) -> Any:
    """The numbers of a tensor. bfloat16 is a type that NumPy does not have by itself."""
    return np.asarray(tensor.numpy()).astype("float64")


def on_cpu(tf: Any, work: Callable[[], Any]) -> Callable[[], Any]:
    """The same work on the CPU."""

    def ask() -> Any:
        with tf.device("/CPU:0"):
            return work()

    return ask
