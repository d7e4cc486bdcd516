"""How fast matrices are multiplied, for each dtype that the device has a kernel for."""

from __future__ import annotations

from .chain import chain, chosen_size
from .timing import in_turns, seconds_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

_LEAST_SIZE = 128
"""Nothing is learned from smaller products."""


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Time chains of products of a size that takes long enough."""
    runs: List[Dict[str, Any]] = []
    without_kernel = []
    exhausted = None
    for dtype in options["dtypes"]:
        if not has_kernel(tf, device, dtype):
            without_kernel.append(dtype)
            continue
        try:
            size, _, stopped = chosen_size(tf, device, dtype, options)
            size, work, smaller = _fitting_chain(tf, device, size, dtype, options)
            found = in_turns({"work": lambda work=work: seconds_of(work)}, options)  # type: ignore[misc] # mypy's
        except tf.errors.ResourceExhaustedError as error:
            exhausted = exhausted or str(error)
            continue
        exhausted = exhausted or stopped or smaller
        runs.append({"dtype": dtype, "size": size, "products": options["products"], "seconds": found["work"]})
    return {"device": device, "runs": runs, "without_kernel": without_kernel, "exhausted": exhausted}


def _fitting_chain(
    tf: Any, device: str, size: int, dtype: str, options: Dict[str, Any]
) -> Tuple[int, Callable[[], Any], Optional[str]]:
    """The chain, of a smaller size where the device has no memory for it: size, chain, and what was said of the larger.

    A chain holds more at once than the single product that its size was chosen by.
    """
    said = None
    while True:
        try:
            return size, chain(tf, device, size, options["products"], dtype), said
        except tf.errors.ResourceExhaustedError as error:
            if size <= _LEAST_SIZE:
                raise
            said, size = str(error), size // 2


def has_kernel(tf: Any, device: str, dtype: str) -> bool:
    """Whether the device multiplies matrices of this dtype itself, asked of the product's own place."""
    with tf.device("/" + device):
        one = tf.ones((2, 2), dtype)
        soft = tf.config.get_soft_device_placement()
        tf.config.set_soft_device_placement(False)
        try:
            return str(tf.linalg.matmul(one, one).device).endswith(device)
        except tf.errors.InvalidArgumentError:
            return False
        finally:
            tf.config.set_soft_device_placement(soft)
