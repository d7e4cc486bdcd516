"""Records of `conda-meta`: what conda believes to be installed, read without a conda process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from m1doctor.collect.packages.distributions import read_bounded
from m1doctor.model.packages import CondaPackage

_MAX_RECORD_BYTES = 32 * 1024 * 1024
"""A record lists every file of its package: 3 MB for the largest seen."""


def read_conda_meta(prefix: Path) -> list[CondaPackage]:
    """Read every record of a prefix; one that cannot be read is left out."""
    found = []
    for path in sorted((prefix / "conda-meta").glob("*.json")):
        package = parse_record_document(read_bounded(path, _MAX_RECORD_BYTES))
        if package is not None:
            found.append(package)
    return found


def parse_record_document(content: bytes) -> CondaPackage | None:
    """Read one record; `None` for anything that does not name a package and its version."""
    import json  # noqa: PLC0415 - for conda environments only

    try:
        document: Any = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    name, version, build = (document.get(key) for key in ("name", "version", "build"))
    if not isinstance(name, str) or not isinstance(version, str):
        return None
    channel, subdir = document.get("channel"), document.get("subdir")
    return CondaPackage(
        name=name,
        version=version,
        build=build if isinstance(build, str) else "",
        channel=channel_name(channel) if isinstance(channel, str) else None,
        subdir=subdir if isinstance(subdir, str) else None,
    )


def channel_name(channel: str) -> str:
    """The name of a channel, from its name or its address: ``https://host/conda-forge/osx-arm64`` is conda-forge.

    An address can carry a token of its user (``/t/<token>/``); only the name is kept.
    """
    if "//" not in channel:
        return channel
    parts = [part for part in channel.partition("//")[2].split("/")[1:] if part]
    if "t" in parts[:1]:
        parts = parts[2:]
    if parts and ("-" in parts[-1] or parts[-1] == "noarch") and parts[-1].split("-")[0] in _PLATFORMS:
        parts = parts[:-1]
    return "/".join(parts) or channel.partition("//")[2].split("/")[0]


_PLATFORMS = ("osx", "linux", "win", "noarch", "emscripten", "wasi", "freebsd", "zos")
