"""TF003 import-hangs: `import tensorflow` gives no answer within its time limit."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.target_run import blamed_plugin, imported, mending, plugins_in_words, quoted, recognise
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual
from m1doctor.model.runtime import ChildEnd


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a child of the target that was still importing when its limit ran out."""
    assert facts.runtime is not None  # noqa: S101 - declared in `needs`
    outcome = facts.runtime.outcome
    if outcome.end is not ChildEnd.HUNG or imported(facts):
        return
    without = blamed_plugin(facts)
    failure = recognise(outcome)
    what, where = "import tensorflow", ""
    if outcome.stage != "import tensorflow":
        what = "The target's Python"
        where = ", not even before the import"
    elif without is not None:
        where = f" while {plugins_in_words(facts)} is loaded"
    elif outcome.python_stack:
        where = f" in {outcome.python_stack[-1].strip()}"
    why = f": {failure.meaning}" if failure is not None else ""
    yield Finding(
        level=Level.ERROR,
        message=f"{what} gave no answer in {outcome.seconds:.0f} s{where}{why}.",
        expected="an import takes 2 to 10 seconds, the first one after an installation up to a minute",
        evidence=(*quoted(outcome), *((without,) if without is not None else ())),
        remedy=mending(facts, failure)
        or Remedy(
            summary="Find what the import waits for.",
            steps=(
                manual("Look at the innermost frame of the stack: that package, or a plugin library, is waiting."),
                manual("On a slow disk or a network folder, run the diagnosis once more with a longer `--timeout`."),
            ),
        ),
    )


CHECK = Check(
    id="TF003",
    slug="import-hangs",
    level=Level.ERROR,
    stage=Stage.IMPORT,
    needs=("runtime",),
    judge=judge,
    passes="import tensorflow comes to an end.",
    page=Page(
        what=(
            "`import tensorflow` was started in a child process and gave no answer before its time limit. The stack in "
            "the evidence was taken shortly before the child was ended."
        ),
        why="A hanging import looks like a slow one: scripts and notebooks wait for ever and print nothing.",
        see=(
            "Run `python -c 'import faulthandler; faulthandler.dump_traceback_later(30); import tensorflow'`: "
            "after 30 s it prints where the import stands."
        ),
        fix=(
            "The innermost frame of the stack names the package that waits; remove or update that package. "
            "`load_pluggable_device_library` there means a plugin. `RAW: Lock blocking` on standard error means that "
            "another package has brought the same C++ libraries as TensorFlow."
        ),
        sources=(
            Source("Python documentation: faulthandler", "https://docs.python.org/3/library/faulthandler.html"),
            Source(
                "tensorflow#99464: an import of 2.20 that waits for a lock",
                "https://github.com/tensorflow/tensorflow/issues/99464",
                "2026-11-23",
            ),
        ),
    ),
)
