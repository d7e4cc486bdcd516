"""One training step of a small network at a batch size, at twice and at four times that."""

from __future__ import annotations

from .chain import chosen_size
from .timing import in_turns, seconds_of
from .tracing import traced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Time forward and backward through layers of products, as one graph, with batches that are there already."""
    layers, exhausted = options["layers"], None
    batch = options.get("batch") or options["least_batch"]
    width = _width(tf, device, layers, batch, options)
    step = _step(tf, device, width, layers)
    ready: Dict[int, Callable[[], Any]] = {}

    def at(batch: int) -> Callable[[], Any]:
        if batch not in ready:
            ready[batch] = _work(tf, device, step, batch, width)
        return ready[batch]

    while options.get("batch") is None and batch < options["most_batch"]:
        if _shortest(at(batch), options["step_seconds"]) >= options["step_seconds"]:
            break
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


def _width(tf: Any, device: str, layers: int, batch: int, options: Dict[str, Any]) -> int:
    """The width of the layers, less of it on a device for which the smallest step would be far too much.

    Judged by the speed of one product, which is had without a graph: a step is three products for each layer.
    """
    size, taken, _ = chosen_size(tf, device, "float32", options)
    width = options["width"]
    while width > options["least_width"]:
        if taken * 3 * layers * batch * width**2 / size**3 <= options["longest_step_seconds"]:
            break
        width //= 2
    return int(width)


def _work(tf: Any, device: str, step: Any, batch: int, width: int) -> Callable[[], Any]:
    """The step at a batch size, warmed up."""
    with tf.device("/" + device):
        data = tf.random.stateless_normal((batch, width), seed=(5, batch))
    step(data).numpy()
    return lambda: step(data)


def _shortest(work: Callable[[], Any], enough: float) -> float:
    """The shortest of three, or the first one where that is far beyond doubt."""
    first = seconds_of(work)
    return first if first > 4 * enough else min(first, seconds_of(work), seconds_of(work))


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

    return traced(tf, step, input_signature=[tf.TensorSpec((None, width), tf.float32)])
