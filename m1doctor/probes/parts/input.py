"""What a step waits for its data: pictures decoded in different ways in front of the same step on the device.

The step is a chain of products of a known length. `good` decodes in parallel ahead of the step, `naive` one picture
after the other between the steps, `synthetic` has one batch and gives it out again and again.
"""

from __future__ import annotations

import time

from .chain import chosen_size
from .timing import in_turns
from .tracing import as_it_stands, traced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterator, List


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Time steps behind each pipeline: all of it, and the share that `next` took."""
    pictures = _pictures(tf, options)
    step = _step(tf, device, options)
    batch = options["batch"]

    def decode(data: Any) -> Any:
        picture = tf.io.decode_jpeg(data, channels=3)
        picture = tf.image.resize(tf.cast(picture, tf.float32), (options["side"], options["side"]))
        return tf.image.random_flip_left_right(picture) / 255.0

    mapped = as_it_stands(tf, decode)
    encoded = tf.data.Dataset.from_tensor_slices(pictures).repeat()
    calls = _cores()
    with tf.device("/CPU:0"):
        whole = tf.stack([decode(picture) for picture in pictures[:batch]])
    pipelines: Dict[str, Iterator[Any]] = {
        "synthetic": _again(whole),
        "good": iter(encoded.map(mapped, num_parallel_calls=calls).batch(batch).prefetch(options["ahead"])),
        "naive": _one_by_one(tf, decode, pictures, batch),
    }
    if options["variants"]:
        ready = tf.data.Dataset.from_tensor_slices(pictures).map(mapped, num_parallel_calls=calls).cache()
        pipelines["serial"] = iter(encoded.map(mapped, num_parallel_calls=1).batch(batch))
        pipelines["cached"] = iter(ready.repeat().batch(batch).prefetch(options["ahead"]))

    def timed(name: str) -> Callable[[], List[float]]:
        iterator = pipelines[name]

        def work() -> List[float]:
            if name not in ("synthetic", "naive"):
                # What was made ahead while the others ran is not what a pipeline gives in the long run.
                for _ in range(options["ahead"] + 1):
                    next(iterator)
                step(next(iterator)).numpy()
            waited, begin = 0.0, time.perf_counter()
            for _ in range(options["steps"]):
                ask = time.perf_counter()
                data = next(iterator)
                waited += time.perf_counter() - ask
                step(data).numpy()
            return [time.perf_counter() - begin, waited]

        return work

    for iterator in pipelines.values():
        step(next(iterator)).numpy()
    found = in_turns({name: timed(name) for name in pipelines}, options)
    return {
        "device": device,
        "batch": batch,
        "steps": options["steps"],
        "runs": [
            {
                "pipeline": name,
                "seconds": [sample[0] for sample in found[name]],
                "waited_seconds": [sample[1] for sample in found[name]],
            }
            for name in pipelines
        ],
        "stages": _stages(tf, pipelines["good"]),
    }


def _pictures(tf: Any, options: Dict[str, Any]) -> Any:
    """Encoded pictures with something in them: smooth noise, as photographs are."""
    side = options["picture_side"]
    with tf.device("/CPU:0"):
        small = tf.random.stateless_uniform((options["pictures"], side // 8, side // 8, 3), seed=(1, 2), maxval=255.0)
        large = tf.cast(tf.image.resize(small, (side, side)), tf.uint8)
        return tf.stack([tf.io.encode_jpeg(large[number]) for number in range(options["pictures"])])


def _step(tf: Any, device: str, options: Dict[str, Any]) -> Any:
    """A step of about the wanted length that needs its batch."""
    size, taken, _ = chosen_size(tf, device, "float32", options)
    products = max(1, round(options["step_seconds"] / taken))
    with tf.device("/" + device):
        left = tf.random.stateless_normal((size, size), seed=(3, 1))
        right = tf.random.stateless_normal((size, size), seed=(3, 2)) * size**-0.5

    def multiply(data: Any, value: Any, other: Any) -> Any:
        with tf.device("/" + device):
            value += tf.reduce_mean(data)
            for _ in range(products):
                value = tf.linalg.matmul(value, other)
            return tf.reduce_mean(value)

    step = traced(tf, multiply)
    return lambda data: step(data, left, right)


def _again(batch: Any) -> Iterator[Any]:
    while True:
        yield batch


def _one_by_one(tf: Any, decode: Any, pictures: Any, batch: int) -> Iterator[Any]:
    """What a loop in Python does that decodes its pictures itself."""
    import numpy as np  # noqa: TID251 - this is the child in which it is imported

    number = 0
    while True:
        with tf.device("/CPU:0"):
            some = [decode(pictures[(number + each) % len(pictures)]).numpy() for each in range(batch)]
            whole = tf.constant(np.stack(some))
        number += batch
        yield whole


def _cores() -> int:
    import os

    return os.cpu_count() or 1


def _stages(tf: Any, iterator: Any) -> List[Dict[str, Any]]:
    """The stages of the pipeline with what each cost, as the autotuner has seen it; none where it does not say."""
    ask = getattr(tf.data.experimental, "get_model_proto", None)
    if ask is None:
        return []
    try:
        model = ask(iterator)
        return [
            {
                "name": node.name.partition("(")[0],
                "elements": int(node.num_elements),
                "busy_seconds": node.processing_time / 1e9,
            }
            for node in model.nodes.values()
            if node.num_elements
        ]
    except Exception:  # noqa: BLE001 - an experimental interface: its absence costs a word in the report
        return []
