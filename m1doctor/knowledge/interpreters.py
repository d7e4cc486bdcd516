"""What we know of Python interpreters on macOS and of pip: the typed reader of `interpreters.toml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from m1doctor.knowledge.pairings import at_least
from m1doctor.model.record import record

_DATA = Path(__file__).with_name("interpreters.toml")


@record(frozen=True, slots=True, kw_only=True)
class Compatibility:
    """A version that macOS tells to programs linked with an old SDK, in the place of its own."""

    real: str
    """macOS from which on it does so."""
    sdk: str
    """Programs linked with an SDK below this are told so."""
    reported: str
    repaired: bool
    """Whether a pip that asks again finds the real version."""
    source: str
    url: str
    date: str


@record(frozen=True, slots=True, kw_only=True)
class Interpreters:
    """The whole table."""

    native_request: str
    """How uv is asked for a native Python, with ``{minor}`` for the version."""
    pip_knows_macos_11: str
    """First pip with wheel tags for macOS 11 and Apple silicon."""
    pip_asks_again: str
    """First pip that finds out the real macOS behind 10.16."""
    compatibility: tuple[Compatibility, ...]

    def told(self, macos: str, sdk: str) -> Compatibility | None:
        """What a program linked with `sdk` is told on `macos`; `None` where it is told the truth."""
        for row in self.compatibility:
            if at_least(macos, row.real) and not at_least(sdk, row.sdk):
                return row
        return None

    def disguise(self, macos: str, reported: str) -> Compatibility | None:
        """The known disguise behind a `reported` version on `macos`; `None` where it is none of those."""
        for row in self.compatibility:
            if at_least(macos, row.real) and reported.split(".")[:2] == row.reported.split(".")[:2]:
                return row
        return None


@cache
def load() -> Interpreters:
    """Read the table that ships with m1doctor, once."""
    import tomllib  # noqa: PLC0415 - only a run that has something to judge by it pays for it

    with _DATA.open("rb") as file:
        document = tomllib.load(file)
    return Interpreters(
        native_request=document["native"]["request"],
        pip_knows_macos_11=document["pip-knows-macos-11"]["version"],
        pip_asks_again=document["pip-asks-again"]["version"],
        compatibility=tuple(Compatibility(**row) for row in document["compatibility"]),
    )
