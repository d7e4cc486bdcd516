"""A chain of matrix products for the other parts: long enough to time, and of a kind that nothing of it is left out.

Each product takes the last one's answer, so that none is shared or pruned; the matrices come as arguments, so that none
is folded; they are scaled by 1 / sqrt(n), so that the values neither grow nor vanish. A scalar comes back.
"""

from __future__ import annotations

from .timing import seconds_of
from .tracing import traced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Tuple

WARM_UPS = 2
"""Runs at full length before the clock counts: the first one traces and allocates, the second one still grows."""


def chain(tf: Any, device: str, size: int, products: int, dtype: str) -> Callable[[], Any]:
    """The chain as a function without arguments, warmed up."""
    with tf.device("/" + device):
        scale = 1.0 / size**0.5
        left = tf.cast(tf.random.stateless_normal((size, size), seed=(3, 1)), dtype)
        right = tf.cast(tf.random.stateless_normal((size, size), seed=(3, 2)) * scale, dtype)

    def multiply(value: Any, other: Any) -> Any:
        with tf.device("/" + device):
            for _ in range(products):
                value = tf.linalg.matmul(value, other)
            return tf.reduce_mean(tf.cast(value, "float32"))

    run = traced(tf, multiply)
    for _ in range(WARM_UPS):
        run(left, right).numpy()
    return lambda: run(left, right)


def chosen_size(tf: Any, device: str, dtype: str, options: Dict[str, Any]) -> Tuple[int, float, Optional[str]]:
    """The size whose product takes long enough, seconds per product, and what stopped the search for want of memory.

    It begins with the smallest and grows by a half and a third in turn (512, 768, 1024), so that a product takes three
    times as long as the last one and not eight times: up to ``most_size``, and to a share of the machine's memory.
    """
    size, stopped = options["least_size"], None
    taken = _product_seconds(tf, device, size, dtype)
    while taken < options["product_seconds"]:
        larger = size + size // (3 if size % 3 == 0 else 2)
        if larger > options["most_size"] or 3 * 4 * larger**2 > options["memory_share"] * memory_bytes():
            break
        try:
            taken = _product_seconds(tf, device, larger, dtype)
        except tf.errors.ResourceExhaustedError as error:
            stopped = str(error)
            break
        size = larger
    return size, taken, stopped


def _product_seconds(tf: Any, device: str, size: int, dtype: str) -> float:
    with tf.device("/" + device):
        value = tf.ones((size, size), dtype)

        def product() -> Any:
            return tf.linalg.matmul(value, value)[0, 0]

        product().numpy()
        return min(seconds_of(product) for _ in range(3))


def memory_bytes() -> int:
    """The memory of the machine."""
    import os

    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
