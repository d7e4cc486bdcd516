"""From what is asked for to exact releases for one kind of Mac: uv resolves, and our rules judge what it chose.

Where the rules object and know what keeps the fault away, that is told to uv and it resolves again; where they know
nothing, or uv finds no way, there is no lock.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.collect.world import World
from m1doctor.errors import UnfinishedError
from m1doctor.knowledge.known_faults import in_range, known_faults
from m1doctor.knowledge.lock_rules import Fault, faults_of, pair_for, tensorflow_of
from m1doctor.knowledge.locks import caps
from m1doctor.knowledge.pairings import load, proof, pythons_with_plugin
from m1doctor.locks.instant import end_of
from m1doctor.locks.lock import Lock, Target, pins_of
from m1doctor.locks.uv import NO_SOLUTION, UvMissingError, failure, find_uv, uv_environ, without_addresses
from m1doctor.locks.wanted import Wanted, markers
from m1doctor.model.record import record

if TYPE_CHECKING:
    from packaging.markers import Environment
    from packaging.pylock import Package, Pylock
    from packaging.tags import Tag

DEFAULT_SECONDS = 300.0
"""Time limit of one resolution. A cold one takes a second, and minutes on a slow line with many candidates."""
_MOST_ROUNDS = 4
"""Each round adds what the one before was found to lack; more than two of our rules never met."""
_MOST_LINES = 24
"""Of uv's explanation why there is no solution."""


class RefusedError(Exception):
    """There is no lock that answers what was asked and can work; the message says why, and what to ask for."""


@record(frozen=True, slots=True, kw_only=True)
class How:
    """How the index is asked."""

    python: str
    """An interpreter that uv may start."""
    uv: str | None = None
    """uv's binary; `None` for the one installed with m1doctor."""
    exclude_newer: str | None = None
    """A date (that day in UTC) or a time: nothing published after it is considered."""
    offline: bool = False
    seconds: float = DEFAULT_SECONDS


def resolve(world: World, wanted: Wanted, target: Target, how: How) -> Lock:
    """A lock that answers `wanted` on `target`: one file a package, judged.

    Raises `RefusedError` where there is none, `UnfinishedError` where uv or the index does not answer.
    """
    _check_python(wanted, target)
    constraints = _beforehand(wanted, target)
    packages = _ask(world, wanted, target, how, constraints)
    for _ in range(_MOST_ROUNDS):
        more = {line: fault.says for fault in _faults(packages, target) for line in fault.mend}
        if not more.keys() - constraints.keys():
            break
        try:
            packages = _ask(world, wanted, target, how, constraints | more)
        except RefusedError:
            break  # what was asked for is what the rules forbid: the faults stand as they are
        constraints |= more
    faults = _faults(packages, target)
    fatal = [fault for fault in faults if fault.fatal]
    if fatal:
        raise RefusedError("\n".join(map(_refusal, fatal)))
    pins = pins_of(packages)
    return Lock(
        title="Exact releases, one file a package, chosen for one kind of Mac.",
        target=target,
        packages=packages,
        asked=wanted.asked,
        remarks=(*_why_the_pair(pins), *_kept(constraints, pins)),
        warnings=tuple(fault.says for fault in faults),
        exclude_newer=how.exclude_newer,
    )


def _faults(packages: tuple[Package, ...], target: Target) -> tuple[Fault, ...]:
    return faults_of(pins_of(packages), target.python or "", target.macos)


def _refusal(fault: Fault) -> str:
    return fault.says + (f"; ask for {fault.instead} instead" if fault.instead else "")


def _check_python(wanted: Wanted, target: Target) -> None:
    """Say that Apple has no plugin for this Python in our words: uv's name tags. Raises `RefusedError`."""
    pythons, apple = pythons_with_plugin(), load().apple_distribution
    if apple in wanted.specifiers(target) and target.python not in pythons:
        community = load().community.distribution
        message = (
            f"Apple has published no {apple} for Python {target.python}: there are wheels for {pythons[0]} to "
            f"{pythons[-1]}; ask for --python-version {pythons[-1]}, or see m1doctor compat --python {target.python} "
            f"for {community} and what it costs"
        )
        raise RefusedError(message)


def _beforehand(wanted: Wanted, target: Target) -> dict[str, str]:
    """What uv is told at once, so that it need not be asked twice: constraints, each with the reason."""
    names = known_faults().tensorflow_names
    apple = load().apple_distribution
    asked = wanted.specifiers(target)
    tensorflows = [name for name in asked if name in names]
    found: dict[str, str] = {}
    version = None
    if tensorflows and apple in asked:
        pair = pair_for(asked, target.python or "", target.macos)
        if pair is not None:
            version, plugin = pair
            found |= {f"{name}=={version}": "" for name in tensorflows} | {f"{apple}=={plugin}": ""}
    elif len(tensorflows) == 1 and asked[tensorflows[0]].startswith("=="):
        version = asked[tensorflows[0]].removeprefix("==")
    if version is not None:
        found |= {f"{cap.package}{cap.allowed}": cap.reason for cap in caps() if in_range(version, cap.beside)}
    return found


def _why_the_pair(pins: Mapping[str, str]) -> Iterator[str]:
    apple = load().apple_distribution
    tensorflow = tensorflow_of(pins)
    if tensorflow is not None and apple in pins:
        yield f"TensorFlow {tensorflow} with {apple} {pins[apple]}: {proof(tensorflow, pins[apple])}"


def _kept(constraints: Mapping[str, str], pins: Mapping[str, str]) -> Iterator[str]:
    """The constraints that bear on a package of the lock, each with its reason; a pair has told its own."""
    from packaging.requirements import Requirement  # noqa: PLC0415 - start-up

    for line, reason in sorted(constraints.items()):
        if reason and Requirement(line).name in pins:
            yield f"{line}: {reason}"


def _ask(world: World, wanted: Wanted, target: Target, how: How, constraints: Mapping[str, str]) -> tuple[Package, ...]:
    """uv's answer, one file a package, sorted by name."""
    from packaging.pylock import Pylock, PylockValidationError  # noqa: PLC0415 - start-up

    try:
        uv = how.uv or find_uv()
    except UvMissingError as error:
        message = f"nothing was locked: {error}"
        raise UnfinishedError(message) from error
    # The answer and what m1doctor adds stand in a folder of their own: uv takes an older output file for preferences.
    with tempfile.TemporaryDirectory(prefix="m1doctor-lock-") as folder:
        import tomllib  # noqa: PLC0415 - start-up

        answer = Path(folder, "pylock.toml")
        own = [line for asked in wanted.asked if asked.file is None for line in asked.requirements]
        files = [*wanted.files, *_written(Path(folder, "wanted.in"), own)]
        argv = [uv, "pip", "compile", *map(str, files), "--format", "pylock.toml", "--output-file", str(answer)]
        argv += _options(wanted, target, how)
        for file in _written(Path(folder, "constraints.in"), constraints):
            argv += ["--constraints", str(file)]
        reading = world.run(
            argv,
            timeout=how.seconds,
            environ=uv_environ(world.environ, target.macos or "11.0"),
            # Settings of a project that is locked hold for it; for our own question, none but the user's do.
            cwd=str(wanted.files[0].parent) if wanted.files else folder,
        )
        if reading.returncode == NO_SOLUTION:
            raise RefusedError(_no_solution(without_addresses(reading.stderr, lines=_MOST_LINES), constraints))
        if not reading.ok:
            words = without_addresses(reading.stderr)
            message = f"nothing was locked: {failure(reading, 'resolves')}" + (f"\n{words}" if words else "")
            raise UnfinishedError(message)
        try:
            found = Pylock.from_dict(tomllib.loads(answer.read_text(encoding="utf-8")))
        except (OSError, ValueError, PylockValidationError) as error:
            message = f"nothing was locked: uv answered in a form that is not known ({error})"
            raise UnfinishedError(message) from error
    return _one_file_each(found, target)


def _written(file: Path, lines: Mapping[str, str] | list[str]) -> Iterator[Path]:
    """`file` with these lines, where there are any."""
    if lines:
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        yield file


def _options(wanted: Wanted, target: Target, how: How) -> list[str]:
    options = ["--python-platform", "aarch64-apple-darwin", "--python-version", target.python or ""]
    options += ["--only-binary", ":all:", "--no-header", "--no-annotate", "--no-python-downloads", "--no-progress"]
    options += ["--quiet", "--python", how.python]
    options += [word for extra in wanted.extras for word in ("--extra", extra)]
    options += [word for group in wanted.groups for word in ("--group", group)]
    if how.exclude_newer is not None:
        options += ["--exclude-newer", end_of(how.exclude_newer)]
    if how.offline:
        options.append("--offline")
    return options


def _no_solution(words: str, constraints: Mapping[str, str]) -> str:
    added = [line + (f" ({reason})" if reason else "") for line, reason in constraints.items()]
    told = f"\nm1doctor itself asked for {'; '.join(added)}." if added else ""
    return f"nothing answers what was asked for:\n{words}{told}"


def _one_file_each(found: Pylock, target: Target) -> tuple[Package, ...]:
    """Of each package the one wheel that an installer on the oldest macOS would choose.

    uv lists every wheel that fits: with them, two Macs could install different builds from one lock.
    """
    from packaging.pylock import PackageWheel  # noqa: PLC0415 - start-up

    environment: Environment = markers(target)  # type: ignore[assignment]  # a plain dict with all of its keys
    chosen = found.select(environment=environment, tags=tags_of(target))
    return tuple(
        sorted(
            (
                replace(package, wheels=(file,), sdist=None) if isinstance(file, PackageWheel) else package
                for package, file in chosen
            ),
            key=lambda package: package.name,
        )
    )


def tags_of(target: Target) -> list[Tag]:
    """The tags of wheels that install on that Mac, the preferred first."""
    from packaging.tags import compatible_tags, cpython_tags, mac_platforms  # noqa: PLC0415 - start-up

    major, minor = (int(part) for part in (target.python or "").split(".")[:2])
    version = tuple(int(part) for part in f"{target.macos or '11'}.0".split(".")[:2])
    platforms = list(mac_platforms((version[0], version[1]), target.machine or "arm64"))
    interpreter = f"cp{major}{minor}"
    return [
        *cpython_tags((major, minor), abis=[interpreter], platforms=platforms),
        *compatible_tags((major, minor), interpreter=interpreter, platforms=platforms),
    ]
