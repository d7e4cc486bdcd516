"""The remedy of an environment that cannot be mended in place: another one beside it, from a Python that fits."""

from __future__ import annotations

from m1doctor.knowledge import interpreters, pairings
from m1doctor.model.facts import Facts
from m1doctor.model.remedy import Action, Change, Remedy, Step, manual, run

NATIVE_SHELL = manual(
    "Quit the terminal or editor, select it in Finder, choose File > Get Info, clear Open using Rosetta, and open it "
    "again; where there is no such box, install its Apple silicon build."
)
"""How a shell becomes native: what it was started from decides."""


def native_environment(facts: Facts, summary: str, *, before: tuple[Step, ...] = ()) -> Remedy:
    """Build a native environment for TensorFlow with the GPU beside the examined one, which stays as it is.

    The Python is of the same minor version where tensorflow-metal has wheels for that, else the newest that it has
    wheels for. The request names the architecture, so that a translated shell gets a native Python too.
    """
    minor = plugin_minor(facts.interpreter.version if facts.interpreter else None)
    request = interpreters.load().native_request.format(minor=minor)
    folder = beside(facts)
    pair = pairings.recommended_pair(minor)
    steps = [
        *before,
        run("Install a native Python.", ("uv", "python", "install", request), reversible=True),
        _make_environment(request, folder, minor),
    ]
    if pair is not None:
        tensorflow, plugin = pair
        wanted = (pairings.installs_as(tensorflow), f"{pairings.load().apple_distribution}=={plugin}")
        steps.append(
            run(
                "Install a pair of TensorFlow and plugin that fits it.",
                ("uv", "pip", "install", "--python", f"{folder}/bin/python", *wanted),
                reversible=True,
            )
        )
    steps.append(manual("Install there what else the project needs, and remove the old environment when all works."))
    return Remedy(summary=summary, steps=tuple(steps))


def same_environment_again(facts: Facts, summary: str) -> Remedy:
    """Build an environment of the same Python version beside one that lost its interpreter."""
    interpreter = facts.interpreter
    version = interpreter.version if interpreter else None
    environment = interpreter.virtual_environment if interpreter else None
    made_for = environment.made_for if environment else None
    minor = pairings.python_minor(made_for or version or plugin_minor(None))
    mac = interpreter is not None and interpreter.system == "Darwin"
    request = interpreters.load().native_request.format(minor=minor) if mac else minor
    folder = beside(facts)
    return Remedy(
        summary=summary,
        steps=(
            run("Install a Python that no upgrade takes away.", ("uv", "python", "install", request), reversible=True),
            _make_environment(request, folder, minor),
            manual(
                "Install there what the project needs, from its requirements or lock file, "
                "and remove the broken environment when all works."
            ),
        ),
    )


def _make_environment(request: str, folder: str, minor: str) -> Step:
    return run(
        "Make an environment with it.",
        ("uv", "venv", "--python", request, folder),
        reversible=True,
        change=Change(action=Action.REBUILD, folder=folder, python=minor),
    )


def plugin_minor(version: str | None) -> str:
    """The minor version itself where tensorflow-metal has wheels for it, else the newest that it has wheels for."""
    offered = pairings.pythons_with_plugin()
    minor = pairings.python_minor(version) if version else ""
    return minor if minor in offered and pairings.recommended_pair(minor) else offered[-1]


def beside(facts: Facts) -> str:
    """A folder for the new environment: beside the old one or where it was, else in the working folder."""
    interpreter = facts.interpreter
    environment = interpreter.virtual_environment if interpreter else None
    if environment is None:
        return ".venv-native"
    return f"{environment.path}-native" if environment.exists else environment.path
