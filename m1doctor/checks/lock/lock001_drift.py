"""LOCK001 drift: what is installed is not what the lock says."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.pinned import given, pinned_here
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.given_lock import LockedPackage, Manager
from m1doctor.model.packages import CondaPackage, Distribution, Packages
from m1doctor.model.remedy import Remedy, manual

_SEEDS = ("pip", "uv")
"""What environments are made with, and locks leave out."""
_OLDER_SEEDS = ("setuptools", "wheel")
"""`venv` brings these, too, up to Python 3.11."""


def judge(facts: Facts) -> Iterator[Finding]:
    """Report what is missing, different and extra, each kind in one finding."""
    assert facts.packages is not None  # noqa: S101 - declared in `needs`
    missing: list[str] = []
    different: list[str] = []
    extra: list[str] = []
    _compare_wheels(facts, facts.packages, missing, different, extra)
    _compare_conda(facts, facts.packages, missing, different, extra)
    lock = given(facts)
    for kind, lines, message in (
        ("missing", missing, "{names} {are} locked and not installed."),
        ("different", different, "{names} {are} installed otherwise than the lock says."),
        ("extra", extra, "{names} {are} installed and not in the lock."),
    ):
        if lines:
            yield Finding(
                level=Level.ERROR,
                message=message.format(names=_listed(lines), are="is" if len(lines) == 1 else "are"),
                expected="exactly what the lock pins",
                evidence=tuple(f"{kind}: {line}" for line in sorted(lines)),
                location=Location(path=lock.path),
                isolated=True,
                remedy=Remedy(
                    summary="Install what the lock says.",
                    steps=(manual(f"Install {lock.path} again as its head says, in a new environment where you can."),),
                ),
            )


def _compare_wheels(
    facts: Facts, packages: Packages, missing: list[str], different: list[str], extra: list[str]
) -> None:
    pins = pinned_here(facts, Manager.PIP)
    installed: dict[str, Distribution] = {}
    for each in packages.distributions:
        if each.installer != "conda":
            installed.setdefault(each.normalized_name, each)
    for name, pin in pins.items():
        there = installed.get(name)
        if there is None:
            missing.append(f"{name} {pin.version or ''}".rstrip())
        elif pin.version is not None and not _same_version(pin.version, there.version):
            different.append(f"{name} {there.version}, locked {pin.version}")
        elif not _same_build(pin, there):
            different.append(f"{name} {there.version} as {there.wheel_tags[0]}, locked as {', '.join(pin.tags)}")
    if any(package.manager is Manager.PIP for package in given(facts).packages):
        extra += [
            f"{name} {each.version}"
            for name, each in installed.items()
            if name not in pins and each.direct_origin is None and not _is_seed(facts, name)
        ]


def _compare_conda(
    facts: Facts, packages: Packages, missing: list[str], different: list[str], extra: list[str]
) -> None:
    pins = pinned_here(facts, Manager.CONDA)
    if not pins:
        return
    installed = {each.name: each for each in packages.conda_packages}
    for name, pin in pins.items():
        there = installed.get(name)
        if there is None:
            missing.append(f"{name} {_conda(pin)}")
        elif there.version != pin.version or (pin.build is not None and there.build != pin.build):
            different.append(f"{name} {_conda(there)}, locked {_conda(pin)}")
    extra += [f"{name} {_conda(each)}" for name, each in installed.items() if name not in pins]


def _conda(package: LockedPackage | CondaPackage) -> str:
    return f"{package.version} {package.build or ''}".rstrip()


def _is_seed(facts: Facts, name: str) -> bool:
    version = (facts.interpreter.version if facts.interpreter else None) or ""
    minor = version.split(".")[1:2]
    older = bool(minor) and minor[0].isdecimal() and int(minor[0]) < 12  # noqa: PLR2004 - Python 3.12
    return name in _SEEDS or (older and name in _OLDER_SEEDS)


def _same_version(locked: str, installed: str) -> bool:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - start-up

    try:
        return Version(locked) == Version(installed)
    except InvalidVersion:
        return locked == installed


def _same_build(pin: LockedPackage, there: Distribution) -> bool:
    """Whether the installed wheel is one that the lock names; a lock or a wheel that names no tags says nothing."""
    if not pin.tags or not there.wheel_tags:
        return True
    from packaging.tags import InvalidTag, parse_tag  # noqa: PLC0415 - start-up

    try:
        installed = {tag for line in there.wheel_tags for tag in parse_tag(line)}
        return any(installed == set(parse_tag(tags)) for tags in pin.tags)
    except (InvalidTag, ValueError):
        return True


def _listed(lines: list[str], most: int = 3) -> str:
    """The first names of sorted lines: ``"numpy, keras and 4 others"``."""
    names = [line.split()[0] for line in sorted(lines)]
    if len(names) <= most:
        return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{', '.join(names[:most])} and {len(names) - most} other{'s' if len(names) > most + 1 else ''}"


def passes(facts: Facts) -> str:
    """Say how much was compared."""
    count = len(pinned_here(facts, Manager.PIP)) + len(pinned_here(facts, Manager.CONDA))
    return f"All {count} packages of the lock are installed as it says, and no others."


CHECK = Check(
    id="LOCK001",
    slug="drift",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("given_lock", "packages.folders_read"),
    after=("LOCK003",),
    judge=judge,
    passes=passes,
    page=Page(
        what=(
            "The environment was compared with a lock: packages that it pins and that are missing, that are installed "
            "in another version or build, and that are installed although it does not name them. pip and uv "
            "themselves, what `venv` brings, and projects installed from a folder are left out."
        ),
        why=(
            "An environment that has drifted is not the one that was tested. With TensorFlow and its plugin a single "
            "other version decides whether anything loads; another wheel of NumPy brings other bits in the results."
        ),
        see="Run `m1doctor verify LOCK`; `uv pip sync LOCK --dry-run` lists the same versions, but no changed files.",
        fix="Install the lock again, in a new environment or with `uv pip sync LOCK`, which removes extras.",
        sources=(
            Source("pylock.toml specification", "https://packaging.python.org/en/latest/specifications/pylock-toml/"),
        ),
    ),
)
