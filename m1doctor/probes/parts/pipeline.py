"""Whole numbers sent through a small tf.data pipeline: whether all of them come out, and rightly."""

from __future__ import annotations

from .tracing import as_it_stands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Send the numbers through map, batch and prefetch, and add them up."""
    import time

    del device  # a pipeline runs on the CPU
    elements, batch = options["elements"], options["batch"]
    begin = time.perf_counter()
    dataset = tf.data.Dataset.range(elements).map(
        as_it_stands(tf, lambda x: x * 3 + 1), num_parallel_calls=tf.data.AUTOTUNE
    )
    dataset = dataset.batch(batch).prefetch(tf.data.AUTOTUNE)
    count, total = 0, 0
    for values in dataset:
        numbers = values.numpy()
        count += len(numbers)
        total += int(numbers.sum())
    return {
        "elements": count,
        "expected_elements": elements,
        "checksum_matches": total == sum(number * 3 + 1 for number in range(elements)),
        "seconds": time.perf_counter() - begin,
    }
