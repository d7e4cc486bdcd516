"""LOAD305 activation-without-kernel: an activation that the plugin has no kernel for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.knowledge.layers import Kind
from m1doctor.lint.kernels import since, without_kernel
from m1doctor.lint.module import Module
from m1doctor.lint.names import Region
from m1doctor.lint.patterns import policies
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_MODULES = ("tensorflow.nn.", "keras.activations.", "keras.ops.", "keras.layers.")
_SECOND = frozenset({"keras.layers.Dense", "keras.layers.EinsumDense"})


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Activations of layers, by name, by function and as layers of their own."""
    plugin = versions.kernels().plugin
    half = next((name.removeprefix("mixed_") for _, name, _ in policies(module) if name.startswith("mixed_")), None)
    for node, written in _activations(module):
        activation = "silu" if written == "swish" else written
        missing = without_kernel(versions, Kind.ACTIVATION, activation)
        in_half = () if half is None else without_kernel(versions, Kind.ACTIVATION, activation, dtype=half)
        if missing or in_half:
            yield Seen(
                node=node,
                message=f"`{written}` needs {(missing or in_half)[0]}, for which tensorflow-metal {plugin} has no GPU "
                f"kernel{'' if missing else f' for {half}'}: each use and its gradient run on the CPU.",
                only_if=versions.if_plugin(),
            )
        elif versions.tensorflow is None and (release := since(versions, Kind.ACTIVATION, activation)) is not None:
            yield Seen(
                node=node,
                message=f"From TensorFlow {release} on, exact `{written}` needs what tensorflow-metal {plugin} has no "
                "GPU kernel for.",
                only_if=f"TensorFlow is {release} or newer",
                level=Level.NOTE,
            )


def _activations(module: Module) -> Iterator[tuple[ast.expr, str]]:
    for last, placed in module.index.calls.items():
        if not last[:1].isupper() and last not in module.index.renamed:
            continue
        for call, region in placed:
            given = next((keyword.value for keyword in call.keywords if keyword.arg == "activation"), None)
            if given is None and last not in ("Activation", "Dense", "ELU") and last not in module.index.renamed:
                continue
            name = module.name_of(call.func, region) or ""
            if not name.startswith("keras.layers."):
                continue
            if name == "keras.layers.ELU":
                yield call.func, "elu"
                continue
            if given is None and name in _SECOND and len(call.args) > 1:
                given = call.args[1]
            if given is None and name == "keras.layers.Activation" and call.args:
                given = call.args[0]
            found = _named(module, given, region) if given is not None else None
            if given is not None and found is not None:
                yield given, found


def _named(module: Module, node: ast.expr, region: Region) -> str | None:
    """The activation that an argument names, as text or as a function."""
    dotted = module.name_of(node, region)
    if dotted is not None:
        beginning = next((each for each in _MODULES if dotted.startswith(each)), None)
        return dotted.removeprefix(beginning) if beginning else None
    word = module.literal(node, region)
    return word if isinstance(word, str) else None


RULE = Rule(
    id="LOAD305",
    slug="activation-without-kernel",
    level=Level.WARNING,
    judge=judge,
    words=("'elu", '"elu', ".elu", "import elu", "ELU", "celu", "selu", "softplus", "softsign", "log_sigmoid", "mish",
           "gelu", "squareplus", "mixed_float16", "mixed_bfloat16"),
    page=RulePage(
        what=(
            "A layer's activation is elu, celu, selu, softplus, softsign or mish; exact gelu with TensorFlow 2.21; "
            "sigmoid or silu under a 16-bit policy."
        ),
        why=(
            "tensorflow-metal up to 1.2.0 has no kernel for these, nor for their gradients: after each such layer its "
            "output is copied to the CPU and back, forward and backward."
        ),
        example="x = keras.layers.Dense(128, activation='elu')(x)",
        better="x = keras.layers.Dense(128, activation='leaky_relu')(x)",
        fix=(
            "relu, leaky_relu, relu6, tanh and softmax have kernels; in float32 so do sigmoid and silu, and "
            "`gelu(x, approximate=True)`. A model that was trained with another activation keeps it."
        ),
        versions="tensorflow-metal 1.2.0 and older.",
        sources=(
            Source("The kernels that tensorflow-metal 0.5.0 to 1.2.0 register, read from the published libraries", None,
                   "2026-11-23"),
            Source("Traced: the ops of each activation, TensorFlow 2.18.1 and 2.21, Keras 3.8 and 3.15", None,
                   "2026-11-23"),
        ),
    ),
)  # fmt: skip
