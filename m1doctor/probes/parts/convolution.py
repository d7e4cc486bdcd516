"""A convolution in graph mode: forward, forward with bias and ReLU, and both gradients."""

from __future__ import annotations

from .comparing import compared, on_cpu
from .tracing import traced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Tuple


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Send a few images through, and a gradient back."""
    import numpy as np  # noqa: TID251 - this is the child in which it is imported

    batch, side, channels, filters, width = (
        options[name] for name in ("batch", "side", "channels", "filters", "width")
    )
    random = np.random.RandomState(22)
    images = random.standard_normal((batch, side, side, channels)).astype("float32")
    kernel = random.standard_normal((width, width, channels, filters)).astype("float32")
    bias = random.standard_normal(filters).astype("float32")
    upstream = random.standard_normal((batch, side, side, filters)).astype("float32")
    forward, to_images, to_kernel = _known(np, images, kernel, upstream)

    def step(images: Any, reversed_images: Any, kernel: Any, bias: Any, upstream: Any) -> Tuple[Any, ...]:
        with tf.GradientTape() as tape:
            tape.watch([images, kernel])
            plain = tf.nn.conv2d(images, kernel, strides=1, padding="SAME")
        # Other images: of two equal convolutions TensorFlow would make one, and fuse neither.
        fused = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(reversed_images, kernel, strides=1, padding="SAME"), bias))
        gradients = tape.gradient(plain, [images, kernel], output_gradients=upstream)
        return (plain, fused, *gradients)

    def again(index: int) -> Callable[[], Any]:
        return lambda: step(*given)[index]

    given = [tf.constant(each) for each in (images, images[::-1].copy(), kernel, bias, upstream)]
    with tf.device("/" + device):
        answers = traced(tf, step)(*given)
    terms = width * width * channels
    layer = np.maximum(forward[::-1] + bias.astype("float64"), 0.0)
    truths = (
        ("Conv2D", "convolution", terms, forward),
        ("_FusedConv2D", "convolution with bias and ReLU", terms, layer),
        ("Conv2DBackpropInput", "gradient of a convolution by its images", width * width * filters, to_images),
        ("Conv2DBackpropFilter", "gradient of a convolution by its filter", batch * side * side, to_kernel),
    )
    comparisons = []
    for index, (op, words, count, truth) in enumerate(truths):
        what = {"op": op, "words": words + " in graph mode", "dtype": "float32", "terms": count}
        others = {"on the CPU": on_cpu(tf, again(index))}
        comparisons.append(
            compared(np, what, answer=answers[index], truth=truth, factor=options["factor"], others=others)
        )
    return {"comparisons": comparisons}


def _known(np: Any, images: Any, kernel: Any, upstream: Any) -> Tuple[Any, Any, Any]:
    """The convolution and its two gradients in float64: a product for each place of the filter."""
    images, kernel, upstream = (each.astype("float64") for each in (images, kernel, upstream))
    width, side, edge = kernel.shape[0], images.shape[1], kernel.shape[0] // 2
    padded = np.pad(images, ((0, 0), (edge, edge), (edge, edge), (0, 0)))
    forward, by_padded, by_kernel = np.zeros_like(upstream), np.zeros_like(padded), np.zeros_like(kernel)
    for row in range(width):
        for column in range(width):
            here = np.s_[:, row : row + side, column : column + side, :]
            forward += padded[here] @ kernel[row, column]
            by_padded[here] += upstream @ kernel[row, column].T
            by_kernel[row, column] = np.tensordot(padded[here], upstream, axes=([0, 1, 2], [0, 1, 2]))
    return forward, by_padded[:, edge : edge + side, edge : edge + side, :], by_kernel
