"""One matrix product where TensorFlow puts it by itself, compared with NumPy's answer in float64."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Multiply two matrices and say where that was done and how far the answer is off."""
    import math

    import numpy as np  # noqa: TID251 - this is the child in which it is imported

    del device  # TensorFlow's own choice is what is looked at
    size = options["size"]
    random = np.random.RandomState(20)
    left = random.standard_normal((size, size)).astype("float32")
    right = random.standard_normal((size, size)).astype("float32")
    truth = left.astype("float64") @ right.astype("float64")
    largest = float(np.abs(truth).max())
    tolerance = options["tolerance_factor"] * math.sqrt(size) * options["epsilon"] * largest
    product = tf.linalg.matmul(tf.constant(left), tf.constant(right))
    answer = product.numpy()
    difference = np.abs(answer.astype("float64") - truth)
    finite = bool(np.isfinite(answer).all())
    return {
        "size": size,
        "device": product.device,
        "largest_error": float(difference[np.isfinite(difference)].max()) if finite else None,
        "tolerance": tolerance,
        "largest_value": largest,
        "wrong_elements": int((~(difference <= tolerance)).sum()),
    }
