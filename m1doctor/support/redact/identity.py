"""What a machine calls itself and its user: asked only to be looked for and taken out, never kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from m1doctor.collect.readings import run_together
from m1doctor.collect.world import World
from m1doctor.knowledge.redaction import plain_names
from m1doctor.model.record import record
from m1doctor.support.redact.secret import Kind, Known

_ASKED = (
    ("/usr/sbin/scutil", "--get", "ComputerName"),
    ("/usr/sbin/scutil", "--get", "LocalHostName"),
    ("/usr/sbin/scutil", "--get", "HostName"),
    ("/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice"),
)
"""On a Mac. The last one prints the serial number and the hardware UUID."""
_SHARED_HOMES = ("/", "/root", "/var/root", "/nonexistent", "/var/empty", "/home", "/Users")
_SHORTEST_PART = 4
"""Letters of a first or last name that is looked for by itself."""


@record(frozen=True, slots=True, kw_only=True)
class Identity:
    """What is to be looked for."""

    known: tuple[Known, ...]
    told: str
    """Text that gives more secrets away: the serial numbers, and the environment with its tokens."""


def find_identity(world: World) -> Identity:
    """Ask the machine for the names that must not leave it."""
    texts = [f"{name}={value}" for name, value in sorted(world.environ.items())]
    known = [*_people(world), *_homes(world)]
    if world.account.host_name:
        known.append(Known(Kind.HOST, world.account.host_name))
    if world.uname.sysname == "Darwin":
        *names, platform = run_together(world, *_ASKED)
        known += [Known(Kind.HOST, name.stdout.strip()) for name in names if name.ok and name.stdout.strip()]
        texts.append(platform.stdout)
    return Identity(known=tuple(known), told="\n".join(texts))


def _people(world: World) -> Iterator[Known]:
    names = [world.account.login, *(world.environ.get(name) for name in ("USER", "LOGNAME", "SUDO_USER", "USERNAME"))]
    full = world.account.full_name
    if full and " " in full:
        names += [full, *(part for part in full.split() if len(part) >= _SHORTEST_PART)]
    for name in names:
        if name and name.casefold() not in plain_names().nobody:
            yield Known(Kind.USER, name)


def _homes(world: World) -> Iterator[Known]:
    for home in {str(world.home or ""), world.environ.get("HOME", "")}:
        path = PurePath(home)
        if not path.is_absolute() or str(path) in _SHARED_HOMES:
            continue
        if str(path.parent) in ("/Users", "/home"):
            yield Known(Kind.USER, path.name)
        else:
            yield Known(Kind.HOME, str(path))
