"""Which files a package index has for exactly these releases on the target's platform, asked through uv.

uv gets the metadata of every package from us, so it reads nothing but the index pages: no wheel is fetched and no
source is built. Its exit status tells an index that answers and has no such file (1) from one that does not answer (2).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.collect.world import World
from m1doctor.locks.lock import hashes_of
from m1doctor.locks.uv import NO_SOLUTION, UvMissingError, failure, find_uv, uv_environ, without_addresses
from m1doctor.model.interpreter import Interpreter

if TYPE_CHECKING:
    from packaging.pylock import Package
    from packaging.tags import Tag

_MACOS_TAG = re.compile(r"macosx_(\d+)_(\d+)_")


@dataclass(frozen=True, slots=True)
class Pin:
    """One release that an index can be asked for."""

    name: str
    """Normalized (PEP 503)."""
    version: str
    tags: tuple[str, ...] = ()
    """Of the installed wheel, as its WHEEL file writes them; empty where it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What the index has for the pins that it was asked for."""

    packages: Mapping[str, Package] = field(default_factory=dict)
    """By name, each with the file that is installed, or with every file that could be."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Name to the reason why there is no file to pin."""

    @property
    def hashes(self) -> dict[str, tuple[str, ...]]:
        """Name to hashes, sorted, each ``"sha256:…"``."""
        return {name: hashes_of(package) for name, package in self.packages.items()}


class NoAnswerError(Exception):
    """No hash could be looked up at all. `str()` is the reason in a clause, with no address or path in it."""

    def __init__(self, reason: str, detail: str | None = None) -> None:
        """Keep uv's own words in `detail`, with addresses and paths taken out."""
        super().__init__(reason)
        self.detail = detail


def look_up(
    world: World, interpreter: Interpreter | None, pins: Sequence[Pin], *, seconds: float, python: str, uv: str | None
) -> Files:
    """Ask for the files of all pins at once, and divide the question where the index has not all of them.

    `seconds` bounds all the questions together. `python` is an interpreter that uv may start, `uv` its binary (the one
    installed with m1doctor). Raises `NoAnswerError`.
    """
    if not pins:
        return Files()
    if world.environ.get("UV_OFFLINE", "").lower() in ("1", "true", "yes", "on"):
        raise NoAnswerError("uv was told to stay offline (UV_OFFLINE)")
    major, minor = newest_macos_tag(pins) or (11, 0)
    question = _Question(
        uv=uv if uv is not None else _find_uv(),
        options=(*_target_options(interpreter, pins), "--python", python),
        environ=uv_environ(world.environ, f"{major}.{minor}"),
    )
    deadline = world.clock() + seconds
    found: dict[str, Package] = {}
    waiting = [list(pins)]
    while waiting:
        asked = waiting.pop()
        left = deadline - world.clock()
        answer = question.ask(world, asked, left) if left > 0 else None
        if answer is None:
            raise NoAnswerError(f"looking up the hashes took longer than {seconds:g} seconds")
        found.update(answer.packages)
        if not answer.complete and len(asked) > 1:
            waiting += _divide(asked, answer.words)
    if not found:
        # An index that refuses us (a login, an empty mirror) says of every package that it is not there.
        raise NoAnswerError("the package index has none of these packages")
    return _choose(pins, found)


def _divide(asked: list[Pin], words: str) -> list[list[Pin]]:
    """Smaller questions in place of one that found no answer: each pin that uv's words name by itself, and the rest.

    The words only guess well, so nothing depends on them: where they name no pin, or every one, the question is halved.
    """
    named = [pin for pin in asked if re.search(rf"(?<![\w.-]){re.escape(pin.name)}(?![\w-])", words)]
    rest = [pin for pin in asked if pin not in named]
    if named and rest:
        return [*([pin] for pin in named), rest]
    middle = len(asked) // 2
    return [asked[:middle], asked[middle:]]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one question brought: all of the packages, or none because at least one of them is not there."""

    packages: Mapping[str, Package]
    complete: bool
    words: str = ""
    """uv's own, where something is not there."""


@dataclass(frozen=True, slots=True)
class _Question:
    """How uv is asked."""

    uv: str
    options: tuple[str, ...]
    environ: Mapping[str, str]

    def ask(self, world: World, pins: Sequence[Pin], seconds: float) -> _Answer | None:
        """Ask for the files of exactly `pins`; `None` at the time limit. Raises `NoAnswerError`."""
        import tomllib  # noqa: PLC0415 - start-up

        from packaging.pylock import Pylock, PylockValidationError  # noqa: PLC0415 - start-up

        # An empty folder of our own: uv reads settings of the project in its working folder, and takes an older output
        # file for preferences. The user's own settings (which index) still hold.
        with tempfile.TemporaryDirectory(prefix="m1doctor-lock-") as folder:
            wanted, lock = Path(folder, "wanted.in"), Path(folder, "pylock.toml")
            wanted.write_text("".join(f"{pin.name}=={pin.version}\n" for pin in pins), encoding="utf-8")
            Path(folder, "uv.toml").write_text("".join(map(metadata_of, pins)), encoding="utf-8")
            options = ["--format", "pylock.toml", "--output-file", lock.name, "--no-deps", "--no-header"]
            options += ["--no-annotate", "--no-python-downloads", "--no-progress", "--quiet", *self.options]
            argv = (self.uv, "pip", "compile", wanted.name, *options)
            reading = world.run(argv, timeout=seconds, environ=self.environ, cwd=folder)
            if reading.timed_out:
                return None
            if reading.returncode == NO_SOLUTION:
                return _Answer({}, complete=False, words=reading.stderr)
            if not reading.ok:
                raise NoAnswerError(failure(reading, "looks up the hashes"), without_addresses(reading.stderr))
            try:
                packages = Pylock.from_dict(tomllib.loads(lock.read_text(encoding="utf-8"))).packages
            except (OSError, ValueError, PylockValidationError) as error:
                raise NoAnswerError("uv answered in a form that is not known", str(error)) from error
        return _Answer({package.name: package for package in packages}, complete=True)


def metadata_of(pin: Pin) -> str:
    """Metadata for uv, so that it needs none from the index; neither value can hold what TOML would escape."""
    return f'[[dependency-metadata]]\nname = "{pin.name}"\nversion = "{pin.version}"\nrequires-dist = []\n'


def _find_uv() -> str:
    """uv's binary. Raises `NoAnswerError`."""
    try:
        return find_uv()
    except UvMissingError as error:
        raise NoAnswerError("uv, which looks up the hashes, is not installed") from error


def newest_macos_tag(pins: Iterable[Pin]) -> tuple[int, int] | None:
    """The newest macOS that an installed wheel asks for, or `None` where none asks."""
    return max(
        ((int(match[1]), int(match[2])) for pin in pins for tag in pin.tags for match in _MACOS_TAG.finditer(tag)),
        default=None,
    )


def _target_options(interpreter: Interpreter | None, pins: Iterable[Pin]) -> tuple[str, ...]:
    """uv's options for the target's platform and Python. Raises `NoAnswerError` where it cannot be named."""
    if interpreter is None or interpreter.version is None or interpreter.machine is None:
        raise NoAnswerError("the target's Python version or platform is unknown")
    if interpreter.implementation.lower() != "cpython":
        raise NoAnswerError(f"hashes are looked up for CPython only, and the target is {interpreter.implementation}")
    machine = {"arm64": "aarch64"}.get(interpreter.machine, interpreter.machine)
    musl = any("musllinux" in tag for pin in pins for tag in pin.tags)
    # The newest glibc that uv knows by name: it only widens the list from which the installed wheel is chosen.
    suffix = {"Darwin": "apple-darwin", "Linux": "unknown-linux-musl" if musl else "manylinux_2_40"}.get(
        interpreter.system or ""
    )
    if suffix is None or machine not in ("aarch64", "x86_64"):
        raise NoAnswerError(f"uv has no name for the target's platform, {interpreter.system} {interpreter.machine}")
    return ("--python-platform", f"{machine}-{suffix}", "--python-version", interpreter.version)


def _choose(pins: Sequence[Pin], found: Mapping[str, Package]) -> Files:
    """Keep for each pin the file that is installed, or every file that could be."""
    refused: dict[str, str] = {}
    packages: dict[str, Package] = {}
    for pin in pins:
        package = found.get(pin.name)
        if package is None:
            refused[pin.name] = "the package index has no file of this version for this target"
            continue
        chosen = _installed_file(package, pin.tags)
        if hashes_of(chosen):
            packages[pin.name] = chosen
        else:
            refused[pin.name] = "the package index states no SHA-256 for it"
    return Files(packages=packages, refused=refused)


def _installed_file(package: Package, installed: tuple[str, ...]) -> Package:
    """The package with only the wheel that is installed, where the index has it; else as it is."""
    tags = _tags(installed)
    exact = [wheel for wheel in package.wheels or () if tags and _file_tags(wheel.filename) == tags]
    # Where there is no such wheel, one that was built here is installed: from the source, as far as can be told.
    return replace(package, wheels=exact, sdist=None) if exact else package


def _tags(lines: Iterable[str]) -> frozenset[Tag]:
    """The `Tag` lines of a WHEEL file as tags; none where one cannot be read."""
    from packaging.tags import parse_tag  # noqa: PLC0415 - start-up

    tags: set[Tag] = set()
    for line in lines:
        try:
            tags |= parse_tag(line)
        except ValueError:
            return frozenset()
    return frozenset(tags)


def _file_tags(filename: str | None) -> frozenset[Tag]:
    """The tags in the name of a wheel file."""
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename  # noqa: PLC0415 - start-up

    try:
        return parse_wheel_filename(filename or "")[3]
    except InvalidWheelFilename:
        return frozenset()
