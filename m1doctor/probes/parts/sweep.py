"""One training step of a small network at a batch size, at twice and at four times that."""

from __future__ import annotations

from .timing import in_turns, seconds_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Time forward and backward through layers of products, as one graph, with batches that are there already."""
    width, layers = options["width"], options["layers"]
    step = _step(tf, device, width, layers)

    def at(batch: int) -> Callable[[], Any]:
        with tf.device("/" + device):
            data = tf.random.stateless_normal((batch, width), seed=(5, batch))
        for _ in range(2):
            step(data).numpy()
        return lambda: step(data)

    batch, exhausted = options.get("batch"), None
    if batch is None:
        batch = options["least_batch"]
        while batch < options["most_batch"] and _shortest(at(batch)) < options["step_seconds"]:
            batch *= 2
    batches: List[int] = []
    contenders: Dict[str, Callable[[], float]] = {}
    for each in (batch, 2 * batch, 4 * batch):
        try:
            work = at(each)
        except tf.errors.ResourceExhaustedError as error:
            exhausted = str(error)
            break
        batches.append(each)
        contenders[str(each)] = lambda work=work: seconds_of(work)  # type: ignore[misc] # mypy's: a default binds it
    found: Dict[str, Optional[List[float]]] = dict(in_turns(contenders, options)) if contenders else {}
    runs = [{"batch": each, "seconds": found[str(each)]} for each in batches]
    return {"device": device, "width": width, "layers": layers, "runs": runs, "exhausted": exhausted}


def _shortest(work: Callable[[], Any]) -> float:
    return min(seconds_of(work) for _ in range(3))


def _step(tf: Any, device: str, width: int, layers: int) -> Any:
    with tf.device("/" + device):
        weights = [
            tf.Variable(tf.random.stateless_normal((width, width), seed=(7, number)) * width**-0.5)
            for number in range(layers)
        ]

    def step(data: Any) -> Any:
        with tf.device("/" + device):
            with tf.GradientTape() as tape:
                value = data
                for weight in weights:
                    value = tf.nn.relu(tf.linalg.matmul(value, weight))
                loss = tf.reduce_mean(value)
            gradients = tape.gradient(loss, weights)
            # Of every gradient one element is in the answer, so that none is left out.
            return loss + tf.add_n([gradient[0, 0] for gradient in gradients])

    return tf.function(step, input_signature=[tf.TensorSpec((None, width), tf.float32)])
