"""Rows taken out by index and put in by index, some of them several times."""

from __future__ import annotations

from .comparing import compared, on_cpu

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Tuple


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Gather, and add what was gathered to rows of a table."""
    import numpy as np  # noqa: TID251 - this is the child in which it is imported

    rows, columns, picks = options["rows"], options["columns"], options["picks"]
    random = np.random.RandomState(24)
    table = random.standard_normal((rows, columns)).astype("float32")
    indices = random.randint(0, rows, picks).astype("int32")
    updates = random.standard_normal((picks, columns)).astype("float32")
    known, base = np.zeros((rows, columns)), table.astype("float64")
    np.add.at(known, indices, updates.astype("float64"))
    most = int(np.bincount(indices).max()) + 1
    source, places, values = tf.constant(table), tf.constant(indices), tf.constant(updates)
    wanted: Tuple[Tuple[str, str, int, Callable[[], Any], Any], ...] = (
        ("GatherV2", "gather of rows", 1, lambda: tf.gather(source, places), base[indices]),
        (
            "TensorScatterAdd",
            "scatter that adds rows",
            most,
            lambda: tf.tensor_scatter_nd_add(source, places[:, tf.newaxis], values),
            base + known,
        ),
        (
            "UnsortedSegmentSum",
            "sum of rows by segment",
            most,
            lambda: tf.math.unsorted_segment_sum(values, places, rows),
            known,
        ),
    )
    comparisons = []
    for op, words, terms, work, truth in wanted:
        with tf.device("/" + device):
            answer = work()
        what = {"op": op, "words": words, "dtype": "float32", "terms": terms}
        others = {"on the CPU": on_cpu(tf, work)}
        comparisons.append(compared(np, what, answer=answer, truth=truth, factor=options["factor"], others=others))
    return {"comparisons": comparisons}
