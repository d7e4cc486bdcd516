"""The whole family on environments laid from published wheels: one cause each, or nothing at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from environments import real
from environments.linkable import Library, build
from environments.site_folder import mac_interpreter, mac_world
from environments.verdicts import family
from interpreters import M1
from m1doctor.collect.packages import collect_packages
from m1doctor.collect.plugins import collect_plugins
from m1doctor.model.facts import Facts
from m1doctor.model.report import Result, Status

pytestmark = pytest.mark.real_wheels

PLUGIN = "tensorflow-plugins/libmetal_plugin.dylib"


def pair(tensorflow: str, metal: str, python: str) -> Path:
    return real.mac_packages(tensorflow, f"tensorflow-metal=={metal}", python=python, dependencies=False)


def failures(site: Path, python: str) -> dict[str, Result]:
    target = replace(mac_interpreter(site), version=f"{python}.1")
    packages = collect_packages(mac_world(), target)
    plugins = collect_plugins(mac_world(), target, packages)
    facts = Facts(host=M1, interpreter=target, packages=packages, plugins=plugins)
    found = {**family(facts, "LNK"), **family(facts, "PKG016")}
    assert not [result for result in found.values() if result.status is Status.CRASHED]
    return {name: result for name, result in found.items() if result.status.failed or result.status is Status.NOTE}


@pytest.mark.parametrize(
    ("tensorflow", "metal", "python"),
    [
        ("tensorflow==2.19.1", "1.2.0", "3.12"),
        ("tensorflow==2.18.1", "1.2.0", "3.11"),
        ("tensorflow==2.17.1", "1.1.0", "3.11"),
        ("tensorflow==2.16.2", "1.1.0", "3.11"),
        ("tensorflow-macos==2.13.1", "1.0.1", "3.11"),
        ("tensorflow-macos==2.11.0", "0.7.1", "3.10"),
        ("tensorflow-macos==2.9.2", "0.5.0", "3.10"),
    ],
)
def test_a_healthy_pair_gives_no_remark_at_all(tensorflow: str, metal: str, python: str) -> None:
    assert failures(pair(tensorflow, metal, python), python) == {}


@pytest.mark.parametrize(
    ("tensorflow", "metal", "python", "cause"),
    [
        ("tensorflow==2.20.0", "1.2.0", "3.12", "LNK001"),
        ("tensorflow==2.21.0", "1.2.0", "3.12", "LNK001"),
        ("tensorflow==2.18.1", "1.1.0", "3.11", "LNK002"),
        ("tensorflow-macos==2.14.1", "1.0.1", "3.11", "LNK002"),
        ("tensorflow-macos==2.12.0", "1.2.0", "3.11", "LNK004"),
        ("tensorflow==2.16.1", "1.1.0", "3.11", "LNK007"),
    ],
)
def test_a_mismatched_pair_gives_one_cause(tensorflow: str, metal: str, python: str, cause: str) -> None:
    assert list(failures(pair(tensorflow, metal, python), python)) == [cause]


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"version https://git-lfs.github.com/spec/v1\n", "LNK008"),
        (build(Library(architecture="x86_64")), "LNK006"),
        (None, "LNK008"),
    ],
)
def test_a_damaged_plugin_file_gives_one_cause(tmp_path: Path, content: bytes | None, cause: str) -> None:
    site = real.clone(pair("tensorflow==2.18.1", "1.2.0", "3.11"), tmp_path / "site-packages")
    plugin = site / PLUGIN
    real.replace(plugin, plugin.read_bytes()[:3_000_000] if content is None else content)
    assert list(failures(site, "3.11")) == [cause]


def test_a_truncated_library_of_tensorflow_leaves_the_plugin_unjudged(tmp_path: Path) -> None:
    site = real.clone(pair("tensorflow==2.18.1", "1.2.0", "3.11"), tmp_path / "site-packages")
    library = site / "tensorflow/libtensorflow_framework.2.dylib"
    real.replace(library, library.read_bytes()[:5_000_000])
    assert failures(site, "3.11") == {}
    target = mac_interpreter(site)
    found = collect_plugins(mac_world(), target, collect_packages(mac_world(), target))
    assert found.links_judged is None
    assert "TensorFlow itself cannot be loaded" in found.unknown["links_judged"].reason
