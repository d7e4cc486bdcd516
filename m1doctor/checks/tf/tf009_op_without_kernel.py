"""TF009 op-without-kernel: an op, or one of its types, has no kernel on this GPU."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.plugin_words import label
from m1doctor.checks.target_run import other_plugin
from m1doctor.knowledge.kernels import KernelTable, kernel_table
from m1doctor.model.correctness import MissingKernel
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.plugins import Provider
from m1doctor.model.remedy import Remedy, manual

_PLUGIN = "tensorflow-metal"
_ALWAYS = "float32"
"""The type that every plugin is for; what it has for others is asked of its table."""


def judge(facts: Facts) -> Iterator[Finding]:
    """Report ops that all training uses, where the plugin should have a kernel and TensorFlow knows of none."""
    assert facts.correctness is not None  # noqa: S101 - declared in `needs`
    assert facts.correctness.kernels is not None  # noqa: S101 - likewise
    kernels = facts.correctness.kernels
    table = _table(facts)
    holes = [missing for missing in kernels.without if _is_expected(missing, table)]
    if not holes:
        return
    by_op = {op: [hole.dtype for hole in holes if hole.op == op] for op in dict.fromkeys(hole.op for hole in holes)}
    named = ", ".join(f"{op} of {' and '.join(dtypes)}" for op, dtypes in by_op.items())
    elsewhere = [
        f"asked of {kernels.device}, the {comparison.dtype} {comparison.words} is on {comparison.device}"
        for comparison in facts.correctness.comparisons
        if "GPU" not in comparison.device
    ]
    yield Finding(
        level=Level.WARNING,
        message=f"{kernels.device} has no kernel for {named}: the CPU does that work, and what it needs is copied "
        "there and back.",
        expected="a kernel for every op of ordinary training"
        if table is None
        else f"the kernels of {_PLUGIN} {table.plugin}",
        evidence=(
            f"of {kernels.asked} pairs of an op and a type, TensorFlow's registry has no kernel for {len(holes)}",
            *elsewhere,
            *(f"plugin: {label(library)}" for library in (facts.plugins.libraries if facts.plugins else ())),
        ),
        remedy=Remedy(
            summary="Change the plugin, or keep that part on the CPU on purpose.",
            steps=(
                *other_plugin(facts),
                manual("`m1doctor ops MODEL` tells for each layer of a model which of its ops the plugin has."),
            ),
        ),
    )


def _table(facts: Facts) -> KernelTable | None:
    """The kernels that the installed plugin should have; `None` for one that is not Apple's, or not known."""
    libraries = facts.plugins.libraries if facts.plugins is not None else ()
    apples = [library for library in libraries if library.provider is Provider.APPLE]
    metal = facts.packages.find(_PLUGIN) if facts.packages is not None else None
    versions = [library.version or (metal.version if metal is not None else "") for library in apples]
    return kernel_table(versions[0]) if versions else None


def _is_expected(missing: MissingKernel, table: KernelTable | None) -> bool:
    return missing.dtype == _ALWAYS if table is None else table.has(missing.op, missing.dtype)


def _without_a_gpu(facts: Facts) -> str | None:
    kernels = facts.correctness.kernels if facts.correctness is not None else None
    return "TensorFlow has no GPU that it may use" if kernels is not None and "GPU" not in kernels.device else None


CHECK = Check(
    id="TF009",
    slug="op-without-kernel",
    level=Level.WARNING,
    stage=Stage.RESULTS,
    needs=("correctness.kernels",),
    after=("TF004", "TF006"),
    applies=_without_a_gpu,
    judge=judge,
    passes=lambda facts: (
        f"{facts.correctness.kernels.device} has the kernels of ordinary training that its plugin should have."
        if facts.correctness and facts.correctness.kernels
        else ""
    ),
    page=Page(
        what=(
            "TensorFlow's own registry has no GPU kernel for an op that ordinary training uses, though the plugin "
            "should have one: Apple's by the table of its release, another for float32. Or a log says that TensorFlow "
            "was told to run an op on the GPU, and that the plugin has no kernel for it, or none for the type: complex "
            "and double-precision numbers have none on Metal, and random, image and lookup ops are missing in older "
            "plugins."
        ),
        why=(
            "By default the CPU does the work in silence, and everything that it needs is copied there and back in "
            "every step. Where TensorFlow may not move it, the call raises, or the graph does not start."
        ),
        see=(
            "Run `tf.debugging.set_log_device_placement(True)` first in a script. In a message, `Registered: "
            "device='CPU'` alone means that there is no GPU kernel; `attributes didn't match` means that there is one "
            "for other types. `m1doctor ops MODEL` tells it for each layer of a model."
        ),
        fix=(
            "Put that part under `with tf.device('/CPU:0'):`, let TensorFlow choose "
            "(`tf.config.set_soft_device_placement(True)`), use float32, or do the work in the tf.data pipeline, which "
            "runs on the CPU."
        ),
        sources=(
            Source(
                "tensorflow#53026: no supported kernel for GPU devices on an M1",
                "https://github.com/tensorflow/tensorflow/issues/53026",
                "2026-11-24",
            ),
            Source(
                "t81_558_deep_learning#135: a complex variable",
                "https://github.com/jeffheaton/t81_558_deep_learning/issues/135",
                "2026-11-24",
            ),
            Source("The kernel tables of Apple's plugin, read from its releases", None, "2026-11-26"),
        ),
    ),
)
