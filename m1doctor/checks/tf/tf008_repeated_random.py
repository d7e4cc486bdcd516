"""TF008 repeated-random: the GPU draws the same random numbers again."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.target_run import other_plugin
from m1doctor.model.correctness import Draw
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report draws that repeat the one before, and those that are one number over and over."""
    assert facts.correctness is not None  # noqa: S101 - declared in `needs`
    assert facts.correctness.draws is not None  # noqa: S101 - likewise
    faulty = [draw for draw in facts.correctness.draws.draws if _repeats(draw) or _is_constant(draw)]
    if not faulty:
        return
    first = faulty[0]
    what = "are those of the one before" if _repeats(first) else "are all the same"
    ops = ", ".join(dict.fromkeys(draw.op for draw in faulty))
    yield Finding(
        level=Level.ERROR,
        message=f"Random numbers on {first.place} {what}: two draws of {first.numbers} agree in {first.repeated} "
        f"places ({ops}).",
        expected="other numbers in every draw",
        evidence=tuple(map(_quoted, faulty)),
        remedy=Remedy(
            summary="Change the plugin, or draw on the CPU.",
            steps=(
                *other_plugin(facts),
                manual(
                    "Until it is mended draw under `with tf.device('/CPU:0'):`, and run random layers in the tf.data "
                    "pipeline. Dropout and initial weights were affected too."
                ),
            ),
        ),
    )


def _repeats(draw: Draw) -> bool:
    return draw.numbers > 0 and draw.repeated == draw.numbers


def _is_constant(draw: Draw) -> bool:
    return draw.numbers > 1 and draw.distinct == 1


def _quoted(draw: Draw) -> str:
    begin = ", ".join(f"{number:.6g}" for number in draw.example)
    return (
        f"{draw.op} {draw.mode} on {draw.device}: {draw.repeated} of {draw.numbers} numbers repeated, "
        f"{draw.distinct} different ones in a draw{f', which begins {begin}' if begin else ''}"
    )


CHECK = Check(
    id="TF008",
    slug="repeated-random",
    level=Level.ERROR,
    stage=Stage.RESULTS,
    needs=("correctness.draws",),
    after=("TF004",),
    judge=judge,
    passes=lambda facts: (
        f"Each of {len(facts.correctness.draws.draws)} pairs of draws gives other random numbers."
        if facts.correctness and facts.correctness.draws
        else ""
    ),
    page=Page(
        what=(
            "Random numbers repeat. "
            "Uniform, normal and truncated normal numbers were drawn twice, op by op and in a graph, without a seed. "
            "The second draw gave the numbers of the first, or a draw consists of one number."
        ),
        why=(
            "Dropout, augmentation, initial weights, shuffling and sampling rest on it. A layer drops the same units "
            "in every step, two layers of one shape begin with the same weights, and nothing raises."
        ),
        see="Run `tf.random.uniform([3])` twice and compare.",
        fix="Use a macOS and a plugin in which it is mended, or draw under `with tf.device('/CPU:0'):`.",
        sources=(
            Source(
                "tensorflow#53505: tf.random repeats on Metal 0.3.0 with macOS 12.1",
                "https://github.com/tensorflow/tensorflow/issues/53505",
                "2026-11-26",
            ),
            Source(
                "tensorflow#56122: tf.random.uniform always gives the same with the Metal plugin",
                "https://github.com/tensorflow/tensorflow/issues/56122",
                "2026-11-26",
            ),
        ),
    ),
)
