"""TF003 import-hangs: `import tensorflow` gives no answer within its time limit."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.remedy import Remedy, manual
from m1doctor.model.runtime import ChildEnd


def judge(facts: Facts) -> Iterator[Finding]:
    """Report a child of the target that was still importing when its limit ran out."""
    assert facts.runtime is not None  # noqa: S101 - declared in `needs`
    outcome = facts.runtime.outcome
    if outcome.end is not ChildEnd.HUNG or facts.runtime.import_seconds is not None:
        return
    where = f" in {outcome.python_stack[-1].strip()}" if outcome.python_stack else ""
    yield Finding(
        level=Level.ERROR,
        message=f"import tensorflow gave no answer in {outcome.seconds:.0f} s{where}.",
        expected="an import takes 2 to 10 seconds",
        evidence=(*outcome.python_stack, *outcome.last_lines),
        remedy=Remedy(
            summary="Find what the import waits for.",
            steps=(manual("Look at the innermost frame of the stack: that package, or a plugin library, is waiting."),),
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
        what="`import tensorflow` was started in a child process and gave no answer before its time limit.",
        why="A hanging import looks like a slow one: scripts and notebooks wait for ever and print nothing.",
        see=(
            "Run `python -c 'import faulthandler; faulthandler.dump_traceback_later(30); import tensorflow'`: "
            "after 30 s it prints where the import stands."
        ),
        fix="The innermost frame of the stack names the package that waits; remove or update that package.",
        sources=(Source("Python documentation: faulthandler", "https://docs.python.org/3/library/faulthandler.html"),),
    ),
)
