"""Plain TensorFlow calls as a graph, for the other parts: without AutoGraph.

AutoGraph rewrites `if` and `for` over tensors, of which the parts have none. Reading and rewriting their source takes
it 30 ms for each function, and half a second for what `Dataset.map` is given (measured on TensorFlow 2.18.1): time that
says nothing of the device.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


def traced(tf: Any, work: Callable[..., Any], **options: Any) -> Any:
    """`work` as a `tf.function`; `options` are those of TensorFlow's."""
    return tf.function(work, autograph=False, **options)


def as_it_stands(tf: Any, work: Callable[..., Any]) -> Any:
    """`work` for `Dataset.map`, which hands to AutoGraph whatever does not say that it is to be left alone."""
    return tf.autograph.experimental.do_not_convert(work)
