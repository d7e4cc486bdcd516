"""What a Dense layer with ReLU emits, in graph mode: relu(bias_add(matmul)), which a plugin makes one kernel of."""

from __future__ import annotations

from .comparing import compared, on_cpu
from .tracing import traced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Send a batch through layers with more and more inputs."""
    import numpy as np  # noqa: TID251 - this is the child in which it is imported

    random = np.random.RandomState(21)
    return {
        "comparisons": [_layer(tf, np, random, device, {**options, "inputs": inputs}) for inputs in options["inputs"]]
    }


def _layer(tf: Any, np: Any, random: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    inputs = options["inputs"]
    x = random.standard_normal((options["batch"], inputs)).astype("float32")
    kernel = random.standard_normal((inputs, options["units"])).astype("float32")
    bias = random.standard_normal(options["units"]).astype("float32")
    truth = np.maximum(x.astype("float64") @ kernel.astype("float64") + bias.astype("float64"), 0.0)
    with tf.device("/" + device):
        given, weights, shift = tf.constant(x), tf.Variable(kernel), tf.Variable(bias)

    def op_by_op() -> Any:
        with tf.device("/" + device):
            return tf.nn.relu(tf.nn.bias_add(tf.linalg.matmul(given, weights), shift))

    what = {
        "op": "_FusedMatMul",
        "words": "Dense layer with ReLU and %d inputs in graph mode" % inputs,
        "dtype": "float32",
        "terms": inputs,
    }
    others = {
        "op by op": op_by_op,
        "on the CPU": on_cpu(tf, lambda: tf.nn.relu(tf.nn.bias_add(tf.linalg.matmul(x, kernel), bias))),
    }
    answer = traced(tf, op_by_op)()
    return compared(np, what, answer=answer, truth=truth, factor=options["factor"], others=others)
