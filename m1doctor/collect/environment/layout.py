"""Where the parts of an interpreter lie: its real executable, its prefix, its library folder, its version."""

from __future__ import annotations

import contextlib
import mmap
import re
from collections.abc import Iterator

from m1doctor.collect.disk import Disk, absolute
from m1doctor.collect.environment import pyvenv
from m1doctor.collect.environment.conda import read_conda_environment
from m1doctor.model.interpreter import CondaEnvironment, Vendor, VirtualEnvironment
from m1doctor.model.record import record

_LIBRARY = re.compile(r"(python|pypy)(\d+\.\d+)(t?)")
"""A folder of the standard library: implementation, version, free-threaded."""
_INTERPRETER = re.compile(r"(?:python|pypy)(\d+\.\d+)(t?)(?:-intel64)?")
_FRAMEWORK = re.compile(r"(.*/(\w+)\.framework/Versions/(\d+\.\d+))(?:/|$)")
_VERSIONED_FOLDERS = (
    re.compile(r"/(?:cpython|pypy)-(\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)[^/]*/"),  # uv
    re.compile(r"/versions/(\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)/"),  # pyenv
    re.compile(r"/installs/python/(\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)/"),  # asdf, mise
    re.compile(r"/Cellar/python(?:@[\d.]+)?/(\d+\.\d+\.\d+)(?:_\d+)?/"),  # Homebrew, with its revision
)
_VERSION_MACRO = re.compile(r'^#define\s+PY_VERSION\s+"([^"]+)"', re.MULTILINE)
_MAX_SCANNED_BYTES = 64 * 1024 * 1024
_LEVELS_UP = 4
"""Folders above the executable in which the standard library may lie."""


@record(frozen=True, slots=True, kw_only=True)
class Layout:
    """An interpreter on disk. Paths are those of the examined machine."""

    executable: str
    exists: bool
    real_executable: str | None
    """The file at the end of the links; `None` where they lead nowhere."""
    prefix: str
    base_prefix: str | None
    environment: VirtualEnvironment | None
    conda: CondaEnvironment | None
    minor: str | None
    """``"3.11"``."""
    threads: str
    """``"t"`` for a free-threaded build, else empty."""
    implementation: str
    framework: str | None
    """Name of the macOS framework that it is built as, ``"Python"`` or ``"Python3"``; `None` for any other build."""

    @property
    def library(self) -> str | None:
        """Name of its folder below `lib`, e.g. ``"python3.11"``."""
        if self.minor is None:
            return None
        return f"{'pypy' if self.implementation == 'pypy' else 'python'}{self.minor}{self.threads}"


def locate(disk: Disk, executable: str) -> Layout:
    """Find the parts of the interpreter that `executable` starts."""
    prefix = pyvenv.find_prefix(disk, executable)
    exists = disk.is_executable(executable)
    if prefix is None and not exists and not disk.is_folder(absolute("../../conda-meta", executable)):
        prefix = absolute("../..", executable)  # an activated environment that was removed, or emptied
    environment = None if prefix is None else pyvenv.read_virtual_environment(disk, prefix, executable)
    real = disk.real(executable) if exists else None
    base = environment.base_executable if environment else real
    base_prefix, library = _base(disk, base, real or executable)
    conda_prefix = base_prefix if environment else absolute("../..", executable)
    conda = read_conda_environment(disk, conda_prefix) if conda_prefix else None
    if conda is None and base_prefix is not None:
        conda = read_conda_environment(disk, base_prefix)
    implementation, minor, threads = library or ("cpython", None, "")
    framework = _FRAMEWORK.match(base_prefix) if base_prefix else None
    return Layout(
        executable=executable,
        exists=exists,
        real_executable=real,
        prefix=prefix or base_prefix or absolute("../..", executable),
        base_prefix=base_prefix,
        environment=environment,
        conda=conda,
        minor=minor,
        threads=threads,
        implementation=implementation,
        framework=framework[2] if framework else None,
    )


def base_prefix_of(disk: Disk, executable: str) -> str | None:
    """The prefix of an interpreter outside of virtual environments; `None` where there is no standard library."""
    return _base(disk, disk.real(executable), executable)[0]


def _base(disk: Disk, base: str | None, executable: str) -> tuple[str | None, tuple[str, str, str] | None]:
    """Prefix of the real interpreter, and (implementation, minor, threads) of its standard library."""
    for start in dict.fromkeys(each for each in (base, executable) if each):
        end = disk.real(start)
        if end is None:
            continue
        framework = _FRAMEWORK.match(end)
        if framework:
            return framework[1], ("cpython", framework[3], _threads(end))
        named = _INTERPRETER.fullmatch(end.rpartition("/")[2])
        folder = end
        for _ in range(_LEVELS_UP):
            folder = absolute("..", folder)
            found = _standard_library(disk, folder, f"{named[1]}{named[2]}" if named else None)
            if found:
                return folder, found
    return None, None


def _threads(executable: str) -> str:
    named = _INTERPRETER.fullmatch(executable.rpartition("/")[2])
    return named[2] if named else ""


def _standard_library(disk: Disk, prefix: str, wanted: str | None) -> tuple[str, str, str] | None:
    """Of the standard libraries in `prefix`, that of version `wanted`; without a wish, the only or the newest one."""
    found = []
    for name in _candidates(disk, prefix, wanted):
        matched = _LIBRARY.fullmatch(name)
        if matched and disk.is_file(f"{prefix}/lib/{name}/os.py"):
            kind = "pypy" if matched[1] == "pypy" else "cpython"
            found.append((kind, matched[2], matched[3]))
    return max(found, key=lambda item: [int(part) for part in item[1].split(".")], default=None)


def _candidates(disk: Disk, prefix: str, wanted: str | None) -> list[str]:
    if wanted is not None:
        return [f"python{wanted}", f"pypy{wanted}"]
    return disk.names(f"{prefix}/lib")


def full_version(disk: Disk, layout: Layout) -> str | None:
    """``"3.11.7"`` from the first place that says it, else the minor version, ``"3.11"``.

    The places: the conda record, the headers, the name of a folder, the binary, and last `pyvenv.cfg`, which keeps the
    version that was current when the environment was made.
    """
    for version in _evidence(disk, layout):
        if version and (layout.minor is None or version == layout.minor or version.startswith(f"{layout.minor}.")):
            return version
    return layout.minor


def _evidence(disk: Disk, layout: Layout) -> Iterator[str | None]:
    if layout.conda is not None and layout.conda.prefix == layout.base_prefix:
        yield layout.conda.python_version
    if layout.base_prefix is not None and layout.library is not None:
        header = disk.text(f"{layout.base_prefix}/include/{layout.library}/patchlevel.h")
        found = _VERSION_MACRO.search(header or "")
        yield found[1].removesuffix("+") if found else None
    real = layout.real_executable or (layout.environment.base_executable if layout.environment else None) or ""
    for pattern in _VERSIONED_FOLDERS:
        found = pattern.search(real)
        yield found[1] if found else None
    if layout.real_executable is not None and layout.minor is not None:
        yield _version_in_binary(disk, layout.real_executable, layout.minor)
    if layout.environment is not None and layout.environment.made_for is not None:
        found = re.match(r"\d+\.\d+(\.\d+(?:(?:a|b|rc)\d+)?)?", layout.environment.made_for)
        yield found[0] if found else None


def _version_in_binary(disk: Disk, path: str, minor: str) -> str | None:
    """The version string of a statically linked interpreter, as Debian's is, where the headers are not installed."""
    wanted = re.compile(rb"\0(" + re.escape(minor).encode() + rb"\.\d{1,2}(?:(?:a|b|rc)\d{1,2})?)\+?\0")
    with (
        contextlib.suppress(OSError, ValueError),
        open(disk.on_disk(path), "rb") as stream,  # noqa: PTH123 - see Disk
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        found = wanted.search(content, 0, min(len(content), _MAX_SCANNED_BYTES))
        return found[1].decode() if found else None
    return None


def vendor(layout: Layout, home: str | None) -> Vendor | None:
    """Who built the interpreter, told by where it lies; `None` for a place that says nothing."""
    if layout.conda is not None:
        return Vendor.CONDA
    environment = layout.environment
    path = layout.real_executable or (environment.base_executable if environment else None) or layout.executable
    if environment is not None and environment.base_executable:
        path = environment.base_executable
    for pattern, found in _VENDORS:
        if pattern.search(path):
            return found
    if home is not None and path.startswith(f"{home}/.pyenv/"):
        return Vendor.PYENV
    return None


_VENDORS: tuple[tuple[re.Pattern[str], Vendor], ...] = (
    (re.compile(r"^/Library/Developer/CommandLineTools/|\.app/Contents/Developer/"), Vendor.COMMAND_LINE_TOOLS),
    (re.compile(r"^/Library/Frameworks/PythonT?\.framework/"), Vendor.PYTHON_ORG),
    (re.compile(r"/Cellar/|^/opt/homebrew/|/\.?linuxbrew/"), Vendor.HOMEBREW),
    (re.compile(r"/uv/python/|/(?:cpython|pypy)-\d+\.\d+(?:\.\d+)?[^/]*-(?:macos|linux|darwin)-"), Vendor.UV),
    (re.compile(r"/\.?pyenv(?:-root)?/versions/"), Vendor.PYENV),
    (re.compile(r"^/opt/local/"), Vendor.MACPORTS),
    (re.compile(r"^/usr/bin/|^/bin/"), Vendor.SYSTEM),
)
