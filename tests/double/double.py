"""Builds the stand-in for the Metal plugin, and environments that carry it."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from environments import real

SOURCES = Path(__file__).with_name("plugin")
FAULT = "M1DOCTOR_DOUBLE"
"""The environment variable that chooses what is wrong with the plugin."""
NEWEST = "tensorflow-cpu==2.21.0"
OLDER = "tensorflow-cpu==2.18.1"
OLDEST = "tensorflow-cpu==2.15.1"
"""With Keras 2."""


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
    """Put the plugin, built against the TensorFlow of an environment, where that loads plugins from."""
    site = site_packages(folder)
    plugins = site / "tensorflow-plugins"
    plugins.mkdir(exist_ok=True)
    library = plugins / "libmetal_plugin.so"
    library.unlink(missing_ok=True)
    shutil.copy(_built(site / "tensorflow", unresolved_symbol=unresolved_symbol), library)
    return library


def _built(tensorflow: Path, *, unresolved_symbol: bool) -> Path:
    """The library for one TensorFlow, built once for each state of the sources."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("the stand-in for the Metal plugin needs a C compiler")
    sources = sorted(SOURCES.glob("*.c"))
    # ELF libraries may leave symbols open; -z now makes the loader look for them at once, as dyld does.
    faulty = ["-DUNRESOLVED_SYMBOL", "-Wl,-z,now"] if unresolved_symbol else []
    arguments = [
        *("-O3", "-march=native", "-ffp-contract=fast", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror"),
        *("-fPIC", "-shared", *faulty),
        *("-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2", "-lm"),
        # TensorFlow's kernels.h defines a constant that is external in C, once in each file that includes it.
        *("-Wl,--allow-multiple-definition", "-Wl,-rpath,$ORIGIN/../tensorflow"),
    ]
    digest = hashlib.sha256("\0".join([platform.machine(), platform.node(), *arguments]).encode())
    for file in sorted(SOURCES.iterdir()):
        digest.update(file.read_bytes())
    version = next(tensorflow.parent.glob("tensorflow_cpu-*.dist-info")).name

    def build(destination: Path) -> None:
        destination.mkdir()
        library = destination / "libmetal_plugin.so"
        inputs = [*map(str, sources), "-I", str(tensorflow / "include"), "-L", str(tensorflow), "-o", str(library)]
        subprocess.run([compiler, *inputs, *arguments], check=True)

    return real._build_once(f"double-{version}-{digest.hexdigest()[:12]}", build) / "libmetal_plugin.so"


def unplug(folder: Path) -> None:
    """Take the plugin out again."""
    shutil.rmtree(site_packages(folder) / "tensorflow-plugins", ignore_errors=True)
