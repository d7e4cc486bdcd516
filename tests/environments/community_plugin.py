"""A stand-in for the community's GPU plugin: published as source, built against the TensorFlow that is installed."""

from __future__ import annotations

from environments.package_index import PackageIndex

_BACKEND = """
import pathlib, sys, sysconfig, zipfile

def build_wheel(folder, settings=None, metadata=None):
    packages = pathlib.Path(sysconfig.get_paths()["purelib"])
    if not (packages / "tensorflow").is_dir():
        raise SystemExit("TensorFlow was not found")
    name, info = "tensorflow_metal_plugin-0.4.1-py3-none-any.whl", "tensorflow_metal_plugin-0.4.1.dist-info/"
    members = {
        "tensorflow-plugins/libmetal_plugin.dylib": "built",
        info + "METADATA": "Metadata-Version: 2.1\\nName: tensorflow-metal-plugin\\nVersion: 0.4.1\\n",
        info + "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as archive:
        for path, text in members.items():
            archive.writestr(path, text)
        archive.writestr(info + "RECORD", "".join(path + ",,\\n" for path in [*members, info + "RECORD"]))
    return name
"""
"""Builds as the community's plugin does: against the TensorFlow in the packages of the Python that builds."""
_PROJECT = """
[build-system]
requires = ["setuptools>=64", "wheel"]
build-backend = "own"
backend-path = ["."]
"""


def add_to(index: PackageIndex) -> str:
    """Publish it; the hash of its source, as a pin writes it. It has no requirement that its metadata would tell."""
    files = {"pyproject.toml": _PROJECT, "own.py": _BACKEND}
    return index.source("tensorflow-metal-plugin", "0.4.1", "", files=files)
