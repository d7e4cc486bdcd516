"""LOAD310 loss-scaling-on-cpu: mixed_float16 checks every gradient on the CPU."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.patterns import policies, under_an_option
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """The policy mixed_float16, unless the loss is not scaled."""
    table = versions.kernels()
    if table.has("IsFinite", "float32") or _scales_by_itself(module):
        return
    what = "each is copied to the CPU" if table.has("MatMul", "float16") else "none for float16 at all"
    for call, name, region in policies(module):
        if name == "mixed_float16":
            yield Seen(
                node=call,
                message=f"Loss scaling asks `IsFinite` of every gradient in every step; tensorflow-metal "
                f"{table.plugin} has no GPU kernel for it: {what}.",
                only_if=versions.if_plugin(),
                level=Level.NOTE if under_an_option(region) else None,
            )


def _scales_by_itself(module: Module) -> bool:
    for call, region in module.calls("compile"):
        given = module.argument(call, "auto_scale_loss")
        if given is not None and module.literal(given, region) is False:
            return True
    return False


RULE = Rule(
    id="LOAD310",
    slug="loss-scaling-on-cpu",
    level=Level.WARNING,
    judge=judge,
    words=("mixed_float16",),
    page=RulePage(
        what="The policy `mixed_float16` is set, and the loss is scaled as Keras does by default.",
        why=(
            "Loss scaling runs `IsFinite` and `All` once for each gradient. Neither has a GPU kernel in "
            "tensorflow-metal up to 1.2.0, so that every gradient is copied back in every step: 19 and 20 of them for "
            "one transformer block. There is little to win: the GPUs of M1 to M4 compute float16 no faster than "
            "float32, and before 0.8.0 the plugin had no 16-bit kernels at all."
        ),
        example="keras.mixed_precision.set_global_policy('mixed_float16')",
        better="keras.mixed_precision.set_global_policy('float32')",
        fix=(
            "Stay with float32. Where memory is what matters: `compile(auto_scale_loss=False)` and a loss scale of "
            "your own."
        ),
        versions="tensorflow-metal 1.2.0 and older.",
        sources=(
            Source("The kernels that tensorflow-metal 0.5.0 to 1.2.0 register, read from the published libraries", None,
                   "2026-11-23"),
            Source("TensorFlow: mixed precision", "https://www.tensorflow.org/guide/mixed_precision", "2026-11-23"),
            Source("philipturner/metal-benchmarks: float16 at the rate of float32",
                   "https://github.com/philipturner/metal-benchmarks", "2026-11-23"),
        ),
    ),
)  # fmt: skip
