"""LOCK001 drift: what is installed is not what the lock says."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.pinned import SEEDS, exactly_pinned, given, is_satisfied, listed, not_exact, pinned_here
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.given_lock import LockedPackage, Manager
from m1doctor.model.packages import CondaPackage, Distribution, Packages
from m1doctor.model.remedy import Remedy, manual

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
                message=message.format(
                    names=listed([line.split()[0] for line in lines]), are="is" if len(lines) == 1 else "are"
                ),
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
        there = installed.get(name) or packages.find(name)  # pip leaves what conda has brought in that version
        if there is None:
            missing.append(f"{name} {pin.version or pin.spec or ''}".rstrip())
        elif not is_satisfied(pin, there.version):
            different.append(f"{name} {there.version}, locked {pin.version or pin.spec}")
        elif not _same_build(pin, there):
            different.append(f"{name} {there.version} as {there.wheel_tags[0]}, locked as {', '.join(pin.tags)}")
    lock = given(facts)
    if Manager.PIP in lock.whole and any(package.manager is Manager.PIP for package in lock.packages):
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
    by_conda = {each.name: each for each in packages.conda_packages}
    installed = by_conda or _without_conda(facts, packages)
    for name, pin in pins.items():
        there = installed.get(name)
        if there is None:
            if by_conda or name not in SEEDS:
                missing.append(f"{name} {_conda(pin)}".rstrip())
        elif not is_satisfied(pin, there.version) or (pin.build is not None and there.build not in ("", pin.build)):
            different.append(f"{name} {_conda(there)}, locked {_conda(pin)}")
    if Manager.CONDA in given(facts).whole:
        extra += [f"{name} {_conda(each)}" for name, each in by_conda.items() if name not in pins]


def _without_conda(facts: Facts, packages: Packages) -> dict[str, CondaPackage]:
    """What can be compared of an environment that conda did not make: versions, of Python and of equal names."""
    found = {each.normalized_name: each.version for each in reversed(packages.distributions)}
    if facts.interpreter is not None and facts.interpreter.version is not None:
        found["python"] = facts.interpreter.version
    return {
        name: CondaPackage(name=name, version=version, build="", channel=None, subdir=None)
        for name, version in found.items()
    }


def _conda(package: LockedPackage | CondaPackage) -> str:
    version = package.version or (package.spec if isinstance(package, LockedPackage) else "")
    return f"{version} {package.build or ''}".rstrip()


def _is_seed(facts: Facts, name: str) -> bool:
    version = (facts.interpreter.version if facts.interpreter else None) or ""
    minor = version.split(".")[1:2]
    older = bool(minor) and minor[0].isdecimal() and int(minor[0]) < 12  # noqa: PLR2004 - Python 3.12
    return name in SEEDS or (older and name in _OLDER_SEEDS)


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


def passes(facts: Facts) -> str:
    """Say how much was compared."""
    exact, loose = len(exactly_pinned(facts)), len(not_exact(facts))
    beside = f" {loose} more that it names without a version {'is' if loose == 1 else 'are'} there." if loose else ""
    if exact == 0:
        return f"The lock pins nothing that could differ.{beside}"
    subject = f"All {exact} packages that the lock pins are" if exact != 1 else "The package that the lock pins is"
    named = {package.manager for package in given(facts).packages}
    others = ", and no others" if named.issubset(given(facts).whole) and Manager.PIP in named else ""
    return f"{subject} installed as it says{others}.{beside}"


CHECK = Check(
    id="LOCK001",
    slug="drift",
    level=Level.ERROR,
    stage=Stage.PACKAGES,
    needs=("given_lock", "packages.folders_read"),
    after=("LOCK003",),
    decisive=True,
    judge=judge,
    passes=passes,
    page=Page(
        what=(
            "The environment is not what the lock says. "
            "The environment was compared with a lock: packages that it pins and that are missing, that are installed "
            "in another version or build, and that are installed although it does not name them. pip and uv "
            "themselves, what `venv` brings, and projects installed from a folder are left out. An `environment.yml` "
            "names the packages that somebody asked for and not what they bring along, so nothing of conda's is called "
            "extra there; its `python=3.12` is any 3.12. Where conda did not make the environment, versions are "
            "compared by name."
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
