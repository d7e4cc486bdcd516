"""Sums, means and maxima of many numbers."""

from __future__ import annotations

from .comparing import compared, on_cpu

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Tuple


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Reduce the rows of a matrix, and the whole of it."""
    import numpy as np  # noqa: TID251 - this is the child in which it is imported

    rows, columns = options["rows"], options["columns"]
    numbers = np.random.RandomState(23).random_sample((rows, columns)).astype("float32")
    exact = numbers.astype("float64")
    given = tf.constant(numbers)

    def again(reduce: Callable[[Any], Any]) -> Callable[[], Any]:
        return lambda: reduce(given)

    wanted: Tuple[Tuple[str, str, int, Callable[[Any], Any], Any], ...] = (
        ("Sum", "sum of rows", columns, lambda x: tf.reduce_sum(x, axis=1), exact.sum(axis=1)),
        ("Sum", "sum of columns", rows, lambda x: tf.reduce_sum(x, axis=0), exact.sum(axis=0)),
        ("Mean", "mean of a matrix", rows * columns, tf.reduce_mean, np.asarray([exact.mean()])),
        ("Max", "maximum of rows", 1, lambda x: tf.reduce_max(x, axis=1), exact.max(axis=1)),
    )
    comparisons = []
    for op, words, terms, reduce, truth in wanted:
        with tf.device("/" + device):
            answer = reduce(given)
        what = {"op": op, "words": words, "dtype": "float32", "terms": terms}
        others = {"on the CPU": on_cpu(tf, again(reduce))}
        comparisons.append(compared(np, what, answer=answer, truth=truth, factor=options["factor"], others=others))
    return {"comparisons": comparisons}
