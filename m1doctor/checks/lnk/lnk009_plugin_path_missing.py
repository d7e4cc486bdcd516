"""LNK009 plugin-path-missing: the environment names a plugin that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.plugin_words import VARIABLE
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.remedy import Remedy, manual


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a variable that names nothing."""
    assert facts.plugins is not None  # noqa: S101 - declared in `needs`
    named = facts.plugins.named_path
    if named is None or facts.plugins.named_path_exists is not False:
        return
    yield Finding(
        level=Level.ERROR,
        message=f"{VARIABLE} names {named}, where there is nothing, so that import tensorflow ends with an error.",
        expected="a plugin library, a folder of them, or no such variable",
        evidence=(f"{VARIABLE}={named}",),
        location=Location(path=named),
        remedy=Remedy(
            summary=f"Take {VARIABLE} out of the environment.",
            steps=(manual(f"Run unset {VARIABLE}, and delete the line of your shell profile that sets it."),),
        ),
    )


def only_where_set(facts: Facts) -> str | None:
    """The variable must be set."""
    assert facts.plugins is not None  # noqa: S101 - declared in `needs`
    return f"{VARIABLE} is not set" if facts.plugins.named_path is None else None


CHECK = Check(
    id="LNK009",
    slug="plugin-path-missing",
    level=Level.ERROR,
    stage=Stage.LINK,
    needs=("plugins",),
    applies=only_where_set,
    judge=judge,
    passes=f"What {VARIABLE} names is there.",
    page=Page(
        what=(
            "TensorFlow is told of a plugin that is not there. "
            f"`{VARIABLE}` may name a plugin library, or a folder of them, for TensorFlow to load besides those in the "
            "site folders. It is set here, and names nothing that exists."
        ),
        why="TensorFlow raises OSError for a path that is not there, and raises it while it is being imported.",
        see=f"Run `printenv {VARIABLE}` and `ls` on what it prints.",
        fix="Take the variable away, or correct it.",
        sources=(Source("TensorFlow 2.18.1: tensorflow/python/framework/load_library.py", date="2025-03-12"),),
    ),
)
