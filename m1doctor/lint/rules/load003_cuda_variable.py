"""LOAD003 cuda-variable: `CUDA_VISIBLE_DEVICES` is set, which Metal does not read."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.patterns import is_assigned
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_VARIABLE = "CUDA_VISIBLE_DEVICES"


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Assignments to the variable."""
    del versions
    for statement, _, _ in is_assigned(module, _VARIABLE):
        yield Seen(
            node=statement, message=f"`{_VARIABLE}` does nothing on a Mac: it neither hides nor chooses the GPU."
        )


RULE = Rule(
    id="LOAD003",
    slug="cuda-variable",
    level=Level.NOTE,
    judge=judge,
    words=(_VARIABLE,),
    page=RulePage(
        what="The program sets `CUDA_VISIBLE_DEVICES`.",
        why=(
            "Only CUDA reads it. A program that hides the GPU this way runs on the Metal GPU all the same; one that "
            "chooses a GPU this way chooses nothing. On other machines the line is right, so this is a hint."
        ),
        example="os.environ['CUDA_VISIBLE_DEVICES'] = '-1'",
        better="tf.config.set_visible_devices([], 'GPU')  # m1doctor: noqa[LOAD001]",
        fix="Where the CPU is wanted on a Mac, too, hide the GPU through `tf.config`.",
        versions="Every TensorFlow 2 with a GPU plugin.",
        sources=(
            Source("NVIDIA: CUDA environment variables",
                   "https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#env-vars", "2026-11-23"),
        ),
    ),
)  # fmt: skip
