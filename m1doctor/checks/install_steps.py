"""Steps of a remedy that install or remove packages in the target, with the installer that is really there."""

from __future__ import annotations

from m1doctor.knowledge import pairings
from m1doctor.model.facts import Facts
from m1doctor.model.packages import Distribution
from m1doctor.model.remedy import Action, Change, Step, manual, run


def install(facts: Facts, text: str, *requirements: str, again: bool = False) -> Step:
    """Install `requirements` in the target; `again` lays every file down anew, also where the version is right.

    A folder that came without its interpreter gets a manual step: there is no command that could be pasted for it.
    So does a Python that its vendor keeps to itself: the command would be refused.
    """
    python = facts.interpreter.executable if facts.interpreter else None
    if python is None:
        return manual(f"Install {_listed(requirements)} in that environment.")
    if facts.interpreter is not None and facts.interpreter.externally_managed:
        return manual(
            f"{python} belongs to its vendor, who lets neither pip nor uv install into it: make an environment with "
            f"`{python} -m venv .venv`, then run `.venv/bin/python -m pip install {_listed(requirements)}`, and "
            "`.venv/bin/python` from then on."
        )
    change = Change(action=Action.REINSTALL if again else Action.INSTALL, requirements=requirements)
    if _has_pip(facts):
        options = ("--force-reinstall", "--no-deps") if again else ()
        command = (python, "-m", "pip", "install", *options, *requirements)
    else:
        options = ("--reinstall", "--no-deps") if again else ()
        command = ("uv", "pip", "install", "--python", python, *options, *requirements)
    return run(text, command, reversible=True, change=change)


def uninstall(facts: Facts, text: str, *names: str) -> Step:
    """Remove distributions from the target."""
    python = facts.interpreter.executable if facts.interpreter else None
    if python is None:
        return manual(f"Remove {_listed(names)} from that environment.")
    if facts.interpreter is not None and facts.interpreter.externally_managed:
        return manual(
            f"Leave {_listed(names)} there: {python} belongs to its vendor, and pip and uv refuse to change it."
        )
    change = Change(action=Action.UNINSTALL, requirements=names)
    if _has_pip(facts):
        command = (python, "-m", "pip", "uninstall", "--yes", *names)
    else:
        command = ("uv", "pip", "uninstall", "--python", python, *names)
    return run(text, command, reversible=True, change=change)


def tensorflow_requirements(facts: Facts) -> tuple[str, ...]:
    """What to ask for where TensorFlow is to be installed: on Apple silicon the pair that is known to work best.

    A plain `tensorflow` there would get the newest release, which has no plugin of Apple's.
    """
    interpreter = facts.interpreter
    if interpreter is not None and interpreter.apple_silicon_target and interpreter.version is not None:
        pair = pairings.recommended_pair(interpreter.version)
        if pair is not None:
            return pairings.installs_as(pair[0]), f"{pairings.load().apple_distribution}=={pair[1]}"
    return ("tensorflow",)


def pinned(distribution: Distribution) -> str:
    """The requirement that names exactly this release."""
    return f"{distribution.name}=={distribution.version}"


def _has_pip(facts: Facts) -> bool:
    """Whether the target has pip; uv makes environments without it. Where the packages are unknown pip is taken."""
    return facts.packages is None or facts.packages.find("pip") is not None or not _made_by_uv(facts)


def _made_by_uv(facts: Facts) -> bool:
    assert facts.packages is not None  # noqa: S101 - asked only after `_has_pip` has looked
    return any(each.installer == "uv" for each in facts.packages.distributions)


def _listed(words: tuple[str, ...]) -> str:
    return " ".join(words)
