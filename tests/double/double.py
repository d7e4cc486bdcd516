"""Builds the stand-in for the Metal plugin, and environments that carry it."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from environments import real

SOURCE = Path(__file__).with_name("plugin.c")
FAULT = "M1DOCTOR_DOUBLE"
"""The environment variable that chooses what is wrong with the plugin."""
NEWEST = "tensorflow-cpu==2.21.0"
OLDER = "tensorflow-cpu==2.18.1"


@cache
def environment(requirement: str) -> Path:
    """A TensorFlow environment with compiled modules, for cloning only: without them every import takes 8 s, not 2."""
    plain = real.linux_environment(requirement)

    def build(folder: Path) -> None:
        real.clone(plain, folder)
        environ = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        subprocess.run([str(python(folder)), "-c", "import tensorflow"], env=environ, capture_output=True, check=True)

    return real._build_once(f"{plain.name}-compiled", build, in_place=True)


def clone(requirement: str, folder: Path) -> Path:
    """An environment of its own for one test module, without a plugin."""
    return real.clone(environment(requirement), folder)


def python(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / "bin" / "python"


def site_packages(folder: Path) -> Path:
    """The site folder of an environment."""
    return next((folder / "lib").glob("python3.*")) / "site-packages"


def plug_in(folder: Path, *, unresolved_symbol: bool = False) -> Path:
    """Build the plugin against the TensorFlow of an environment and put it where that loads plugins from."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("the stand-in for the Metal plugin needs a C compiler")
    site = site_packages(folder)
    tensorflow = site / "tensorflow"
    plugins = site / "tensorflow-plugins"
    plugins.mkdir(exist_ok=True)
    library = plugins / "libmetal_plugin.so"
    library.unlink(missing_ok=True)
    # ELF libraries may leave symbols open; -z now makes the loader look for them at once, as dyld does.
    flags = ["-DUNRESOLVED_SYMBOL", "-Wl,-z,now"] if unresolved_symbol else []
    subprocess.run(
        [
            *(compiler, "-O3", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared"),
            *("-I", str(tensorflow / "include"), str(SOURCE), "-o", str(library), *flags),
            *("-L", str(tensorflow), "-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2"),
            "-Wl,-rpath,$ORIGIN/../tensorflow",
        ],
        check=True,
    )
    return library


def unplug(folder: Path) -> None:
    """Take the plugin out again."""
    shutil.rmtree(site_packages(folder) / "tensorflow-plugins", ignore_errors=True)
