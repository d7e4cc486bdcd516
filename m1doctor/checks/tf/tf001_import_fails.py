"""TF001 import-fails: `import tensorflow` raises, leaves without a word, or cannot even be tried."""

from __future__ import annotations

import re
from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.target_run import blamed_plugin, exception_line, imported, mending, plugins_in_words, quoted
from m1doctor.checks.target_run import recognise as recognised
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.remedy import Remedy, manual
from m1doctor.model.runtime import ChildEnd, ChildOutcome, Runtime

_FRAME_FILE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
_EXPECTED = "`import tensorflow` ends without an exception"


def judge(facts: Facts) -> Iterator[Finding]:
    """Report an import that raised, that ended its process in silence, or that could not be tried."""
    assert facts.runtime is not None  # noqa: S101 - declared in `needs`
    runtime = facts.runtime
    if imported(facts):
        return
    match runtime.outcome.end:
        case ChildEnd.RAISED:
            yield _raised(facts, runtime)
        case ChildEnd.EXITED:
            yield _left(facts, runtime.outcome)
        case ChildEnd.NOT_STARTED:
            yield _not_started(facts, runtime.outcome)
        case _:
            pass  # a death is TF002's, a hang TF003's


def _raised(facts: Facts, runtime: Runtime) -> Finding:
    outcome = runtime.outcome
    own = _own_file(facts, runtime)
    if own is not None:
        return _through_own_file(facts, outcome, own)
    failure = recognised(outcome)
    without = blamed_plugin(facts)
    what = exception_line(outcome)
    message = f"import tensorflow raises {what}"
    if failure is not None:
        message = f"import tensorflow raises {outcome.exception_type}: {failure.meaning}"
    elif without is not None:
        message = f"import tensorflow raises {outcome.exception_type} while {plugins_in_words(facts)} is loaded: {what}"
    evidence = quoted(outcome)
    if without is not None:
        evidence += (without,)
    if runtime.numpy_alone is not None:
        evidence += (f"import numpy, by itself: {runtime.numpy_alone}",)
    return Finding(
        level=Level.ERROR,
        message=message.rstrip(".") + ".",
        expected=_EXPECTED,
        evidence=evidence,
        remedy=mending(facts, failure),
    )


def _own_file(facts: Facts, runtime: Runtime) -> tuple[str, int] | None:
    """The innermost file of the stack that belongs neither to the Python nor to its packages."""
    interpreter = facts.interpreter
    folders = {runtime.prefix, runtime.base_prefix, runtime.user_site}
    if interpreter is not None:
        folders |= {*interpreter.site_folders, interpreter.prefix, interpreter.base_prefix}
    owned = tuple(f"{folder.rstrip('/')}/" for folder in folders if folder)
    if not owned:
        return None
    for frame in reversed(runtime.outcome.python_stack):
        found = _FRAME_FILE.search(frame)
        if found is None or not found["file"].startswith("/"):
            continue
        file = found["file"]
        if not file.startswith(owned) and "/site-packages/" not in file and "/lib/python" not in file:
            return file, int(found["line"])
    return None


def _through_own_file(facts: Facts, outcome: ChildOutcome, own: tuple[str, int]) -> Finding:
    del facts
    path, line = own
    return Finding(
        level=Level.ERROR,
        message=f"import tensorflow runs into {path}, which belongs neither to Python nor to a package, and raises "
        f"{exception_line(outcome)}".rstrip(".")
        + ".",
        expected="modules of Python and of the installed packages only",
        evidence=quoted(outcome),
        location=Location(path=path, line=line),
        remedy=Remedy(
            summary=f"Give {path} another name, or take its folder off the search path.",
            steps=(
                manual(f"Rename {path} if it bears the name of a module; remove `__pycache__` beside it."),
                manual("Look for its folder in PYTHONPATH and in `.pth` files, and take it out there."),
            ),
        ),
    )


def _left(facts: Facts, outcome: ChildOutcome) -> Finding:
    begun = outcome.stage == "import tensorflow"
    what = "import tensorflow" if begun else "The target's Python"
    when = "in the middle" if begun else "before it ran anything"
    evidence = quoted(outcome)
    without = blamed_plugin(facts)
    if without is not None:
        evidence += (without,)
    failure = recognised(outcome)
    known = f": {failure.meaning}" if failure is not None else ""
    steps = (
        manual("Look for `os._exit`, `sys.exit` or `quit` in sitecustomize.py, usercustomize.py and `.pth` files."),
        manual("Where the interpreter is a script (a shim or a wrapper), give the real one with `--python`."),
    )
    return Finding(
        level=Level.ERROR,
        message=f"{what} left with status {outcome.returncode} {when}, without an exception{known}.",
        expected=_EXPECTED,
        evidence=evidence,
        remedy=mending(facts, failure)
        or Remedy(summary="Find what ends the process: a library, a start-up file, or a wrapper.", steps=steps),
    )


def _not_started(facts: Facts, outcome: ChildOutcome) -> Finding:
    path = facts.interpreter.executable if facts.interpreter else None
    return Finding(
        level=Level.ERROR,
        message=f"The target's Python {path or ''} cannot be started: {outcome.exception_message}.".replace("  ", " "),
        expected="an interpreter that runs on this machine",
        evidence=quoted(outcome),
        remedy=Remedy(
            summary="Choose an interpreter that runs here, or make the environment anew.",
            steps=(manual("Give another interpreter with `--python`, or make the environment again."),),
        ),
    )


CHECK = Check(
    id="TF001",
    slug="import-fails",
    level=Level.ERROR,
    stage=Stage.IMPORT,
    needs=("runtime",),
    after=(
        *("PKG001", "PKG004", "PKG005", "PKG006", "PY004", "PY005"),
        *("LNK001", "LNK002", "LNK003", "LNK006", "LNK008", "LNK009"),
    ),
    judge=judge,
    passes="import tensorflow raises nothing.",
    decisive=True,
    page=Page(
        what=(
            "`import tensorflow` was run in a child of the target's Python, and raised an exception, ended its process "
            "without one, or could not be started. The message says which known fault the words of the exception speak "
            "of, where one does; the evidence quotes them, with the innermost frames of the stack. Where a plugin is "
            "suspected, the import is run once more without plugins, which proves or disproves it."
        ),
        why=(
            "Nothing works before the import does. TensorFlow loads every library in `tensorflow-plugins` while it is "
            "imported and guards against none of their errors, so a plugin that does not fit takes the whole import "
            "along, and not only the GPU."
        ),
        see="Run `python -c 'import tensorflow'` with the target's interpreter.",
        fix=(
            "Follow the remedy of the finding. As a rule: a plugin that does not fit is removed or replaced; packages "
            "of wrong versions are corrected by installing the same TensorFlow again, which makes pip or uv restore "
            "what it requires; an own file with the name of a module is renamed."
        ),
        sources=(
            Source(
                "tensorflow/__init__.py of 2.18.1: plugins are loaded unguarded",
                "https://github.com/tensorflow/tensorflow/blob/v2.18.1/tensorflow/api_template.__init__.py",
                "2026-11-23",
            ),
            Source(
                "tensorflow#84167: a plugin that does not fit breaks the import",
                "https://github.com/tensorflow/tensorflow/issues/84167",
                "2026-11-23",
            ),
            Source(
                "tensorflow#40265: a script called code.py breaks the import",
                "https://github.com/tensorflow/tensorflow/issues/40265",
                "2026-11-23",
            ),
        ),
    ),
)
