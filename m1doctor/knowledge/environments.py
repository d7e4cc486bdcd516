"""The pinned environments that m1doctor publishes: the folder `envs/`, which the wheel carries too.

`environments.toml` in it is the list; each environment has a folder of its own name with its files.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from m1doctor.model.record import record

_IN_WHEEL = Path(__file__).with_name("envs")
_IN_CHECKOUT = Path(__file__).resolve().parents[2] / "envs"


@record(frozen=True, slots=True, kw_only=True)
class PublishedEnvironment:
    """One pinned environment for macOS on Apple silicon."""

    name: str
    """Of its folder."""
    python: str
    """Minor version, e.g. ``"3.12"``."""
    provider: str
    """Who makes the GPU plugin: ``"apple"``."""
    tensorflow: str
    plugin: str
    macos: str
    """The oldest macOS that it installs and loads on."""
    grade: str
    """On what grounds the pair is held to work, the best ground first, in words with dates."""
    date: str
    """ISO date until which releases were considered."""
    folder: Path
    files: tuple[str, ...]
    """Names in `folder`: ``requirements.txt``, hashed, and ``environment.yml``."""

    @property
    def requirements(self) -> Path:
        """The hashed requirements, whole: installed with ``--require-hashes --no-deps``."""
        return self.folder / "requirements.txt"


@cache
def published() -> tuple[PublishedEnvironment, ...]:
    """Every published environment, the best for the newest Python first."""
    root = envs_folder()
    document = tomllib.loads((root / "environments.toml").read_text(encoding="utf-8"))
    return tuple(
        PublishedEnvironment(
            name=row["name"],
            python=row["python"],
            provider=row["provider"],
            tensorflow=row["tensorflow"],
            plugin=row["plugin"],
            macos=row["macos"],
            grade=row["grade"],
            date=row["date"],
            folder=root / row["name"],
            files=tuple(row["files"]),
        )
        for row in document["environment"]
    )


def envs_folder() -> Path:
    """Where the environments lie: in the package as it is installed, in the checkout where it is edited."""
    return _IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CHECKOUT
