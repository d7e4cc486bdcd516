"""Which files a package index has for exactly these releases on the target's platform, asked through uv.

uv gets the metadata of every package from us, so it reads nothing but the index pages: no wheel is fetched and no
source is built. Its exit status tells an index that answers and has no such file (1) from one that does not answer (2).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.collect.world import World
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.reading import Reading

if TYPE_CHECKING:
    from packaging.pylock import Package
    from packaging.tags import Tag

_NO_SOLUTION = 1
"""uv's exit status where the index answers and does not have what is asked; every other failure is 2."""
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

    hashes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name to hashes, sorted, each ``"sha256:…"``: of the file that is installed, or of every file that could be."""
    sources: tuple[str, ...] = ()
    """Names for which there is only a source distribution."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Name to the reason why there is no file to pin."""


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
    question = _Question(
        uv=uv if uv is not None else _find_uv(),
        options=(*_target_options(interpreter, pins), "--python", python),
        environ=_uv_environ(world.environ, pins),
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
            Path(folder, "uv.toml").write_text("".join(map(_metadata, pins)), encoding="utf-8")
            options = ["--format", "pylock.toml", "--output-file", lock.name, "--no-deps", "--no-header"]
            options += ["--no-annotate", "--no-python-downloads", "--no-progress", "--quiet", *self.options]
            argv = (self.uv, "pip", "compile", wanted.name, *options)
            reading = world.run(argv, timeout=seconds, environ=self.environ, cwd=folder)
            if reading.timed_out:
                return None
            if reading.returncode == _NO_SOLUTION:
                return _Answer({}, complete=False, words=reading.stderr)
            if not reading.ok:
                raise NoAnswerError(_failure(reading), _without_addresses(reading.stderr))
            try:
                packages = Pylock.from_dict(tomllib.loads(lock.read_text(encoding="utf-8"))).packages
            except (OSError, ValueError, PylockValidationError) as error:
                raise NoAnswerError("uv answered in a form that is not known", str(error)) from error
        return _Answer({package.name: package for package in packages}, complete=True)


def _metadata(pin: Pin) -> str:
    """Metadata for uv, so that it needs none from the index; neither value can hold what TOML would escape."""
    return f'[[dependency-metadata]]\nname = "{pin.name}"\nversion = "{pin.version}"\nrequires-dist = []\n'


def _find_uv() -> str:
    """uv's binary, installed as a requirement of m1doctor. Raises `NoAnswerError`."""
    import uv  # noqa: PLC0415 - not every run writes a lock

    try:
        return uv.find_uv_bin()
    except FileNotFoundError as error:
        raise NoAnswerError("uv, which looks up the hashes, is not installed") from error


_KEPT_UV_SETTINGS = re.compile(
    r"UV_(INDEX(_.+)?|DEFAULT_INDEX|EXTRA_INDEX_URL|NO_INDEX|FIND_LINKS|KEYRING_PROVIDER|INSECURE_HOST|NATIVE_TLS"
    r"|SYSTEM_CERTS|HTTP_TIMEOUT|HTTP_RETRIES|CACHE_DIR|NO_CACHE|OFFLINE|NETRC|CONFIG_FILE|NO_CONFIG)"
)
"""Settings of the user that say where the index is and how to reach it. Others (resolution, exclusions, overrides,
interpreters) would change what the question means."""


def _uv_environ(environ: Mapping[str, str], pins: Sequence[Pin]) -> dict[str, str]:
    """The environment for uv: the user's, less what would change the meaning of the question."""
    kept = {
        key: value
        for key, value in environ.items()
        if key not in ("VIRTUAL_ENV", "CONDA_PREFIX")
        and (not key.startswith("UV_") or _KEPT_UV_SETTINGS.fullmatch(key))
    }
    major, minor = newest_macos_tag(pins) or (11, 0)
    # Without it uv offers only wheels for macOS 13 or older, and the installed one may be among the others.
    kept["MACOSX_DEPLOYMENT_TARGET"] = f"{major}.{minor}"
    kept["NO_COLOR"] = "1"
    kept.setdefault("UV_HTTP_TIMEOUT", "15")
    kept.setdefault("UV_HTTP_RETRIES", "1")
    return kept


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


def _failure(reading: Reading) -> str:
    """Say in a clause, without names of hosts or files, why uv did not answer."""
    if reading.error is not None:
        return f"uv, which looks up the hashes, could not be started ({reading.error})"
    if reading.signal is not None:
        return f"uv, which looks up the hashes, was killed by signal {reading.signal}"
    words = reading.stderr.lower()
    if "http status" in words:
        return "the package index answered with an error"
    if any(word in words for word in ("error sending request", "failed to fetch", "dns", "timed out", "network")):
        return "the package index could not be reached"
    return f"uv, which looks up the hashes, failed with exit status {reading.returncode}"


def _without_addresses(text: str) -> str:
    """The first lines of uv's words, with addresses and absolute paths taken out: both may hold what is private."""
    text = re.sub(r"[a-z+]+://[^\s)'\"`]+", "<address>", text)
    text = re.sub(r"(?<![\w<])/[^\s:)'\"`]+", "<path>", text)
    return "\n".join(text.strip().splitlines()[:6])


def _choose(pins: Sequence[Pin], found: Mapping[str, Package]) -> Files:
    """Keep for each pin the hashes of the file that is installed, or of every file that could be."""
    refused: dict[str, str] = {}
    hashes: dict[str, tuple[str, ...]] = {}
    sources: list[str] = []
    for pin in pins:
        package = found.get(pin.name)
        if package is None:
            refused[pin.name] = "the package index has no file of this version for this target"
            continue
        chosen = _hashes(package, pin.tags)
        if not chosen:
            refused[pin.name] = "the package index states no SHA-256 for it"
            continue
        hashes[pin.name] = chosen
        if not package.wheels:
            sources.append(pin.name)
    return Files(hashes=hashes, sources=tuple(sources), refused=refused)


def _hashes(package: Package, installed: tuple[str, ...]) -> tuple[str, ...]:
    """The hashes to pin for one package, sorted."""
    installed_tags = _tags(installed)
    every: list[Mapping[str, str]] = []
    exact: list[Mapping[str, str]] = []
    for wheel in package.wheels or ():
        every.append(wheel.hashes)
        if installed_tags and _file_tags(wheel.filename) == installed_tags:
            exact.append(wheel.hashes)
    if not exact and package.sdist is not None:
        # Not the index's wheel is installed but one that was built here: from the source, as far as can be told.
        every.append(package.sdist.hashes)
    return tuple(sorted({f"sha256:{stated['sha256']}" for stated in exact or every if "sha256" in stated}))


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
