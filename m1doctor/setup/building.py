"""The plan of a new environment: which Python, which lock, in which steps, and what stands in the way.

Pure: for a host that was examined elsewhere it gives the plan of that host.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from m1doctor.knowledge import interpreters, pairings
from m1doctor.knowledge.compat import Choice, Community, choose, python_for, refusal, terms
from m1doctor.knowledge.environments import PublishedEnvironment
from m1doctor.knowledge.pairings import at_least, python_minor
from m1doctor.knowledge.thresholds import threshold
from m1doctor.locks.lock import built_beside, isolation
from m1doctor.model.building import BuildPlan, Lock, Wish
from m1doctor.model.given_lock import GivenLock, LockForm
from m1doctor.model.host import Host
from m1doctor.model.provider import Provider
from m1doctor.model.remedy import Step, run

KERNEL = "ipykernel"
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


def lock_to_install(given: GivenLock) -> Lock:
    """A lock of the user's own."""
    return Lock(
        path=given.path,
        form=given.form,
        named=f"What {PurePath(given.path).name} pins",
        python=None if given.python is None else python_minor(given.python),
        system=given.system,
        machine=given.machine,
        macos=given.macos,
        builds=built_beside(package.name for package in given.packages),
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
    choice = None if own_lock else _choose(wish, host)
    lock = own_lock or _published(choice, published)
    if lock is None:
        return BuildPlan(
            environment=wish.environment,
            staging=staging,
            what="Nothing that is published fits.",
            obstacles=(*obstacles, *_none_published(choice)),
        )
    python = wish.python or lock.python or pairings.pythons_with_plugin()[-1]
    obstacles += _of_lock(lock, host, python)
    obstacles += _of_tools(host) if lock.builds else ()
    if wish.wheels is not None and lock.form is LockForm.PYLOCK:
        obstacles.append(
            f"{lock.path} names an address for every file: for wheels in a folder give a requirements.txt."
        )
    steps = [*_environment(wish, host, staging, python), _install(wish, staging, lock)]
    if wish.jupyter:
        steps.append(_kernel(wish, staging, lock.path))
    grade = (f"Known of this pair: {lock.grade}.",) if lock.grade else ()
    return BuildPlan(
        environment=wish.environment,
        staging=staging,
        what=f"{lock.named}, on Python {python}, every file held to its hash.",
        steps=tuple(steps),
        remarks=(*grade, *(_built(lock) if lock.builds else ()), *_remarks(wish, host)),
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


def _of_tools(host: Host) -> Iterator[str]:
    if host.command_line_tools == "":
        yield (
            "The community's plugin is built when it is installed, and Apple's Command Line Tools are not here: "
            "xcode-select --install brings them."
        )


def _choose(wish: Wish, host: Host) -> Choice | None:
    """The pair for the wished Python on the macOS that is here; `None` off macOS, for which none is published."""
    if host.system != "Darwin":
        return None
    return choose(wish.python or python_for(wish.provider, host.macos_version), host.macos_version, wish.provider)


def _published(choice: Choice | None, published: Sequence[PublishedEnvironment]) -> Lock | None:
    """The published environment of the pair that was chosen."""
    if choice is None or choice.pair is None:
        return None
    pair = (choice.python, choice.pair.tensorflow, choice.pair.plugin)
    return next((lock_of(each) for each in published if (each.python, each.tensorflow, each.plugin) == pair), None)


def _none_published(choice: Choice | None) -> Iterator[str]:
    if choice is None:
        yield "The published environments are for macOS; m1doctor setup --lock FILE takes a lock for this system."
    elif choice.pair is None:
        yield from refusal(choice, "m1doctor setup")
    else:
        wanted = f"--python-version {choice.python}" + (f" --macos {choice.macos}" if choice.macos else "")
        yield (
            f"No environment is published of {' and '.join(choice.pair.requirements)}, which go with Python "
            f"{choice.python} here. m1doctor lock {wanted} -o requirements.txt makes a lock, and m1doctor setup --lock "
            "requirements.txt installs it."
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


def installation(lock: Lock, python: str, *options: str, beside: bool = False) -> tuple[str, ...]:
    """uv's command that installs a lock exactly, every file with its hash; `beside` leaves what else is there."""
    if lock.form is LockForm.PYLOCK:
        options = ("--preview-features", "pylock", *options)
    # Only `install` can be told what is built against the others; it does so after them.
    how = ("install", "--no-deps", *isolation(lock.builds), "-r") if beside or lock.builds else ("sync",)
    return ("uv", "pip", how[0], "--python", python, "--require-hashes", *options, *how[1:], lock.path)


def _install(wish: Wish, staging: str, lock: Lock) -> Step:
    """In conda's environment what conda brought stays."""
    argv = installation(lock, _python(staging), *_offline(wish), beside=wish.conda is not None)
    last = f" {', '.join(lock.builds)} is built last, against the others." if lock.builds else ""
    return run(f"Install what the lock pins, held to its hashes.{last}", argv, reversible=True)


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
    choice = choose(
        wish.python or python_for(wish.provider, host.macos_version), host.macos_version, Provider.COMMUNITY
    )
    way = choice.community
    assert way is not None  # noqa: S101 - it was asked for
    obstacles += refusal(choice, "m1doctor setup") if way.obstacles else ()
    if host.system == "Linux":
        obstacles.append("The community's plugin is for macOS, and this is Linux.")
    obstacles += _of_tools(host)
    steps = [*_environment(wish, host, staging, choice.python)]
    install = ("uv", "pip", "install", "--python", _python(staging), *_offline(wish))
    tensorflow, plugin = way.steps
    builders = pairings.load().community.build
    steps.append(
        run(f"Install {tensorflow}, and what builds the plugin.", (*install, tensorflow, *builders), reversible=True)
    )
    # Its build looks for TensorFlow in the packages of the Python that builds: pip's is the target's own, uv's is not.
    here = (*install, *isolation([way.distribution]), plugin)
    steps.append(run(f"Build {plugin} against it.", here, reversible=True))
    if wish.jupyter:
        steps.append(run("Add a Jupyter kernel.", (*install, KERNEL), reversible=True))
    return BuildPlan(
        environment=wish.environment,
        staging=staging,
        what=f"TensorFlow {way.tensorflow} with {way.distribution} {way.version}, on Python {choice.python}, without "
        "hashes.",
        steps=tuple(steps),
        remarks=(*_of_community(way), *_with_hashes(choice), *_remarks(wish, host)),
        obstacles=tuple(obstacles),
    )


def _with_hashes(choice: Choice) -> Iterator[str]:
    yield (
        f"With hashes: m1doctor lock --provider community --python-version {choice.python} -o requirements.txt, then "
        "m1doctor setup --lock requirements.txt."
    )


def _built(lock: Lock) -> Iterator[str]:
    """What one should know of a lock with the community's plugin."""
    way = choose(lock.python or python_for(Provider.COMMUNITY), None, Provider.COMMUNITY).community
    assert way is not None  # noqa: S101 - it was asked for
    yield from _of_community(way)
    yield "Its source is held to its hash, and so is what builds it; what is built has none."


def _of_community(way: Community) -> Iterator[str]:
    yield f"{way.distribution} is not Apple's. What it takes and costs, as its authors say ({way.source.date}):"
    yield from terms(way)
