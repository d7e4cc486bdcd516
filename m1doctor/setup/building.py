"""The plan of a new environment: which Python, which lock, in which steps, and what stands in the way.

Pure: for a host that was examined elsewhere it gives the plan of that host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from m1doctor.knowledge import interpreters, pairings
from m1doctor.knowledge.compat import Asked, Community, answer
from m1doctor.knowledge.environments import PublishedEnvironment
from m1doctor.knowledge.pairings import at_least, version_key
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.building import BuildPlan, Lock, Provider, Wish
from m1doctor.model.host import Host
from m1doctor.model.remedy import Step, run

KERNEL = "ipykernel"
_BUILD = ("setuptools", "wheel")
"""What the pyproject.toml of the community's plugin asks for to build it (0.4.1, read 2026-11-26)."""
_TARGET = re.compile(
    r"^# Target: \S+ (?P<python>\d+\.\d+)\S* on (?P<system>\S+)(?: (?P<machine>[A-Za-z]\w+))?"
    r"(?: \(macOS (?P<macos>[\d.]+) or later\))?$",
    re.MULTILINE,
)
_PYLOCK = re.compile(r"pylock(\.[^.]+)?\.toml")
_MACHINES = {"aarch64": "arm64"}


def lock_of(published: PublishedEnvironment) -> Lock:
    """A published environment as the lock to install."""
    return Lock(
        path=str(published.requirements),
        named=f"TensorFlow {published.tensorflow} with tensorflow-metal {published.plugin}",
        python=published.python,
        system="macOS",
        machine="arm64",
        macos=published.macos,
        grade=published.grade,
    )


def read_lock(path: str, text: str) -> Lock:
    """A lock of the user's own; what it is for is read from its head, where m1doctor wrote it."""
    match = _TARGET.search(text)
    found = match.groupdict() if match else {}
    return Lock(
        path=path,
        named=f"What {PurePath(path).name} pins",
        python=found.get("python"),
        system=found.get("system"),
        machine=found.get("machine"),
        macos=found.get("macos"),
    )


def plan_environment(
    wish: Wish, host: Host, published: Sequence[PublishedEnvironment], *, own_lock: Lock | None, free_bytes: int | None
) -> BuildPlan:
    """Plan the environment that was wished for on `host`.

    `own_lock` is the user's lock, read. `free_bytes` is the room where the environment goes; `None` where it is not
    known.
    """
    staging = wish.environment if wish.conda else f"{wish.environment}.m1doctor-building"
    obstacles = [*_of_host(host), *_of_room(free_bytes)]
    if wish.provider is Provider.COMMUNITY and own_lock is None:
        return _community(wish, host, staging, obstacles)
    lock = own_lock or _choose(wish, host, published)
    if lock is None:
        return BuildPlan(
            environment=wish.environment,
            staging=staging,
            what="Nothing that is published fits.",
            obstacles=(*obstacles, *_none_published(wish, host, published)),
        )
    python = wish.python or lock.python or pairings.pythons_with_plugin()[-1]
    obstacles += _of_lock(lock, host, python)
    if wish.wheels is not None and is_pylock(lock.path):
        obstacles.append(
            f"{lock.path} names an address for every file: for wheels in a folder give a requirements.txt."
        )
    steps = [*_environment(wish, host, staging, python), _sync(wish, staging, lock)]
    if wish.jupyter:
        steps.append(_kernel(wish, staging, lock.path))
    grade = (f"Known of this pair: {lock.grade}.",) if lock.grade else ()
    return BuildPlan(
        environment=wish.environment,
        staging=staging,
        what=f"{lock.named}, on Python {python}, every file held to its hash.",
        steps=tuple(steps),
        remarks=(*grade, *_remarks(wish, host)),
        obstacles=tuple(obstacles),
        lock=lock,
    )


# -- what stands in the way


def _of_host(host: Host) -> Iterator[str]:
    if host.system == "Darwin" and host.apple_silicon is False:
        yield "This is an Intel Mac: neither Apple's plugin for Apple silicon nor its wheels run here."
    if host.system not in ("Darwin", "Linux"):
        yield f"{host.system or 'This system'} is neither macOS nor Linux."


def _of_room(free_bytes: int | None) -> Iterator[str]:
    wanted = threshold("free-bytes-environment")
    if free_bytes is not None and free_bytes < wanted:
        yield f"There are {free_bytes / 1e9:.1f} GB free there, and an installation takes up to {wanted / 1e9:.0f} GB."


def _of_lock(lock: Lock, host: Host, python: str) -> Iterator[str]:
    here = {"Darwin": "macOS"}.get(host.system or "", host.system)
    if lock.python is not None and lock.python != python:
        yield f"{lock.path} is for Python {lock.python}, not {python}."
    if lock.system is not None and here is not None and lock.system != here:
        yield f"{lock.path} is for {lock.system}, and this is {here}."
    machine = "arm64" if host.apple_silicon else host.process_machine
    both = {_MACHINES.get(each, each) for each in (lock.machine, machine) if each is not None}
    if lock.system == here and len(both) > 1:
        yield f"{lock.path} is for {lock.machine}, and this is {machine}."
    if lock.macos and host.macos_version and not at_least(host.macos_version, lock.macos):
        yield f"It needs macOS {lock.macos}, and this is macOS {host.macos_version}."


def _choose(wish: Wish, host: Host, published: Sequence[PublishedEnvironment]) -> Lock | None:
    """The best published environment: for the wished Python, and for a macOS that is here."""
    if host.system != "Darwin":
        return None
    for each in published:
        wanted = each.provider == wish.provider and wish.python in (None, each.python)
        if wanted and (host.macos_version is None or at_least(host.macos_version, each.macos)):
            return lock_of(each)
    return next((lock_of(each) for each in published if wish.python in (None, each.python)), None)


def _none_published(wish: Wish, host: Host, published: Sequence[PublishedEnvironment]) -> Iterator[str]:
    if host.system != "Darwin":
        yield "The published environments are for macOS; m1doctor setup --lock FILE takes a lock for this system."
        return
    pythons = sorted({each.python for each in published}, key=version_key)
    yield (
        f"No environment with Apple's plugin is published for Python {wish.python}, only for {', '.join(pythons)}. "
        "The community's plugin serves others: --provider community."
    )


# -- the steps


def _environment(wish: Wish, host: Host, staging: str, python: str) -> Iterator[Step]:
    mac = host.system == "Darwin"
    if wish.conda is not None:
        wanted = (f"python={python}", "pip")
        # `--platform` is micromamba's and newer conda's word for the architecture, whatever the shell's is.
        native = ("--platform", "osx-arm64") if mac else ()
        create = (wish.conda, "create", "--yes", "--prefix", staging, *native, "--override-channels")
        yield run(
            f"Make a conda environment with Python {python}.",
            (*create, "--channel", "conda-forge", *wanted),
            reversible=True,
        )
        return
    # The architecture is named: a translated shell, and a translated uv, get a native Python too.
    request = interpreters.load().native_request.format(minor=python) if mac else python
    if mac:
        bring = ("uv", "python", "install", "--no-bin", request)
        yield run(f"Bring a native Python {python}.", bring, reversible=True)
    only = ("--managed-python",) if mac else ()
    yield run(
        "Make an environment with it." if mac else f"Make an environment with Python {python}.",
        ("uv", "venv", "--no-config", "--no-project", "--relocatable", *only, "--python", request, staging),
        reversible=True,
    )


def _python(staging: str) -> str:
    return f"{staging}/bin/python"


def _offline(wish: Wish) -> tuple[str, ...]:
    return ("--no-index", "--find-links", wish.wheels) if wish.wheels else ()


def is_pylock(path: str) -> bool:
    """Whether a file is named as a lock of PEP 751 must be."""
    return _PYLOCK.fullmatch(PurePath(path).name) is not None


def lock_options(lock: Lock) -> tuple[str, ...]:
    """What uv is told about a lock: that every file must have a hash, and that a pylock.toml is one."""
    return ("--require-hashes", "--preview-features", "pylock") if is_pylock(lock.path) else ("--require-hashes",)


def _sync(wish: Wish, staging: str, lock: Lock) -> Step:
    """uv's exact installation. In conda's environment what conda brought stays."""
    how = ("install", "--no-deps", "-r") if wish.conda else ("sync",)
    options = (*lock_options(lock), *_offline(wish))
    argv = ("uv", "pip", how[0], "--python", _python(staging), *options, *how[1:], lock.path)
    return run("Install what the lock pins, held to its hashes.", argv, reversible=True)


def _kernel(wish: Wish, staging: str, lock: str) -> Step:
    argv = ("uv", "pip", "install", "--python", _python(staging), *_offline(wish), "--constraint", lock, KERNEL)
    return run("Add a Jupyter kernel, with nothing of the lock changed.", argv, reversible=True)


# -- what one should know


def _remarks(wish: Wish, host: Host) -> Iterator[str]:
    if host.system == "Linux":
        yield "There is no Metal on Linux: TensorFlow runs on the CPU here."
    if host.process_translated or host.parent_translated:
        yield (
            "This shell is translated by Rosetta. The Python is asked for by its architecture and is native all the "
            "same. More: m1doctor explain PY009"
        )
    if host.virtual_machine and host.system == "Darwin":
        yield "This is a virtual machine: its GPU may be out of reach, and its speeds mean nothing."
    if wish.jupyter:
        yield "The Jupyter kernel is not in the lock: it is the newest that fits beside it, and without hashes."
    if wish.conda is not None:
        yield "Python comes from conda-forge and is not pinned; all other packages come from the lock."
    elif host.system == "Darwin":
        yield "Python goes into uv's folder of Pythons, packages into uv's cache; nothing else outside is touched."


# -- the community's plugin


def _community(wish: Wish, host: Host, staging: str, obstacles: list[str]) -> BuildPlan:
    python = wish.python or _community_python()
    way = answer(Asked(python=python, macos=host.macos_version, tensorflow=_community_release())).community
    assert way is not None  # noqa: S101 - no plugin of Apple's loads with that release, so the table names this one
    obstacles += [f"The community's plugin: {obstacle}." for obstacle in way.obstacles]
    if host.system == "Linux":
        obstacles.append("The community's plugin is for macOS, and this is Linux.")
    if host.command_line_tools == "":
        obstacles.append(
            "It is built when it is installed, and Apple's Command Line Tools are not here: "
            "xcode-select --install brings them."
        )
    steps = [*_environment(wish, host, staging, python)]
    install = ("uv", "pip", "install", "--python", _python(staging), *_offline(wish))
    tensorflow, plugin = way.steps
    steps.append(
        run(f"Install {tensorflow}, and what builds the plugin.", (*install, tensorflow, *_BUILD), reversible=True)
    )
    # Its build looks for TensorFlow in the packages of the Python that builds: pip's is the target's own, uv's is not.
    here = (*install, "--no-build-isolation-package", way.distribution, plugin)
    steps.append(run(f"Build {plugin} against it.", here, reversible=True))
    if wish.jupyter:
        steps.append(run("Add a Jupyter kernel.", (*install, KERNEL), reversible=True))
    return BuildPlan(
        environment=wish.environment,
        staging=staging,
        what=f"TensorFlow {way.tensorflow} with {way.distribution} {way.version}, on Python {python}, without hashes.",
        steps=tuple(steps),
        remarks=(*_of_community(way), *_remarks(wish, host)),
        obstacles=tuple(obstacles),
    )


def _community_release() -> str:
    minor = pairings.load().community.needs_tensorflow
    return max(
        (each.version for each in pairings.load().tensorflow if each.version.startswith(f"{minor}.")), key=version_key
    )


def _community_python() -> str:
    """The newest Python that the plugin and its TensorFlow take."""
    release = pairings.load().release(_community_release())
    assert release is not None  # noqa: S101 - it was taken from the same table
    least = pairings.load().community.needs_python
    return max((each for each in release.pythons if at_least(each, least)), key=version_key)


def _of_community(way: Community) -> Iterator[str]:
    yield f"{way.distribution} is not Apple's. What it takes and costs, as its authors say ({way.source.date}):"
    yield from (f"It needs: {condition}" for condition in way.conditions)
    yield from (f"It costs: {cost}" for cost in way.costs)
