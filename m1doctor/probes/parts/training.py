"""A few steps of gradient descent on a tiny model, beside the same steps worked out in float64."""

from __future__ import annotations

from .tracing import traced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Train, and tell the loss of every step here and there."""
    import numpy as np  # noqa: TID251 - this is the child in which it is imported

    samples, inputs, hidden = options["samples"], options["inputs"], options["hidden"]
    random = np.random.RandomState(25)
    x = random.standard_normal((samples, inputs)).astype("float32")
    targets = np.tanh(x @ random.standard_normal((inputs, 1)).astype("float32") / np.float32(inputs**0.5))
    first = (random.standard_normal((inputs, hidden)) / inputs**0.5).astype("float32")
    last = (random.standard_normal((hidden, 1)) / hidden**0.5).astype("float32")
    bias = np.zeros(hidden, "float32")
    with tf.device("/" + device):
        variables = [tf.Variable(each) for each in (first, bias, last)]
        given, wanted = tf.constant(x), tf.constant(targets)

        def descend() -> Any:
            with tf.GradientTape() as tape:
                inner = tf.nn.relu(tf.nn.bias_add(tf.linalg.matmul(given, variables[0]), variables[1]))
                loss = tf.reduce_mean(tf.square(tf.linalg.matmul(inner, variables[2]) - wanted))
            for variable, gradient in zip(variables, tape.gradient(loss, variables)):  # noqa: B905 - 3.8 has no strict
                variable.assign_sub(options["rate"] * gradient)
            return loss

        step = traced(tf, descend)
        losses = [step() for _ in range(options["steps"])]
    return {
        "device": str(losses[-1].device),
        "losses": _finite([float(loss) for loss in losses]),
        "expected_losses": _known(np, (x, targets), (first, bias, last), options),
    }


def _finite(losses: List[float]) -> List[Any]:
    """JSON has no word for what is not a number."""
    return [loss if abs(loss) < float("inf") else None for loss in losses]


def _known(np: Any, data: Tuple[Any, Any], weights: Tuple[Any, Any, Any], options: Dict[str, Any]) -> List[float]:
    x, targets = (each.astype("float64") for each in data)
    first, bias, last = (each.astype("float64") for each in weights)
    losses = []
    for _ in range(options["steps"]):
        inner = x @ first + bias
        active = np.maximum(inner, 0.0)
        error = active @ last - targets
        losses.append(float((error**2).mean()))
        back = 2.0 * error / error.size
        through = (back @ last.T) * (inner > 0)
        last = last - options["rate"] * (active.T @ back)
        first, bias = first - options["rate"] * (x.T @ through), bias - options["rate"] * through.sum(axis=0)
    return losses
