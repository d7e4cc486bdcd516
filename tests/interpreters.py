"""Facts about interpreters for tests of checks: each a machine and an environment in a line."""

from __future__ import annotations

from typing import Any

from m1doctor.model.facts import Facts
from m1doctor.model.host import Host
from m1doctor.model.interpreter import Interpreter, Vendor
from m1doctor.model.packages import Distribution, Packages
from m1doctor.model.unknown import not_asked

VENV = "/Users/someone/tf"
PYTHON = f"{VENV}/bin/python"
SITE = f"{VENV}/lib/python3.11/site-packages"
M1 = Host(
    system="Darwin",
    apple_silicon=True,
    chip="Apple M1 Pro",
    kernel="Darwin Kernel Version 24.5.0: RELEASE_ARM64_T6000",
    macos_version="15.5",
    process_translated=False,
    parent_translated=False,
)
INTEL_MAC = Host(system="Darwin", apple_silicon=False, chip="Intel Core i7", macos_version="13.6")
FOLDER_ONLY = Host(unknown={name: not_asked("a folder was examined") for name in ("apple_silicon", "macos_version")})


def interpreter(**facts: Any) -> Interpreter:
    """A native Python 3.11 on Apple silicon, with what is different about it."""
    usual: dict[str, Any] = {
        "executable": PYTHON,
        "executable_exists": True,
        "real_executable": "/opt/python/bin/python3.11",
        "version": "3.11.9",
        "system": "Darwin",
        "machine": "arm64",
        "slices": ("arm64",),
        "translated": False,
        "vendor": Vendor.UV,
        "prefix": VENV,
        "site_folders": (SITE,),
        "leaks": (),
        "neighbours": (),
        "active": False,
    }
    return Interpreter(**{**usual, **facts})


def distribution(name: str, version: str, **more: Any) -> Distribution:
    """An installed package, with what is different about it."""
    usual: dict[str, Any] = {
        "name": name,
        "normalized_name": name,
        "version": version,
        "folder": SITE,
        "metadata_path": f"{name}-{version}.dist-info",
        "top_level": (name.replace("-", "_"),),
    }
    return Distribution(**{**usual, **more})


def packages(*installed: str, **more: Any) -> Packages:
    """Packages given as ``"name version"``; TensorFlow requires all the others."""
    pairs = [item.split(" ") for item in installed]
    others = tuple(name for name, _ in pairs if not name.startswith("tensorflow"))
    return Packages(
        folders_read=(SITE,),
        distributions=tuple(
            distribution(name, version, requires=others if name == "tensorflow" else ()) for name, version in pairs
        ),
        **more,
    )


def facts(found: Interpreter | None = None, *installed: str, host: Host | None = M1, **more: Any) -> Facts:
    """A machine, an environment on it, and what is installed there."""
    return Facts(
        host=host, interpreter=interpreter() if found is None else found, packages=packages(*installed, **more)
    )
