"""How fast matrices are multiplied, for each dtype that the device has a kernel for."""

from __future__ import annotations

from .chain import chain, chosen_size
from .timing import in_turns, seconds_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List


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
            size, _, exhausted = chosen_size(tf, device, dtype, options)
            work = chain(tf, device, size, options["products"], dtype)
            found = in_turns({"work": lambda work=work: seconds_of(work)}, options)  # type: ignore[misc] # mypy's
        except tf.errors.ResourceExhaustedError as error:
            exhausted = str(error)
            continue
        runs.append({"dtype": dtype, "size": size, "products": options["products"], "seconds": found["work"]})
    return {"device": device, "runs": runs, "without_kernel": without_kernel, "exhausted": exhausted}


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
