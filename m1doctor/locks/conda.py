"""Python and pip from conda channels, solved for a Mac by py-rattler, which needs no conda.

TensorFlow and what it requires stay with pip: conda's builds of it for macOS compute on the CPU alone. py-rattler is
100 MB and an extra of m1doctor (`conda`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor.errors import UnfinishedError, UserError
from m1doctor.locks.instant import end_of
from m1doctor.locks.lock import CondaFile, Target
from m1doctor.locks.resolve import RefusedError
from m1doctor.locks.uv import without_addresses

if TYPE_CHECKING:
    from rattler import GenericVirtualPackage, RepoDataRecord

_MISSING = "locks for conda need py-rattler, which is not installed: install m1doctor[conda]"


def solve(
    target: Target,
    *,
    channels: Sequence[str],
    exclude_newer: str | None = None,
    offline: bool = False,
    seconds: float = 300.0,
    cache: Path | None = None,
) -> tuple[CondaFile, ...]:
    """Python of that minor and pip, with all that they require, in the order of installation.

    `cache` is where the lists of the channels are kept. Raises `UserError` where py-rattler is not installed,
    `RefusedError` where the channels have no solution, `UnfinishedError` where they do not answer.
    """
    import asyncio  # noqa: PLC0415 - start-up

    try:
        import rattler  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise UserError(_MISSING) from error
    from rattler.exceptions import SolverError  # noqa: PLC0415 - an optional extra

    minor = ".".join((target.python or "").split(".")[:2])
    gateway = rattler.Gateway(
        cache_dir=cache,
        default_config=rattler.SourceConfig(cache_action="force-cache-only" if offline else "cache-or-fetch"),
    )
    machine = [_virtual("__unix", "0"), _virtual("__osx", target.macos or "11.0"), _virtual("__archspec", "1", "m1")]
    try:
        records = asyncio.run(
            rattler.solve(
                sources=list(channels),
                specs=[f"python {minor}.*", "pip"],
                gateway=gateway,
                platforms=["osx-arm64", "noarch"],
                virtual_packages=machine,
                timeout=timedelta(seconds=seconds),
                exclude_newer=None if exclude_newer is None else datetime.fromisoformat(end_of(exclude_newer)),
            )
        )
    except SolverError as error:
        message = f"the conda channels have no Python {minor} for macOS {target.macos} on Apple silicon:\n{error}"
        raise RefusedError(without_addresses(message, lines=24)) from error
    except Exception as error:
        message = f"nothing was locked: the conda channels did not answer\n{without_addresses(str(error))}"
        raise UnfinishedError(message) from error
    found = {record.name.normalized: record for record in records}
    order = rattler.PackageRecord.sort_topologically(list(records))  # what it returns has lost its addresses
    return tuple(_file(found[record.name.normalized]) for record in order)


def installed(prefix: Path) -> tuple[CondaFile, ...]:
    """What conda believes to be installed in `prefix`, in the order of installation. Raises `UserError`."""
    try:
        import rattler  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise UserError(_MISSING) from error
    try:
        records = [rattler.PrefixRecord.from_path(path) for path in sorted((prefix / "conda-meta").glob("*.json"))]
    except Exception as error:
        message = f"{prefix}: its conda-meta cannot be read: {without_addresses(str(error))}"
        raise UserError(message) from error
    found = {record.name.normalized: record for record in records}
    order = rattler.PackageRecord.sort_topologically(list(records))
    return tuple(_file(found[record.name.normalized]) for record in order)


def _file(record: RepoDataRecord) -> CondaFile:
    return CondaFile(
        name=record.name.normalized,
        version=str(record.version),
        build=str(record.build),
        subdir=record.subdir,
        url=re.sub(r"/t/[^/]+/", "/", record.url, count=1),  # a channel's token is its user's
        sha256=record.sha256.hex() if record.sha256 else None,
        md5=record.md5.hex() if record.md5 else None,
        depends=tuple(record.depends),
    )


def _virtual(name: str, version: str, build: str = "0") -> GenericVirtualPackage:
    import rattler  # noqa: PLC0415 - an optional extra

    return rattler.GenericVirtualPackage(
        rattler.PackageName(name), rattler.Version(version), rattler.BuildString(build)
    )
