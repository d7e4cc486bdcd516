"""From what is asked for to exact releases for one kind of Mac: uv resolves, and our rules judge what it chose.

Where the rules object and know what keeps the fault away, that is told to uv and it resolves again; where they know
nothing, or uv finds no way, there is no lock.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.collect.beside import Beside
from m1doctor.collect.world import World
from m1doctor.errors import UnfinishedError
from m1doctor.knowledge.compat import choose, refusal
from m1doctor.knowledge.known_faults import in_range, known_faults
from m1doctor.knowledge.lock_rules import Fault, faults_of, tensorflow_of
from m1doctor.knowledge.locks import caps
from m1doctor.knowledge.pairings import load, proof
from m1doctor.locks.instant import end_of
from m1doctor.locks.lock import Lock, Target, pins_of
from m1doctor.locks.uv import NO_SOLUTION, UvMissingError, failure, find_uv, uv_environ, without_addresses
from m1doctor.locks.wanted import Wanted, markers
from m1doctor.model.provider import Provider
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
    asked, constraints = _beforehand(wanted, target)
    packages = _ask(world, asked, target, how, constraints)
    for _ in range(_MOST_ROUNDS):
        more = {line: fault.says for fault in _faults(packages, target) for line in fault.mend}
        if not more.keys() - constraints.keys():
            break
        try:
            packages = _ask(world, asked, target, how, constraints | more)
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
        warnings=(*(fault.says for fault in faults), *costs(pins)),
        exclude_newer=how.exclude_newer,
    )


def _faults(packages: tuple[Package, ...], target: Target) -> tuple[Fault, ...]:
    return faults_of(pins_of(packages), target.python or "", target.macos)


def _refusal(fault: Fault) -> str:
    return fault.says + (f"; ask for {fault.instead} instead" if fault.instead else "")


def _beforehand(wanted: Wanted, target: Target) -> tuple[Wanted, dict[str, str]]:
    """What is asked of uv at once, so that it need not be asked twice, and constraints, each with the reason.

    Raises `RefusedError` in our words where a plugin is asked for and cannot serve: uv's name tags.
    """
    names = known_faults().tensorflow_names
    community = load().community
    asked = wanted.specifiers(target)
    tensorflows = [name for name in asked if name in names]
    found: dict[str, str] = {}
    version = None
    if community.distribution in asked:
        release, _ = _chosen(target, Provider.COMMUNITY, asked)
        version = release.partition("==")[2]
        found[release] = f"what {community.distribution} {community.newest} accepts"
        if not in_range(community.newest, asked[community.distribution]):
            message = f"{community.distribution}: {community.other_versions}; ask for {community.newest}"
            raise RefusedError(message)
        wanted = wanted.with_also(release, *community.build)
    elif load().apple_distribution in asked:
        chosen = _chosen(target, Provider.AUTO, asked)
        if tensorflows and chosen:
            version, plugin = (line.partition("==")[2] for line in chosen)
            found |= {f"{name}=={version}": "" for name in tensorflows}
            found[f"{load().apple_distribution}=={plugin}"] = ""
    elif len(tensorflows) == 1 and asked[tensorflows[0]].startswith("=="):
        version = asked[tensorflows[0]].removeprefix("==")
    if version is not None:
        found |= {f"{cap.package}{cap.allowed}": cap.reason for cap in caps() if in_range(version, cap.beside)}
    return wanted, found


def _chosen(target: Target, provider: Provider, asked: Mapping[str, str]) -> tuple[str, ...]:
    """The pair for what is asked; nothing where only the versions asked for are in its way: uv and our rules say how.

    Raises `RefusedError` where that Python or macOS has no pair at all.
    """
    python = target.python or ""
    choice = choose(python, target.macos, provider, asked)
    if not choice.requirements and not choose(python, target.macos, provider).requirements:
        raise RefusedError("\n".join(refusal(choice, "m1doctor lock")))
    return choice.requirements


def _why_the_pair(pins: Mapping[str, str]) -> Iterator[str]:
    apple = load().apple_distribution
    tensorflow = tensorflow_of(pins)
    if tensorflow is not None and apple in pins:
        yield f"TensorFlow {tensorflow} with {apple} {pins[apple]}: {proof(tensorflow, pins[apple])}"
    community = load().community
    if community.distribution in pins:
        stated = f"stated by its authors ({community.source.date}), by nobody else"
        yield f"TensorFlow {tensorflow} with {community.distribution} {pins[community.distribution]}: {stated}"
        yield from (f"it needs {condition}" for condition in community.conditions)


def costs(pins: Mapping[str, str]) -> Iterator[str]:
    """What speaks against a plugin that is built where it is installed."""
    community = load().community
    if community.distribution in pins:
        yield (
            f"of {community.distribution} the source has a hash; what is built from it has none, and neither the "
            "compiler nor the SDK is pinned"
        )
        yield from community.costs


def _kept(constraints: Mapping[str, str], pins: Mapping[str, str]) -> Iterator[str]:
    """The constraints that bear on a package of the lock, each with its reason; a pair has told its own."""
    from packaging.requirements import Requirement  # noqa: PLC0415 - start-up

    for line, reason in sorted(constraints.items()):
        if reason and Requirement(line).name in pins:
            yield f"{line}: {reason}"


def _ask(world: World, wanted: Wanted, target: Target, how: How, constraints: Mapping[str, str]) -> tuple[Package, ...]:
    """uv's answer, one file a package, sorted by name.

    What is built where it is installed is asked for by itself: its metadata is ours, since uv would run its build here.
    """
    uv = _Uv(world, target, how)
    community = load().community.distribution
    sources = [community] if community in wanted.specifiers(target) else []
    # The answer and what m1doctor adds stand in a folder of their own: uv takes an older output file for preferences.
    with tempfile.TemporaryDirectory(prefix="m1doctor-lock-") as folder:
        own = [line for asked in wanted.asked if asked.file is None for line in asked.requirements]
        files = [*wanted.files, *_written(Path(folder, "wanted.in"), [*own, *wanted.also])]
        options = ["--only-binary", ":all:", *_options(wanted)]
        for option, lines in (("--constraints", [*constraints]), ("--excludes", sources)):
            for file in _written(Path(folder, f"{option}.in"), lines):
                options += [option, str(file)]
        # Settings of a project that is locked hold for it; for our own question, none but the user's do.
        cwd = str(wanted.files[0].parent) if wanted.files else folder
        found = _one_file_each(uv.compiled(files, options, Path(folder), cwd, constraints), target)
    return tuple(sorted((*found, *map(uv.source, sources)), key=lambda package: package.name))


@dataclass(frozen=True, slots=True)
class _Uv:
    """uv, asked about one kind of Mac."""

    world: World
    target: Target
    how: How

    def compiled(
        self, files: Sequence[Path], options: Sequence[str], folder: Path, cwd: str, constraints: Mapping[str, str]
    ) -> Pylock:
        """The answer to `files`; `constraints` are told where there is none.

        Raises `RefusedError` where there is none, `UnfinishedError` where uv or the index does not answer.
        """
        try:
            uv = self.how.uv or find_uv()
        except UvMissingError as error:
            message = f"nothing was locked: {error}"
            raise UnfinishedError(message) from error
        answer = folder / "pylock.toml"
        argv = [uv, "pip", "compile", *map(str, files), "--format", "pylock.toml", "--output-file", str(answer)]
        answering = Beside(
            lambda: self.world.run(
                [*argv, *self._options(), *options],
                timeout=self.how.seconds,
                environ=uv_environ(self.world.environ, self.target.macos or "11.0"),
                cwd=cwd,
            )
        )
        # uv takes a second or more: meanwhile, what reads its answer and writes the lock is brought in.
        import tomllib  # noqa: PLC0415

        from packaging.pylock import Pylock, PylockValidationError  # noqa: PLC0415

        import m1doctor.locks.texts  # noqa: F401, PLC0415

        reading = answering.result()
        if reading.returncode == NO_SOLUTION:
            raise RefusedError(_no_solution(without_addresses(reading.stderr, lines=_MOST_LINES), constraints))
        if not reading.ok:
            words = without_addresses(reading.stderr)
            message = f"nothing was locked: {failure(reading, 'resolves')}" + (f"\n{words}" if words else "")
            raise UnfinishedError(message)
        try:
            return Pylock.from_dict(tomllib.loads(answer.read_text(encoding="utf-8")))
        except (OSError, ValueError, PylockValidationError) as error:
            message = f"nothing was locked: uv answered in a form that is not known ({error})"
            raise UnfinishedError(message) from error

    def source(self, name: str) -> Package:
        """The source distribution of the community's plugin. Nothing of it is run."""
        from m1doctor.locks.index import Pin, metadata_of  # noqa: PLC0415 - start-up: few ask for it

        pin = Pin(name, load().community.newest)
        with tempfile.TemporaryDirectory(prefix="m1doctor-lock-") as folder:
            Path(folder, "uv.toml").write_text(metadata_of(pin), encoding="utf-8")
            files = [*_written(Path(folder, "wanted.in"), [f"{pin.name}=={pin.version}"])]
            found = self.compiled(files, ["--no-deps", "--no-binary", name], Path(folder), folder, {})
        return found.packages[0]

    def _options(self) -> list[str]:
        options = ["--python-platform", "aarch64-apple-darwin", "--python-version", self.target.python or ""]
        options += ["--no-header", "--no-annotate", "--no-python-downloads", "--no-progress", "--quiet"]
        options += ["--python", self.how.python]
        if self.how.exclude_newer is not None:
            options += ["--exclude-newer", end_of(self.how.exclude_newer)]
        if self.how.offline:
            options.append("--offline")
        return options


def _written(file: Path, lines: list[str]) -> Iterator[Path]:
    """`file` with these lines, where there are any."""
    if lines:
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        yield file


def _options(wanted: Wanted) -> list[str]:
    options = [word for extra in wanted.extras for word in ("--extra", extra)]
    return options + [word for group in wanted.groups for word in ("--group", group)]


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
