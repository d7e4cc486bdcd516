"""MAC003 macos-too-old: installed wheels were built for a newer macOS than this one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.packages import Distribution
from m1doctor.model.remedy import Remedy, manual

_TAG = re.compile(r"macosx_(\d+)_(\d+)_")
_NAMED = 3
_QUOTED = 10


def judge(facts: Facts) -> Iterator[Finding]:
    """Compare what each distribution was built for with the system's version."""
    assert facts.host is not None  # noqa: S101 - declared in `needs`
    assert facts.host.macos_version is not None  # noqa: S101 - likewise
    assert facts.packages is not None  # noqa: S101 - likewise
    running = _numbers(facts.host.macos_version)
    needs: dict[str, tuple[tuple[int, ...], str]] = {}
    admitted: set[str] = set()
    for distribution in facts.packages.distributions:
        wanted = _tagged(distribution)
        if wanted is not None and wanted <= running:
            admitted.add(f"{distribution.name} {distribution.version}")
        if wanted is not None and wanted > running:
            name = f"{distribution.name} {distribution.version}"
            needs[name] = (wanted, f"{name}: wheel tag {_oldest_tag(distribution)}")
    for file in facts.packages.native_files:
        wanted = _numbers(file.minimum_macos or "")
        name = file.distribution or file.path
        if wanted > running and wanted > needs.get(name, ((), ""))[0]:
            needs[name] = (wanted, f"{name}: {file.path} was built for macOS {file.minimum_macos}")
    refused = {name: need for name, need in needs.items() if name not in admitted}
    if refused:
        yield _finding(facts.host.macos_version, refused, Level.ERROR)
    by_library = {name: need for name, need in needs.items() if name in admitted}
    if by_library:
        yield _finding(facts.host.macos_version, by_library, Level.NOTE)


def _finding(macos: str, needs: dict[str, tuple[tuple[int, ...], str]], level: Level) -> Finding:
    """An error for what pip would refuse here; a note where the wheel's tag admits this system and a library does not.

    The loader lets a library in whatever macOS it was built for, and fails only for a symbol that is not there.
    """
    worst_first = sorted(needs.items(), key=lambda item: (item[1][0], item[0]), reverse=True)
    newest = _text(worst_first[0][1][0])
    listed = ", ".join(name for name, _ in worst_first[:_NAMED])
    more = f" and {len(worst_first) - _NAMED} more" if len(worst_first) > _NAMED else ""
    verdict = (
        f"is too old for {listed}{more}, built for macOS {newest} or later"
        if level is Level.ERROR
        else f"is older than {newest}, which libraries of {listed}{more} were built for, though the wheel admits it"
    )
    return Finding(
        level=level,
        message=f"macOS {macos} {verdict}.",
        expected=f"macOS {newest} or later, or releases of these packages that were built for macOS {macos} or earlier",
        evidence=tuple(line for _, (_, line) in worst_first[:_QUOTED]),
        remedy=Remedy(
            summary=f"Update macOS to {newest} or later, or install older releases of these packages.",
            steps=(
                manual(f"Update macOS in System Settings > General > Software Update, to {newest} or later."),
                manual(
                    "Where this Mac cannot be updated: make a fresh environment on it and let pip choose; it takes the "
                    "newest releases whose wheels fit the system that it runs on."
                ),
            ),
        ),
    )


def _numbers(version: str) -> tuple[int, ...]:
    """Major and minor version; `()` for text that is no version, which is older than any."""
    parts = re.match(r"(\d{1,4})(?:\.(\d{1,4}))?", version)
    if parts is None:
        return ()
    numbers = int(parts[1]), int(parts[2] or 0)
    # What called itself 10.16 is macOS 11.
    return (11, 0) if numbers == (10, 16) else numbers


def _text(numbers: Iterable[int]) -> str:
    return ".".join(str(number) for number in numbers)


def _tagged(distribution: Distribution) -> tuple[int, ...] | None:
    """The oldest macOS that one of the wheel's tags admits; `None` for a wheel for any system, or for another."""
    versions = _tag_versions(distribution)
    return min(versions)[0] if versions else None


def _oldest_tag(distribution: Distribution) -> str:
    return min(_tag_versions(distribution))[1]


def _tag_versions(distribution: Distribution) -> list[tuple[tuple[int, ...], str]]:
    found: list[tuple[tuple[int, ...], str]] = []
    for tag in distribution.wheel_tags:
        platforms = tag.rpartition("-")[2].split(".")
        matches = [_TAG.match(platform) for platform in platforms]
        if None in matches:
            return []
        found += [(_numbers(f"{match[1]}.{match[2]}"), tag) for match in matches if match]
    return found


CHECK = Check(
    id="MAC003",
    slug="macos-too-old",
    level=Level.ERROR,
    stage=Stage.HOST,
    needs=("host.macos_version", "packages.folders_read"),
    after=("LNK003",),
    judge=judge,
    passes="All installed packages were built for this macOS or an earlier one.",
    page=Page(
        what=(
            "Installed packages say that they were built for a newer macOS than the one that runs: in the platform tag "
            "of their wheel (macosx_12_0_arm64) or in their libraries (LC_BUILD_VERSION, minos)."
        ),
        why=(
            "Such a library uses functions of the newer system. It fails while it is loaded, with `Symbol not found` "
            "and "
            "`(built for macOS … which is newer than running OS)`, or later, when the function is called. pip refuses "
            "such a wheel; it gets there when an environment is copied from another Mac, when the system was restored, "
            "or when Python was wrong about the version of macOS. Where the tag admits this system and only a library "
            "says otherwise, it may well work (tensorflow-io-gcs-filesystem 0.31.0 is tagged 10.14, and its library "
            "says 12.1): that is a note."
        ),
        see=(
            "Run `sysctl kern.osproductversion` for the system, and read the Tag line of the package's `WHEEL` file. "
            "`platform.mac_ver()` may be wrong about the system: see PY007."
        ),
        fix="Update macOS, or install in a fresh environment so that pip chooses releases that fit this system.",
        sources=(
            Source(
                "Python Packaging: platform compatibility tags, macOS",
                "https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/",
            ),
            Source("dyld: error texts of a missing symbol", "https://github.com/apple-oss-distributions/dyld"),
        ),
    ),
)
