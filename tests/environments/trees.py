"""Python installations as trees of files: what the collectors would find on a Mac, without one."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path

from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.host import Host
from m1doctor.model.unknown import Unknown

CPU = {"arm64": (0x0100000C, 0), "arm64e": (0x0100000C, 0x80000002), "x86_64": (0x01000007, 3)}
MAC = Uname("Darwin", "24.5.0", "Darwin Kernel Version 24.5.0: root:xnu-11417.121.6~2/RELEASE_ARM64_T6000", "arm64")
LINUX = Uname("Linux", "6.8.0-45-generic", "#45-Ubuntu SMP", "x86_64")
HOME = "/Users/someone"
WORK = f"{HOME}/project"
APPLE_SILICON = Host(system="Darwin", apple_silicon=True, process_translated=False, parent_translated=False)
ROSETTA_SHELL = Host(system="Darwin", apple_silicon=True, process_translated=True, parent_translated=True)
INTEL = Host(system="Darwin", apple_silicon=False, process_translated=False, parent_translated=False)
NO_HOST = Host(unknown={"apple_silicon": Unknown("sysctl was denied")})


def packed(version: str) -> int:
    """A version as load commands hold it: 14.5.0 is 0x000E0500."""
    major, minor, patch = (*(int(part) for part in version.split(".")), 0, 0)[:3]
    return major << 16 | minor << 8 | patch


def thin(architecture: str, sdk: str = "14.5", minimum: str = "11.0") -> bytes:
    """A Mach-O executable with nothing but its LC_BUILD_VERSION."""
    kind, subkind = CPU[architecture]
    command = struct.pack("<6I", 0x32, 24, 1, packed(minimum), packed(sdk), 0)
    return struct.pack("<8I", 0xFEEDFACF, kind, subkind, 2, 1, len(command), 0, 0) + command


def mach_o(*architectures: str, sdk: str = "14.5") -> bytes:
    """An executable with these slices; more than one makes a universal file."""
    slices = [thin(each, sdk) for each in architectures]
    if len(slices) == 1:
        return slices[0]
    offset = 4096
    table = struct.pack(">2I", 0xCAFEBABE, len(slices))
    body = b""
    for architecture, content in zip(architectures, slices, strict=True):
        table += struct.pack(">5I", *CPU[architecture], offset + len(body), len(content), 12)
        body += content.ljust(4096, b"\0")
    return table.ljust(offset, b"\0") + body


def elf(machine: int = 62) -> bytes:
    """An ELF header for x86_64, or for the `e_machine` that is given."""
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<2H", 2, machine) + bytes(40)


class Tree:
    """A file system below a folder, written in the paths that the machine itself would use."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / HOME.lstrip("/")).mkdir(parents=True)

    def at(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def folder(self, path: str) -> str:
        self.at(path).mkdir(parents=True, exist_ok=True)
        return path

    def file(self, path: str, content: str | bytes = "", *, executable: bool = False) -> str:
        place = self.at(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        place.chmod(0o755 if executable else 0o644)
        return path

    def link(self, path: str, target: str) -> str:
        place = self.at(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
        return path

    def world(
        self, uname: Uname = MAC, environ: Mapping[str, str] | None = None, cwd: str = f"{HOME}/project"
    ) -> RecordedWorld:
        """A world on this tree in which no command can be run."""
        return RecordedWorld(uname=uname, root=self.root, environ=environ or {}, cwd=Path(cwd), home=Path(HOME))

    # --- interpreters, each as its vendor lays it out ---

    def base(self, prefix: str, version: str, executable: bytes | None = None, *, headers: bool = True) -> str:
        """A plain installation: `bin/python3.11`, links to it, standard library, headers, an empty site folder."""
        minor = ".".join(version.split(".")[:2])
        python = self.file(f"{prefix}/bin/python{minor}", executable or mach_o("arm64"), executable=True)
        for name in ("python3", "python"):
            self.link(f"{prefix}/bin/{name}", f"python{minor}")
        self.file(f"{prefix}/lib/python{minor}/os.py")
        self.folder(f"{prefix}/lib/python{minor}/site-packages")
        if headers:
            self.file(f"{prefix}/include/python{minor}/patchlevel.h", f'#define PY_VERSION      \t"{version}"\n')
        return python

    def python_org(self, version: str = "3.12.4", *architectures: str, sdk: str = "14.5") -> str:
        minor = ".".join(version.split(".")[:2])
        prefix = f"/Library/Frameworks/Python.framework/Versions/{minor}"
        self.base(prefix, version, mach_o(*(architectures or ("x86_64", "arm64")), sdk=sdk))
        self.link("/usr/local/bin/python3", f"{prefix}/bin/python3")
        return f"{prefix}/bin/python{minor}"

    def homebrew(self, version: str = "3.13.5", prefix: str = "/opt/homebrew", architecture: str = "arm64") -> str:
        minor = ".".join(version.split(".")[:2])
        cellar = f"{prefix}/Cellar/python@{minor}/{version}"
        framework = f"{cellar}/Frameworks/Python.framework/Versions/{minor}"
        self.base(framework, version, mach_o(architecture))
        site = self.folder(f"{prefix}/lib/python{minor}/site-packages")
        self.at(f"{framework}/lib/python{minor}/site-packages").rmdir()
        self.link(f"{framework}/lib/python{minor}/site-packages", site)
        for name in (f"python{minor}", "python3"):
            self.link(f"{cellar}/bin/{name}", f"../Frameworks/Python.framework/Versions/{minor}/bin/{name}")
            self.link(f"{prefix}/bin/{name}", f"../Cellar/python@{minor}/{version}/bin/{name}")
        self.link(f"{prefix}/opt/python@{minor}", f"../Cellar/python@{minor}/{version}")
        return f"{prefix}/bin/python3"

    def uv(self, version: str = "3.12.9", architecture: str = "arm64") -> str:
        word = {"arm64": "aarch64"}.get(architecture, architecture)
        folder = f"{HOME}/.local/share/uv/python/cpython-{version}-macos-{word}-none"
        return self.base(folder, version, mach_o(architecture))

    def conda(self, prefix: str, version: str = "3.11.7", subdir: str = "osx-arm64") -> str:
        architecture = "x86_64" if subdir.endswith("-64") else "arm64"
        self.base(prefix, version, mach_o(architecture))
        record = {"name": "python", "version": version, "build": "hb885b13_0", "subdir": subdir}
        self.file(f"{prefix}/conda-meta/python-{version}-hb885b13_0.json", json.dumps(record))
        return f"{prefix}/bin/python"

    def pyenv(self, version: str = "3.11.7", *architectures: str) -> str:
        root = f"{HOME}/.pyenv"
        self.base(f"{root}/versions/{version}", version, mach_o(*(architectures or ("arm64",))))
        for name in ("python", "python3", "pip"):
            shim = (
                f'#!/usr/bin/env bash\nset -e\nexport PYENV_ROOT="{root}"\nexec "/opt/homebrew/bin/pyenv" exec "$0"\n'
            )
            self.file(f"{root}/shims/{name}", shim, executable=True)
        return f"{root}/versions/{version}/bin/python3"

    def venv(
        self,
        prefix: str,
        base: str,
        version: str = "3.12.4",
        *,
        uv: bool = False,
        system: bool = False,
        minor: str = "",
    ) -> str:
        """A virtual environment made from the interpreter at `base`."""
        minor = minor or ".".join(version.split(".")[:2])
        lines = [f"home = {base.rpartition('/')[0]}", f"include-system-site-packages = {str(system).lower()}"]
        lines += ["uv = 0.9.2", f"version_info = {version}"] if uv else [f"version = {version}"]
        self.file(f"{prefix}/pyvenv.cfg", "\n".join(lines) + "\n")
        self.link(f"{prefix}/bin/python", base)
        self.link(f"{prefix}/bin/python3", "python")
        self.folder(f"{prefix}/lib/python{minor}/site-packages")
        return f"{prefix}/bin/python"

    def installed(self, folder: str, name: str, version: str, *tags: str, modules: tuple[str, ...] = ()) -> None:
        """A distribution's metadata, and empty packages for it."""
        info = f"{folder}/{name}-{version}.dist-info"
        self.file(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        self.file(f"{info}/WHEEL", "Wheel-Version: 1.0\n" + "".join(f"Tag: {tag}\n" for tag in tags))
        for module in modules:
            self.file(f"{folder}/{module}/__init__.py")

    def script(self, path: str, interpreter: str) -> str:
        """A command such as `pip` that starts `interpreter`."""
        return self.file(path, f"#!{interpreter}\nimport sys\n", executable=True)
