"""What a new environment beside an old one lacks: the user's other packages, and the command that adds them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from m1doctor.checks.tensorflow_packages import needed_for_tensorflow, required_names
from m1doctor.model.packages import Distribution, Packages
from m1doctor.model.remedy import Step, manual, run
from m1doctor.model.repair import Aim, ByHand

_INSTALLERS = ("pip", "setuptools", "uv", "wheel")
"""What environments are born with, and uv's are not."""


def left_behind(
    packages: Packages, locked: Collection[str], *, environment: str, lock: str, aims: Iterable[Aim]
) -> tuple[ByHand, ...]:
    """What of `packages` will not be in `environment`, which gets what `lock` pins (`locked`: normalized names).

    What only TensorFlow needed is not counted. The command names those that no other package requires, for these
    bring the rest, and without their versions, which may not exist for the new Python; nothing of the lock is changed.
    """
    aim = next(iter(aims), None)
    lacking = _lacking(packages, locked)
    if not lacking or aim is None:
        return ()
    listed = ", ".join(f"{each.name} {each.version}" for each in lacking)
    number = "One package" if len(lacking) == 1 else f"{len(lacking)} packages"
    summary = f"{number} of the old environment will not be in the new one: {listed}."
    steps = tuple(_steps(lacking, environment, lock))
    return (ByHand(id=aim.id, slug=aim.slug, summary=summary, steps=steps),)


def _lacking(packages: Packages, locked: Collection[str]) -> list[Distribution]:
    elsewhere = {*locked, *needed_for_tensorflow(packages), *_INSTALLERS}
    found: dict[str, Distribution] = {}
    for each in packages.distributions:
        if each.normalized_name not in elsewhere:
            found.setdefault(each.normalized_name, each)
    return [found[name] for name in sorted(found)]


def _steps(lacking: list[Distribution], environment: str, lock: str) -> Iterable[Step]:
    of_index = [each for each in lacking if each.direct_origin is None]
    if of_index:
        argv = ("uv", "pip", "install", "--python", f"{environment}/bin/python", "--constraint", lock)
        names = _asked_for(of_index)
        yield run("When it is made, add them; nothing of the lock is changed.", (*argv, *names), reversible=True)
    for each in lacking:
        if each.direct_origin is not None:
            origin = each.direct_origin.value
            yield manual(f"Install {each.name} as you did before: it came from no index ({origin} installation).")


def _asked_for(lacking: list[Distribution]) -> list[str]:
    """Names that bring all of them: those that no other of them requires; of a circle, the first."""
    requires = {each.normalized_name: required_names(each) for each in lacking}
    required = {name for own, names in requires.items() for name in names if name != own}
    asked: list[str] = []
    brought: set[str] = set()
    for name in sorted(requires, key=required.__contains__):
        if name in brought:
            continue
        asked.append(name)
        todo = [name]
        while todo:
            one = todo.pop()
            if one not in brought:
                brought.add(one)
                todo += requires.get(one, ())
    return asked
