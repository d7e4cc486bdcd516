"""LOAD301 float64: the model computes in double precision, for which Metal has nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.names import Region
from m1doctor.lint.patterns import policies
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_SET = ("keras.backend.set_floatx", "keras.config.set_floatx", "keras.set_floatx")
_DOUBLE = frozenset({"tensorflow.float64", "tensorflow.double", "tensorflow.dtypes.float64", "numpy.float64",
                     "numpy.double", "tensorflow.dtypes.double"})  # fmt: skip


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Double precision as the default, as a policy, or of one layer."""
    if versions.kernels().has("MatMul", "float64"):
        return
    plugin = versions.kernels().plugin
    for call, region in module.calls_of(*_SET):
        given = module.argument(call, "value", 0) or module.argument(call, "floatx", 0)
        if given is not None and _is_double(module, given, region):
            yield _seen(call, "Everything is computed in float64 from here on", plugin, versions)
    for call, name, _ in policies(module):
        if name == "float64":
            yield _seen(call, "Layers compute in float64 from here on", plugin, versions)
    for given, name in _layers(module):
        yield _seen(given, f"`{name}` computes in float64", plugin, versions)


def _layers(module: Module) -> Iterator[tuple[ast.expr, str]]:
    """Layers and inputs of that type, each with where it is said."""
    for last, placed in module.index.calls.items():
        if not last[:1].isupper() and last not in module.index.renamed:
            continue
        for call, region in placed:
            given = module.argument(call, "dtype")
            if given is None or not _is_double(module, given, region):
                continue
            name = module.name_of(call.func, region) or ""
            if name == "keras.Input" or (name.startswith("keras.layers.") and name[13:14].isupper()):
                yield given, name.rpartition(".")[2]


def _is_double(module: Module, node: ast.expr, region: Region) -> bool:
    return module.name_of(node, region) in _DOUBLE or module.literal(node, region) in ("float64", "double")


def _seen(node: ast.AST, start: str, plugin: str, versions: Versions) -> Seen:
    return Seen(
        node=node,
        message=f"{start}: tensorflow-metal {plugin} has no kernel for it, so all of that runs on the CPU.",
        only_if=versions.if_plugin(),
    )


RULE = Rule(
    id="LOAD301",
    slug="float64-on-metal",
    level=Level.WARNING,
    judge=judge,
    words=("float64", ".double", '"double"'),
    gain="2.3 times, and the GPU",
    page=RulePage(
        what="The default number format, a policy or a layer is float64.",
        why=(
            "Metal has no double precision. Of 560 kernels of tensorflow-metal 1.2.0 one takes float64, and it only "
            "copies: every other op runs on the CPU, with copies of its operands each way. On the CPU itself a product "
            "in float64 takes 2.3 times as long."
        ),
        example="keras.backend.set_floatx('float64')",
        better="keras.backend.set_floatx('float32')",
        fix="Compute in float32. What truly needs double precision belongs into NumPy, before or after the model.",
        versions="Every release of tensorflow-metal so far.",
        sources=(
            Source("The kernels that tensorflow-metal 0.5.0 to 1.2.0 register, read from the published libraries", None,
                   "2026-11-23"),
            Source("Keras: set_floatx", "https://keras.io/api/utils/config_utils/", "2026-11-23"),
        ),
    ),
)  # fmt: skip
