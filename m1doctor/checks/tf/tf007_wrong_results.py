"""TF007 wrong-results: TensorFlow's answer is not NumPy's, beyond what rounding explains."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.plugin_words import label
from m1doctor.checks.target_run import other_plugin
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.correctness import Comparison, Correctness, PipelineAnswer, TrainingAnswer
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, Step, manual
from m1doctor.model.unknown import UnknownKind


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each op whose numbers are wrong; training that does not learn, where no op explains it; the pipeline."""
    assert facts.correctness is not None  # noqa: S101 - declared in `needs`
    answers = facts.correctness
    wrong = [comparison for comparison in answers.comparisons if not comparison.right]
    for op in dict.fromkeys(comparison.op for comparison in wrong):
        yield _of_op(facts, [comparison for comparison in wrong if comparison.op == op])
    if answers.training is not None and not wrong and not _learns(answers.training):
        yield _training(facts, answers.training)
    if answers.pipeline is not None and not answers.pipeline.right:
        yield _pipeline(answers.pipeline)


def _of_op(facts: Facts, wrong: list[Comparison]) -> Finding:
    worst = max(wrong, key=_excess)
    error = "not finite" if worst.largest_error is None else f"off by up to {worst.largest_error:.3g}"
    return Finding(
        level=Level.ERROR,
        message=f"A {worst.dtype} {worst.words} on {worst.place} is {error} in {worst.wrong_elements} of "
        f"{worst.elements} elements; rounding explains {worst.tolerance:.2g}.",
        expected=f"NumPy's float64 answer within {worst.tolerance:.2g}",
        evidence=(
            f"op: {worst.op}",
            *(line for comparison in wrong for line in _quoted(comparison)),
            *_plugins(facts),
        ),
        remedy=_remedy(facts, worst.place, fused=_right(worst, worst.others.get("op by op"))),
    )


def _excess(comparison: Comparison) -> float:
    """How many times the tolerance an answer is off."""
    return float("inf") if comparison.largest_error is None else comparison.largest_error / comparison.tolerance


def _quoted(comparison: Comparison) -> Iterator[str]:
    error = _in_words(comparison.largest_error)
    where = ", ".join(map(str, comparison.where))
    largest = (
        ""
        if comparison.largest_value is None
        else f", largest value of the right answer {comparison.largest_value:.4g}"
    )
    yield (
        f"{comparison.dtype} {comparison.words} on {comparison.device}: largest error {error} at [{where}], "
        f"tolerance {comparison.tolerance:.3g}{largest}"
    )
    for how, other in comparison.others.items():
        right = "right" if _right(comparison, other) else "wrong too"
        yield f"the same {how}: largest error {_in_words(other)}, {right}"


def _right(comparison: Comparison, error: float | None) -> bool:
    """Whether rounding explains the error of another answer to the same."""
    return error is not None and error <= comparison.tolerance


def _in_words(error: float | None) -> str:
    return "not finite" if error is None else f"{error:.3g}"


def _plugins(facts: Facts) -> tuple[str, ...]:
    return tuple(f"plugin: {label(library)}" for library in (facts.plugins.libraries if facts.plugins else ()))


def _remedy(facts: Facts, place: str, *, fused: bool = False) -> Remedy:
    steps: list[Step] = [manual("Do not trust what was trained or predicted on this device.")]
    if "GPU" not in place:
        steps.append(manual("Install TensorFlow and NumPy again, and test the memory of the machine."))
        return Remedy(summary="Install TensorFlow and NumPy again.", steps=tuple(steps))
    steps += other_plugin(facts)
    if fused:
        steps.append(
            manual(
                "Op by op the answer is right: only the kernel that a graph makes of several ops is wrong. "
                "`tf.config.run_functions_eagerly(True)` avoids it, slowly."
            )
        )
    steps.append(
        manual("Until it is mended run `tf.config.set_visible_devices([], 'GPU')` first: the CPU does the work then.")
    )
    return Remedy(summary="Change the plugin, or do the work on the CPU.", steps=tuple(steps))


def _learns(training: TrainingAnswer) -> bool:
    """Whether the loss falls by most of what it falls by in float64."""
    first, last = training.losses[0], training.losses[-1]
    if first is None or last is None:
        return False
    expected = training.expected_losses[0] - training.expected_losses[-1]
    return first - last >= threshold("training-share-of-fall") * expected


def _training(facts: Facts, training: TrainingAnswer) -> Finding:
    losses = ["not finite" if loss is None else f"{loss:.4g}" for loss in training.losses]
    expected = [f"{loss:.4g}" for loss in training.expected_losses]
    return Finding(
        level=Level.ERROR,
        message=f"A tiny model does not learn on {training.place}: in {len(losses)} steps of gradient descent its loss "
        f"goes from {losses[0]} to {losses[-1]}, and in float64 to {expected[-1]}.",
        expected="the loss falls as it does in float64",
        evidence=(f"losses: {', '.join(losses)}", f"in float64: {', '.join(expected)}", *_plugins(facts)),
        remedy=_remedy(facts, training.place),
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


def _established(facts: Facts) -> str:
    answers = facts.correctness or Correctness()
    places = " and ".join(sorted({comparison.place for comparison in answers.comparisons}, reverse=True))
    learns = ", and a tiny model learns" if answers.training is not None else ""
    unknown = [
        name
        for name in ("dense", "convolution", "reduction", "indexing", "training")
        if name in answers.unknown and answers.unknown[name].kind is not UnknownKind.NOT_ASKED
    ]
    left = f" Not known: {', '.join(unknown)}." if unknown else ""
    return f"{places} gives NumPy's answers within rounding ({len(answers.comparisons)} compared){learns}.{left}"


CHECK = Check(
    id="TF007",
    slug="wrong-results",
    level=Level.ERROR,
    stage=Stage.RESULTS,
    needs=("correctness.product",),
    after=("TF004",),
    judge=judge,
    passes=_established,
    page=Page(
        what=(
            "A result is wrong by more than rounding. "
            "Products of several sizes and types, layers as Dense(relu) and Conv2D make them in graph mode, the "
            "gradients of a convolution, sums, gather and scatter were worked out on the GPU (without one, on the CPU) "
            "and by NumPy in float64. The difference is larger than rounding can make it: the tolerance is 8 x the "
            "square root of the number of terms x the epsilon of the type x the largest value, and more for chips that "
            "are known to round more. Where an answer is wrong, the same is asked of the CPU and op by op. A tiny "
            "model is trained for a few steps, and its loss must fall as it does in float64. The pipeline is checked "
            "by count and sum."
        ),
        why=(
            "A GPU that is fast and wrong trains models that do not learn, or learn nonsense, and nothing else says "
            "so. Such faults of Metal plugins are on record; one shows only where a graph makes one kernel of MatMul, "
            "BiasAdd and Relu, which is what every Dense layer with ReLU is under `fit` and `predict`."
        ),
        see=(
            "Compare `tf.function(model)(x)` with `model(x)`, and both under `with tf.device('/CPU:0')`: print the "
            "largest difference. In a Dense layer the sum of bias and product written with `+` and no BiasAdd gives "
            "another kernel."
        ),
        fix="Change the version of the plugin, or do the work on the CPU. Results from before are not to be trusted.",
        sources=(
            Source(
                "Apple Developer Forums, polligator: MatMul, BiasAdd and Relu in graph mode on Metal",
                "https://origin-devforums.apple.com/forums/profile/polligator/allPosts",
                "2026-11-26",
            ),
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
                "mlx#3534: float32 products on an M5 have about eleven significant bits",
                "https://github.com/ml-explore/mlx/issues/3534",
                "2026-11-26",
            ),
            Source(
                "Higham, Accuracy and Stability of Numerical Algorithms, section 3.1",
                "https://nhigham.com/accuracy-and-stability-of-numerical-algorithms/",
            ),
        ),
    ),
)
