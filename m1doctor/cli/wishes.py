"""What the command line and the settings say together: which checks, or rules, take part, and how deep one looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from m1doctor.checks.selection import Wish
from m1doctor.errors import UserError
from m1doctor.settings import Settings

if TYPE_CHECKING:
    from m1doctor.collect.examine import Depth


def words(values: list[str] | None) -> list[str]:
    """The names of an option that may be given again and again, and takes several with commas between."""
    return [word for value in values or () for word in (part.strip() for part in value.split(",")) if word]


def wishes(settings: Settings, select: list[str], ignore: list[str]) -> tuple[list[Wish], list[Wish]]:
    """What is wished for and what is not; a `select` on the command line takes the place of that of the settings."""
    wanted = [Wish(name=name, source="--select", from_command_line=True) for name in select] or [
        Wish(name=name, source=settings.where("select"), from_command_line=False) for name in settings.select
    ]
    unwanted = [Wish(name=name, source="--ignore", from_command_line=True) for name in ignore]
    unwanted += [
        Wish(name=entry.name, source=settings.where("ignore"), from_command_line=False, reason=entry.reason)
        for entry in settings.ignore
    ]
    return wanted, unwanted


def depth_of(settings: Settings, *, quick: bool, no_bench: bool, deep: bool, limit: float | None) -> Depth:
    """How deep an environment is examined; the command line is heard before the settings.

    So a `deep` of the settings does not hold where `--quick` is typed.
    """
    from m1doctor.collect.examine import DEFAULT_LIMIT_SECONDS, Depth  # noqa: PLC0415 - a replay collects nothing

    return Depth(
        quick=quick,
        bench=not no_bench and settings.bench is not False,
        deep=deep or (bool(settings.deep) and not quick),
        limit_seconds=limit or settings.limit or DEFAULT_LIMIT_SECONDS,
    )


def one_of(*options: tuple[str, object]) -> None:
    """Refuse options that exclude each other. Raises `UserError` that names those that were given."""
    given = [name for name, value in options if value is not None]
    if len(given) > 1:
        message = f"{' and '.join(given)} exclude each other"
        raise UserError(message)
