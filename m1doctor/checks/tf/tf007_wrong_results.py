"""TF007 wrong-results: TensorFlow's answer is not NumPy's, beyond what the dtype explains."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.plugin_words import label
from m1doctor.checks.target_run import other_plugin
from m1doctor.model.correctness import PipelineAnswer, ProductAnswer
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, Step, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a matrix product or a pipeline whose numbers are wrong."""
    assert facts.correctness is not None  # noqa: S101 - declared in `needs`
    assert facts.correctness.product is not None  # noqa: S101 - likewise
    if not facts.correctness.product.right:
        yield _product(facts, facts.correctness.product)
    pipeline = facts.correctness.pipeline
    if pipeline is not None and not pipeline.right:
        yield _pipeline(pipeline)


def _product(facts: Facts, run: ProductAnswer) -> Finding:
    device = run.device.rpartition("device:")[2]
    error = "not finite" if run.largest_error is None else f"off by up to {run.largest_error:.3g}"
    steps: list[Step] = [manual("Do not trust what was trained or predicted on this device.")]
    if "GPU" in device:
        steps += other_plugin(facts)
        steps.append(
            manual(
                "Until it is mended run `tf.config.set_visible_devices([], 'GPU')` first: the CPU does the work then."
            )
        )
    else:
        steps.append(manual("Install TensorFlow and NumPy again, and test the memory of the machine."))
    return Finding(
        level=Level.ERROR,
        message=f"A {run.size} x {run.size} float32 product on {device} is {error} in {run.wrong_elements} of "
        f"{run.size**2} elements; rounding explains {run.tolerance:.2g}.",
        expected=f"NumPy's float64 answer within {run.tolerance:.2g}",
        evidence=(
            f"largest error {run.largest_error}, tolerance {run.tolerance:.3g}",
            f"largest value of the right answer {run.largest_value}",
            f"device of the result: {run.device}",
            *(f"plugin: {label(library)}" for library in (facts.plugins.libraries if facts.plugins else ())),
        ),
        remedy=Remedy(summary="Change the plugin, or do the work on the CPU.", steps=tuple(steps)),
    )


def _pipeline(run: PipelineAnswer) -> Finding:
    what = (
        f"gives {run.elements} of {run.expected_elements} elements"
        if run.elements != run.expected_elements
        else "gives other numbers than were put in"
    )
    return Finding(
        level=Level.ERROR,
        message=f"A small tf.data pipeline (map, batch, prefetch) {what}.",
        expected=f"{run.expected_elements} elements with the right sum",
        evidence=(f"{run.elements} elements, sum {'right' if run.checksum_matches else 'wrong'}",),
        remedy=Remedy(
            summary="Install TensorFlow again.",
            steps=(manual("Install TensorFlow again, and test the memory of the machine."),),
        ),
    )


CHECK = Check(
    id="TF007",
    slug="wrong-results",
    level=Level.ERROR,
    stage=Stage.RESULTS,
    needs=("correctness.product",),
    after=("TF004",),
    judge=judge,
    passes=lambda facts: (
        f"A matrix product on {facts.correctness.product.device.rpartition('device:')[2]} gives NumPy's answer."
        if facts.correctness and facts.correctness.product
        else ""
    ),
    page=Page(
        what=(
            "The smoke run multiplied two random float32 matrices where TensorFlow puts them by itself, and compared "
            "the answer with NumPy's in float64. The difference is larger than float32 rounding can make it: the "
            "tolerance is 8 x the square root of the size x the float32 epsilon x the largest value. The pipeline is "
            "checked by count and sum."
        ),
        why=(
            "A GPU that is fast and wrong trains models that do not learn, or learn nonsense, and nothing else says "
            "so. Such faults of Metal plugins are on record."
        ),
        see=(
            "Multiply the same matrices under `with tf.device('/GPU:0')` and `with tf.device('/CPU:0')` and print the "
            "largest difference."
        ),
        fix="Change the version of the plugin, or do the work on the CPU. Results from before are not to be trusted.",
        sources=(
            Source(
                "tensorflow#62137: wrong results on Metal",
                "https://github.com/tensorflow/tensorflow/issues/62137",
                "2026-11-23",
            ),
            Source(
                "tf-keras#140: a model diverges on Metal only",
                "https://github.com/keras-team/tf-keras/issues/140",
                "2026-11-23",
            ),
            Source(
                "Higham, Accuracy and Stability of Numerical Algorithms, section 3.1",
                "https://nhigham.com/accuracy-and-stability-of-numerical-algorithms/",
            ),
        ),
    ),
)
