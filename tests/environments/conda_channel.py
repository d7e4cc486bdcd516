"""A conda channel for macOS on Apple silicon in a folder, with tiny packages that the test builds."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import tarfile
from pathlib import Path

import rattler


class CondaChannel:
    """A folder laid out as a channel; `index` makes its lists anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for subdir in ("osx-arm64", "noarch"):
            (folder / subdir).mkdir(parents=True)

    @property
    def address(self) -> str:
        return self.folder.as_uri()

    def package(
        self,
        name: str,
        version: str,
        build: str = "h0_0",
        *,
        subdir: str = "osx-arm64",
        depends: tuple[str, ...] = (),
        files: dict[str, str] | None = None,
        prefixed: tuple[str, ...] = (),
    ) -> None:
        """Add a package; a file named in `prefixed` holds the build prefix, which the installer rewrites."""
        placeholder = "/build/prefix/placeholder"
        texts = files if files is not None else {f"share/{name}.txt": f"{name} {version}\n"}
        paths = [
            {
                "_path": path,
                "path_type": "hardlink",
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
                "size_in_bytes": len(text.encode()),
                **({"prefix_placeholder": placeholder, "file_mode": "text"} if path in prefixed else {}),
            }
            for path, text in texts.items()
        ]
        index = {
            "name": name,
            "version": version,
            "build": build,
            "build_number": 0,
            "subdir": subdir,
            "depends": list(depends),
            **({"noarch": "generic"} if subdir == "noarch" else {"arch": "arm64", "platform": "osx"}),
        }
        members = {
            **texts,
            "info/index.json": json.dumps(index),
            "info/paths.json": json.dumps({"paths_version": 1, "paths": paths}),
            "info/files": "".join(f"{path}\n" for path in texts),
        }
        with tarfile.open(self.folder / subdir / f"{name}-{version}-{build}.tar.bz2", "w:bz2") as archive:
            for path, text in members.items():
                member = tarfile.TarInfo(path)
                member.size = len(text.encode())
                archive.addfile(member, io.BytesIO(text.encode()))

    def index(self) -> None:
        asyncio.run(rattler.index.index_fs(self.folder))


def with_pythons(folder: Path) -> CondaChannel:
    """A channel with three Pythons, one of them for a newer macOS only, with what they require, and with pip."""
    made = CondaChannel(folder)
    files = {"lib/python3.12/config.txt": "prefix=/build/prefix/placeholder\n", "bin/python3.12": "a binary\n"}
    made.package(
        *("python", "3.12.4", "h1_cpython"),
        depends=("zlib >=1.2",),
        files=files,
        prefixed=("lib/python3.12/config.txt",),
    )
    made.package("python", "3.12.9", "h2_cpython", depends=("zlib >=1.2", "__osx >=14.0"))
    made.package("python", "3.11.7", "h3_cpython", depends=("zlib >=1.2",))
    made.package("zlib", "1.2.13", "hz_0")
    made.package("pip", "24.0", "pyhd_0", subdir="noarch", depends=("python >=3.8",))
    made.index()
    return made
