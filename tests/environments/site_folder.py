"""Small site folders for tests: distributions laid down file by file, with the RECORD that an installer would write."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from m1doctor.collect.packages import collect_packages
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import CondaEnvironment, Interpreter
from m1doctor.model.packages import Packages

MAC_MARKERS = {
    "os_name": "posix",
    "sys_platform": "darwin",
    "platform_machine": "arm64",
    "platform_python_implementation": "CPython",
    "platform_release": "24.1.0",
    "platform_system": "Darwin",
    "platform_version": "Darwin Kernel Version 24.1.0",
    "python_version": "3.11",
    "python_full_version": "3.11.9",
    "implementation_name": "cpython",
    "implementation_version": "3.11.9",
}
"""Environment markers of a native Python 3.11 on Apple silicon."""
MAC_UNAME = Uname("Darwin", "24.1.0", "Darwin Kernel Version 24.1.0: RELEASE_ARM64_T6000", "arm64")


def line(path: str, content: bytes) -> list[str]:
    """A RECORD line for `content`."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return [path, f"sha256={digest}", str(len(content))]


def lay_down(
    folder: Path,
    name: str,
    version: str,
    files: Mapping[str, bytes] | None = None,
    *,
    requires: Iterable[str] = (),
    installer: str | None = "pip",
    record: bool = True,
    extra_rows: Iterable[list[str]] = (),
    tags: Iterable[str] = ("py3-none-any",),
) -> Path:
    """Install a distribution into `folder` and return its `.dist-info`."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    requirements = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requirements}"
    (info / "METADATA").write_text(f"{head}\nA description.\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\n" + "".join(f"Tag: {tag}\n" for tag in tags))
    if installer:
        (info / "INSTALLER").write_text(f"{installer}\n")
    rows = list(extra_rows)
    for path, content in (files or {}).items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        rows.append(line(path, content))
    if record:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([*rows, [f"{info.name}/RECORD", "", ""]])
        (info / "RECORD").write_text(text.getvalue())
    return info


def mac_interpreter(*folders: Path, conda: Path | None = None) -> Interpreter:
    """A native Python 3.11 of a Mac with these site folders."""
    return Interpreter(
        executable="/env/bin/python",
        version="3.11.9",
        system="Darwin",
        machine="arm64",
        site_folders=tuple(map(str, folders)),
        conda=CondaEnvironment(prefix=str(conda), subdir="osx-arm64") if conda else None,
        marker_environment=MAC_MARKERS,
    )


def mac_world() -> RecordedWorld:
    """A Mac on this disk that runs no command."""
    return RecordedWorld(uname=MAC_UNAME, root=Path("/"))


def collect(*folders: Path, conda: Path | None = None, deep: bool = False) -> Packages:
    """What the collector makes of these folders."""
    return collect_packages(mac_world(), mac_interpreter(*folders, conda=conda), deep=deep)


def facts_of(*folders: Path, conda: Path | None = None, deep: bool = False) -> Facts:
    """Facts with the two sections that the package checks need."""
    return Facts(interpreter=mac_interpreter(*folders, conda=conda), packages=collect(*folders, conda=conda, deep=deep))


def conda_records(
    prefix: Path, packages: Mapping[str, str], *, channel: str = "conda-forge", subdir: str = "osx-arm64"
) -> Path:
    """Write what conda records of `packages` (name to version) into `prefix`, and return it."""
    meta = prefix / "conda-meta"
    meta.mkdir(parents=True, exist_ok=True)
    for name, version in packages.items():
        document = {"name": name, "version": version, "build": "0", "channel": channel, "subdir": subdir}
        (meta / f"{name}-{version}-0.json").write_text(json.dumps(document))
    return prefix
