"""LOAD304 dilated-convolution: dilation is done by ops that have no kernel."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.knowledge.layers import Kind
from m1doctor.lint.kernels import without_kernel
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_LAYERS = ("keras.layers.Conv2D", "keras.layers.SeparableConv2D", "keras.layers.DepthwiseConv2D")


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Convolutions with a dilation other than one."""
    for call, region in module.calls_of(*_LAYERS):
        given = module.argument(call, "dilation_rate")
        rate = module.literal(given, region) if given is not None else 1
        if not isinstance(rate, int | tuple | list):
            continue
        # The pieces of the other convolutions are those of a plain one.
        missing = without_kernel(versions, Kind.LAYER, "Conv2D", options={"dilation_rate": rate})
        if missing:
            yield Seen(
                node=call.func,
                message=f"Dilation shuffles the image with {missing[-1]}, for which tensorflow-metal "
                f"{versions.kernels().plugin} has no GPU kernel.",
                only_if=versions.if_plugin(),
            )


RULE = Rule(
    id="LOAD304",
    slug="dilated-convolution",
    level=Level.NOTE,
    judge=judge,
    words=("dilation_rate",),
    page=RulePage(
        what="A `Conv2D` has a `dilation_rate` other than 1.",
        why=(
            "Keras dilates by `SpaceToBatchND` and `BatchToSpaceND` around a plain convolution. Neither has a kernel "
            "in tensorflow-metal up to 1.2.0: the whole image goes to the CPU and back, twice."
        ),
        example="x = keras.layers.Conv2D(32, 3, dilation_rate=2)(x)",
        better="x = keras.layers.Conv2D(32, 5)(x)",
        fix="A larger kernel, or a stride, where the model allows it.",
        versions="tensorflow-metal 1.2.0 and older.",
        sources=(Source("Traced: Conv2D of Keras 3.8 and 3.15", None, "2026-11-23"),),
    ),
)
