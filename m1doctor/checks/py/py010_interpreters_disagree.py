"""PY010 interpreters-disagree: a tool that a user takes for this environment is another one."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.interpreter_words import named
from m1doctor.checks.tensorflow_packages import recorded_tensorflows
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.interpreter import Interpreter, Neighbour, NeighbourKind
from m1doctor.model.remedy import Remedy, Step, manual, run


def judge(facts: Facts) -> Iterator[Finding]:
    """Report neighbours that claim to be this environment and are not, once for each interpreter behind them."""
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    told: set[tuple[NeighbourKind, str | None]] = set()
    for neighbour in facts.interpreter.neighbours or ():
        if neighbour.claim is None or neighbour.same_environment is not False:
            continue
        level = _level(facts, facts.interpreter, neighbour)
        if level is None or (neighbour.kind, neighbour.interpreter) in told:
            continue
        told.add((neighbour.kind, neighbour.interpreter))
        yield Finding(
            level=level,
            message=_message(facts.interpreter, neighbour),
            expected=f"{neighbour.role} in {facts.interpreter.prefix}",
            evidence=tuple(_evidence(facts, neighbour)),
            remedy=Remedy(
                summary=f"Make {neighbour.role} use the Python of this environment.",
                steps=tuple(_steps(facts.interpreter, neighbour)),
            ),
        )


def _level(facts: Facts, interpreter: Interpreter, neighbour: Neighbour) -> Level | None:
    """How bad it is: an error where it breaks something for certain, `None` where it is nobody's mistake."""
    if neighbour.interpreter_exists is False:
        return Level.ERROR
    by_name = neighbour.kind in (NeighbourKind.PIP, NeighbourKind.PYTHON)
    if by_name and (interpreter.active or neighbour.role.endswith("of this environment")):
        return Level.ERROR
    ours = _has_tensorflow(facts)
    theirs = None if neighbour.tensorflow is None else bool(neighbour.tensorflow)
    if neighbour.kind is NeighbourKind.PYTHON:
        # Two Pythons on PATH are common and mean nothing, unless the one that was not examined has the TensorFlow.
        return Level.ERROR if theirs and ours is False else None
    if theirs is not None and ours is not None and theirs is not ours:
        return Level.ERROR if theirs or neighbour.kind is not NeighbourKind.PIP else Level.WARNING
    return Level.WARNING


def _has_tensorflow(facts: Facts) -> bool | None:
    return None if facts.packages is None else bool(recorded_tensorflows(facts.packages))


def _message(interpreter: Interpreter, neighbour: Neighbour) -> str:
    if neighbour.interpreter_exists is False:
        return f"{neighbour.role} would start {neighbour.interpreter}, which does not exist."
    if interpreter.executable_exists is False:
        return (
            f"{interpreter.prefix} has no Python of its own, and {neighbour.role} is that of {neighbour.interpreter}."
        )
    return f"{neighbour.role} uses {neighbour.interpreter}, not this environment: {named(interpreter)}."


def _evidence(facts: Facts, neighbour: Neighbour) -> Iterator[str]:
    assert facts.interpreter is not None  # noqa: S101 - declared in `needs`
    yield f"{neighbour.role}: {neighbour.path}, which starts {neighbour.interpreter}"
    if neighbour.claim is not None:
        yield neighbour.claim
    if neighbour.tensorflow is not None:
        yield f"TensorFlow there: {', '.join(neighbour.tensorflow) or 'none'}"
    if facts.packages is not None:
        ours = ", ".join(f"{each.name} {each.version}" for each in recorded_tensorflows(facts.packages))
        yield f"TensorFlow here: {ours or 'none'}"


def _steps(interpreter: Interpreter, neighbour: Neighbour) -> Iterator[Step]:
    python = interpreter.executable
    if neighbour.kind is NeighbourKind.PIP:
        yield from _pip_steps(interpreter, neighbour)
    elif neighbour.kind is NeighbourKind.PYTHON:
        yield manual(
            f"Open a new shell and activate {interpreter.prefix} last; a start-up file that puts another folder in "
            f"front on PATH, or an alias, undoes the activation. {python} always means this environment."
        )
    elif neighbour.kind is NeighbourKind.KERNEL and python is not None:
        name = neighbour.role.rpartition(" ")[2]
        yield run(
            "Register the kernel of this environment under that name.",
            (python, "-m", "ipykernel", "install", "--user", "--name", name),
            reversible=True,
        )
        yield manual("That needs the package ipykernel in this environment. Then restart Jupyter.")
    else:
        yield manual(f"In VS Code run Python: Select Interpreter and choose {python}, or change {neighbour.path}.")


def _pip_steps(interpreter: Interpreter, neighbour: Neighbour) -> Iterator[Step]:
    python = interpreter.executable
    if interpreter.executable_exists is False or python is None:
        yield manual(f"Install Python into {interpreter.prefix} first: `conda install python` in that environment.")
        return
    if neighbour.role.endswith("of this environment"):
        yield run(
            "Write the commands of pip anew, for this Python.",
            (python, "-m", "pip", "install", "--force-reinstall", "--no-deps", "pip"),
            reversible=True,
        )
        return
    yield run("See which environment pip then works on.", (python, "-m", "pip", "--version"), reversible=True)
    yield manual(f"Install with `{python} -m pip install …` in the place of `pip install …`.")


CHECK = Check(
    id="PY010",
    slug="interpreters-disagree",
    level=Level.ERROR,
    stage=Stage.INTERPRETER,
    needs=("interpreter.neighbours",),
    after=("PY005",),
    judge=judge,
    passes="pip, python, the Jupyter kernels and the editor that bear this environment's name lead to it.",
    page=Page(
        what=(
            "Several tools pass for this environment and do not lead to it: the pip or python on PATH while it is "
            "activated, a Jupyter kernel that lies in it or bears its name, or the interpreter that Visual Studio Code "
            "is told to use for its folder."
        ),
        why=(
            "Packages go into one environment and scripts run in another: `No module named tensorflow` straight after "
            "a successful install, a notebook without the GPU, two TensorFlow versions by turns. A conda environment "
            "that was created without Python shows this too: its pip is somebody else's."
        ),
        see=(
            "`python -m pip --version` and `pip --version` end with the folder that each works on; in a notebook "
            "`import sys; sys.executable` names its Python."
        ),
        fix=(
            "Say `python -m pip` in the place of `pip`. Activate the environment in a fresh shell, with nothing after "
            "it that changes PATH. Register the kernel with `python -m ipykernel install --user --name NAME`, run by "
            "this environment's Python; copying a kernel.json between environments is what causes this. Select the "
            "interpreter in the editor."
        ),
        sources=(
            Source(
                "IPython documentation: kernels for different environments",
                "https://ipython.readthedocs.io/en/stable/install/kernel_install.html",
                "2026-11-23",
            ),
            Source(
                "Visual Studio Code documentation: Python environments",
                "https://code.visualstudio.com/docs/python/environments",
                "2026-11-23",
            ),
        ),
    ),
)
