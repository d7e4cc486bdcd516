"""PY005 broken-virtualenv: what a virtual environment was made from is gone, or has become another version."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.rebuild import same_environment_again
from m1doctor.knowledge.pairings import python_minor
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.interpreter import Interpreter, VirtualEnvironment


def judge(facts: Facts) -> Iterator[Finding]:
    """Report the first thing that keeps the environment from starting."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    interpreter = facts.interpreter
    environment = interpreter.virtual_environment
    assert environment is not None  # noqa: S101 - declared in `needs`
    seen = _fault(interpreter, environment)
    if seen is None:
        return
    message, expected = seen
    yield Finding(
        level=Level.ERROR,
        message=message,
        expected=expected,
        evidence=tuple(_evidence(interpreter, environment)),
        location=Location(path=f"{environment.path}/pyvenv.cfg") if environment.exists else None,
        remedy=same_environment_again(
            facts,
            f"Make {'another' if environment.exists else 'the'} environment from a Python that stays, and install the "
            "packages there.",
        ),
    )


def _fault(interpreter: Interpreter, environment: VirtualEnvironment) -> tuple[str, str] | None:
    """What is wrong, and what was expected; `None` for a whole environment."""
    if not environment.exists:
        return f"The active environment {environment.path} does not exist any more.", "a folder with a pyvenv.cfg in it"
    base = environment.base_executable
    if environment.base_executable_exists is False and not interpreter.executable_exists:
        return (
            f"The Python that {environment.path} was made from is gone: {interpreter.executable} leads to {base}.",
            f"an interpreter at {base}",
        )
    if interpreter.executable_exists is False:
        return (
            f"The environment {environment.path} has no interpreter: {interpreter.executable} is missing.",
            "an executable, or a link to one",
        )
    if environment.home is None:
        return (
            f"{environment.path}/pyvenv.cfg does not say which Python the environment was made from.",
            "a line `home = FOLDER`",
        )
    if environment.home_exists is False:
        return (
            f"The folder that {environment.path} was made from is gone: home = {environment.home}.",
            f"a Python in {environment.home}",
        )
    return _other_version(interpreter, environment)


def _other_version(interpreter: Interpreter, environment: VirtualEnvironment) -> tuple[str, str] | None:
    """An upgrade of the base Python to another minor version leaves the packages where nobody looks."""
    if interpreter.version is None or not environment.library_folders:
        return None
    now = python_minor(interpreter.version)
    made_for = {folder.removesuffix("t") for folder in environment.library_folders}
    if now in made_for:
        return None
    was = ", ".join(sorted(made_for))
    return (
        f"{environment.path} holds packages for Python {was}, but its interpreter is now {now} and finds none of them.",
        f"a folder lib/python{now}/site-packages, or an interpreter of the old version",
    )


def _evidence(interpreter: Interpreter, environment: VirtualEnvironment) -> Iterator[str]:
    if environment.home is not None:
        yield f"home = {environment.home} ({_state(environment.home_exists)})"
    if environment.base_executable is not None:
        yield f"interpreter {environment.base_executable} ({_state(environment.base_executable_exists)})"
    if environment.made_for is not None:
        yield f"made for Python {environment.made_for} by {environment.creator or 'an unknown tool'}"
    if environment.library_folders:
        yield f"package folders for Python {', '.join(environment.library_folders)}"
    if interpreter.version is not None and interpreter.executable_exists:
        yield f"Python now: {interpreter.version}"


def _state(exists: bool | None) -> str:  # noqa: FBT001 - one word for one fact
    return {True: "exists", False: "missing", None: "unknown"}[exists]


CHECK = Check(
    id="PY005",
    slug="broken-virtualenv",
    level=Level.ERROR,
    stage=Stage.INTERPRETER,
    needs=("interpreter.virtual_environment",),
    judge=judge,
    passes="The virtual environment and the Python that it was made from are there.",
    page=Page(
        what=(
            "The Python that this virtual environment was made from is gone or is another one now. "
            "A virtual environment borrows its interpreter: `bin/python` is a link, and `pyvenv.cfg` names the `home` "
            "that it was made from. One of them leads nowhere now, or leads to another version of Python than the one "
            "that the packages were installed for."
        ),
        why=(
            "Nothing in the environment can start, or it starts without its packages: `bad interpreter`, `No such file "
            "or directory`, `No module named tensorflow`. Usual reasons: `brew upgrade` replaced the Python, pyenv or "
            "uv uninstalled it, conda removed the base, or the folder was moved."
        ),
        see="`cat pyvenv.cfg` in the environment and `ls -lL bin/python` show what it wants and whether that is there.",
        fix=(
            "Make a new environment and install the packages there again from the requirements or lock file; the old "
            "one still tells what was in it. Mending the link by hand is no cure: compiled packages belong to one "
            "version of Python. A Python of uv's is not taken away by upgrades of other programs."
        ),
        sources=(
            Source("Python documentation: venv", "https://docs.python.org/3/library/venv.html", "2026-11-23"),
            Source(
                "Homebrew documentation: Python",
                "https://docs.brew.sh/Homebrew-and-Python",
                "2026-11-23",
            ),
        ),
    ),
)
