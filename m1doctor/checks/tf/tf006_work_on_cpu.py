"""TF006 work-on-cpu: the GPU is there, and a matrix product asked of it ran elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.target_run import applies_to_gpus, other_plugin
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.correctness import MissingKernel
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual

_NO_KERNEL = MissingKernel(op="MatMul", dtype="float32")


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a product that was asked of the GPU and done by another device, and one left to TensorFlow."""
    assert facts.runtime is not None  # noqa: S101 - declared in `needs`
    runtime = facts.runtime
    assert runtime.matmul_device is not None  # noqa: S101 - declared in `needs`
    if not runtime.visible_gpus:
        return
    evidence = [
        f"asked of {runtime.matmul_requested}, the product is on {runtime.matmul_device}",
        *([runtime.matmul_refusal.strip()] if runtime.matmul_refusal else []),
    ]
    answers = facts.correctness
    products = answers.product.comparisons[:1] if answers is not None and answers.product is not None else ()
    places = [runtime.matmul_device, *(product.device for product in products)]
    evidence += [f"left to TensorFlow, a {product.words} is on {product.device}" for product in products]
    if answers is not None and answers.kernels is not None and _NO_KERNEL in answers.kernels.without:
        evidence.append("TensorFlow's registry has no GPU kernel for MatMul of float32")
    elsewhere = [place for place in places if "GPU" not in place]
    share = _share(facts)
    if not elsewhere and (share is None or share >= threshold("gpu-share-unused")):
        return
    if share is not None:
        evidence.append(f"GPU time of the process, as the system counts it: {share:.1%} of the time of the products")
    gpu = runtime.visible_gpus[0].name
    yield Finding(
        level=Level.ERROR,
        message=_message(facts, gpu, elsewhere),
        expected="a MatMul on device:GPU:0",
        evidence=tuple(evidence),
        remedy=Remedy(
            summary="Change the plugin: its kernels are not registered here.",
            steps=(
                *other_plugin(facts),
                manual(
                    "Run `tf.debugging.set_log_device_placement(True)` first in a script to see where each op runs."
                ),
            ),
        ),
    )


def _message(facts: Facts, gpu: str, elsewhere: list[str]) -> str:
    if not elsewhere:
        return f"TensorFlow says that products run on {gpu}, but the system counts no GPU time for the process."
    refused = facts.runtime is not None and facts.runtime.matmul_refusal
    reason = ": the plugin has no kernel for it." if refused else "."
    return f"TensorFlow lists {gpu}, but a float32 matrix product runs on {_short(elsewhere[0])}{reason}"


def _share(facts: Facts) -> float | None:
    """Share of the time of the products in which the process had work on the GPU; `None` where nobody counts it."""
    load = facts.bench.load if facts.bench is not None else None
    return load.gpu_share("matmul") if load is not None else None


def _established(facts: Facts) -> str:
    place = _short(facts.runtime.matmul_device or "") if facts.runtime else ""
    share = _share(facts)
    counted = f", and the process had work on the GPU in {share:.0%} of the time" if share is not None else ""
    return f"A matrix product runs on {place}{counted}."


def _short(device: str) -> str:
    """``"CPU:0"`` of ``"/job:localhost/replica:0/task:0/device:CPU:0"``."""
    return device.rpartition("device:")[2]


CHECK = Check(
    id="TF006",
    slug="work-on-cpu",
    level=Level.ERROR,
    stage=Stage.DEVICE,
    needs=("runtime.matmul_device",),
    after=("TF004",),
    applies=applies_to_gpus,
    judge=judge,
    passes=_established,
    page=Page(
        what=(
            "There is a GPU, and the work that was meant for it ran on the CPU. "
            "TensorFlow lists a GPU. A small float32 product was asked of it with soft placement off, so that "
            "TensorFlow may not move it, and then once more with the default; a larger one was left to TensorFlow "
            "altogether. `.device` of a result says that it did not run on the GPU; or the IO registry of macOS, which "
            "counts the GPU time of every process, counted none for it while products were timed."
        ),
        why=(
            "A listed GPU only proves that the plugin was loaded. Soft placement, which is on by default, moves work "
            "without a kernel to the CPU in silence, so training is slow with a GPU in plain sight."
        ),
        see=(
            "Run `tf.config.set_soft_device_placement(False)` and then `with tf.device('/GPU:0'): tf.matmul(a, a)`: it "
            "raises `Could not satisfy device specification`. `.device` of a result tells where it is. `ioreg -r -c "
            "IOAccelerator -l -w 0 -d 3` shows `accumulatedGPUTime` for each process."
        ),
        fix="Install the plugin version that goes with this TensorFlow, so that its kernels are registered.",
        sources=(
            Source("TensorFlow guide: Use a GPU, manual device placement", "https://www.tensorflow.org/guide/gpu"),
            Source(
                "TensorFlow: tf.config.set_soft_device_placement",
                "https://www.tensorflow.org/api_docs/python/tf/config/set_soft_device_placement",
            ),
            Source(
                "Measured with TensorFlow 2.18.1 and 2.21.0 and a plugin without a MatMul kernel", None, "2026-11-23"
            ),
        ),
    ),
)
