"""Real failure cases: what is installed in them is laid down by hand, and `diagnose` must name the labelled cause.

The cases are read where they are at hand; what they have in common is kept here as situations of our own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from environments import real
from environments.linkable import Library, build
from environments.site_folder import lay_down
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.checks.selection import choose
from m1doctor.collect.examine import Depth, examine
from m1doctor.collect.target import choose_target
from m1doctor.collect.world import LiveWorld
from m1doctor.diagnosis import make_report
from m1doctor.model.report import Report

CASES = real.SHARED / "cases" / "cases.jsonl"
CODE = {"tensorflow/__init__.py": b"code"}
ARM64 = build(Library(install_name="@rpath/code.so", needs=["/usr/lib/libSystem.B.dylib"]))
NATIVE = {**CODE, "tensorflow/python/_code.so": ARM64}


@dataclass(frozen=True)
class Installed:
    """One distribution of a situation."""

    name: str
    version: str
    files: dict[str, bytes] = field(default_factory=dict)
    requires: tuple[str, ...] = ()


SITUATIONS: dict[str, tuple[str, tuple[Installed, ...]]] = {
    "no plugin": ("PKG002", (Installed("tensorflow", "2.18.1", NATIVE),)),
    "no plugin, two names of one release": (
        "PKG002",
        (Installed("tensorflow", "2.16.1", NATIVE), Installed("tensorflow-macos", "2.16.1")),
    ),
    "an empty release without the one that holds its code": (
        "PKG003",
        (
            Installed("tensorflow", "2.14.0", requires=("tensorflow-macos==2.14.0; platform_system == 'Darwin'",)),
            Installed("wrapt", "1.14.1", {"wrapt/_wrappers.so": ARM64}),
        ),
    ),
    "an empty release that requires only itself": (
        "PKG001",
        (
            Installed("tensorflow-macos", "2.15.1", requires=("tensorflow-macos==2.15.1",)),
            Installed("wrapt", "1.14.1", {"wrapt/_wrappers.so": ARM64}),
        ),
    ),
    "an add-on that brought the second TensorFlow": (
        "PKG005",
        (
            Installed("tensorflow-macos", "2.5.0", NATIVE, ("keras==2.5.0", "numpy~=1.19.2")),
            Installed("tensorflow", "2.5.0", {**NATIVE, "tensorflow/__init__.py": b"other code"}, ("numpy~=1.19.2",)),
            Installed("tensorflow-text", "2.5.0", {}, ("tensorflow<2.6,>=2.5.0",)),
            Installed("tensorflow-metal", "0.5.0", {"tensorflow-plugins/libmetal_plugin.dylib": ARM64}),
        ),
    ),
    "Apple's archived fork": ("PKG013", (Installed("tensorflow-macos", "0.1a3", NATIVE),)),
    "the fork with a NumPy that it refuses": (
        "PKG003",
        (Installed("tensorflow-macos", "0.1a3", NATIVE, ("numpy~=1.19.2",)), Installed("numpy", "1.20.1")),
    ),
    "a Keras of another line": (
        "PKG007",
        (
            Installed("tensorflow", "2.16.2", NATIVE, ("keras>=3.0.0",)),
            Installed("keras", "2.15.0"),
            Installed("tensorflow-metal", "1.1.0", {"tensorflow-plugins/libmetal_plugin.dylib": ARM64}),
        ),
    ),
    "two providers of one plugin": (
        "LNK005",
        (
            Installed("tensorflow", "2.21.0", NATIVE),
            Installed("tensorflow-metal", "1.2.0", {"tensorflow-plugins/libmetal_plugin.dylib": ARM64}),
            Installed("tensorflow-metal-plugin", "0.4.1", {"tensorflow-plugins/libmetal_plugin.dylib": ARM64}),
        ),
    ),
}


def diagnosed(folder: Path) -> Report:
    world = LiveWorld(environ={})
    target = choose_target(world, site_packages=str(folder))
    facts = examine(world, target, Depth(quick=True))
    registry = Registry(built_in_checks())
    return make_report(facts, target, registry, choose(registry))


def laid_down(folder: Path, *installed: Installed) -> Path:
    for each in installed:
        lay_down(folder, each.name, each.version, each.files, requires=list(each.requires))
    return folder


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_cause_of_a_situation_comes_first(name: str, tmp_path: Path) -> None:
    expected, installed = SITUATIONS[name]
    assert diagnosed(laid_down(tmp_path / "site", *installed)).verdict.causes[:1] == (expected,)


def _with_real_packages() -> list[Any]:
    """The cases that published wheels or metadata alone decide, each with what to install."""
    if not CASES.exists():
        return []
    found = []
    for line in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        wheels = _WHEELS.get(case["expected"][0] if case["expected"] else "")
        packages = case["input"].get("packages") or {}
        if wheels is None or not packages.get("tensorflow") or set(packages) - {"tensorflow", "tensorflow-metal"}:
            continue
        wanted = [f"tensorflow=={packages['tensorflow']}"]
        if "tensorflow-metal" in packages:
            wanted.append(f"tensorflow-metal=={packages['tensorflow-metal'] or wheels}")
        found.append(pytest.param(case, wanted, id=case["id"]))
    return found


_WHEELS = {"LNK001": "1.2.0", "LNK002": "1.1.0", "LNK007": "1.1.0", "PKG002": "", "PKG003": ""}
"""The first ids that packages alone decide, and the plugin where a case does not tell its version."""


@pytest.mark.real_wheels
@pytest.mark.skipif(not CASES.exists(), reason="the real cases are not at hand")
@pytest.mark.parametrize(("case", "wanted"), _with_real_packages())
def test_the_labelled_cause_of_a_real_case_comes_first(case: dict[str, Any], wanted: list[str]) -> None:
    python = ".".join((case["input"].get("python") or "3.11").split(".")[:2])
    shim = case["expected"][0] == "PKG003"
    report = diagnosed(real.mac_packages(*wanted, python=python, dependencies=not shim))
    assert report.verdict.causes[:1] == (case["expected"][0],)
    said = {result.id for result in report.results if result.findings}
    assert not said & set(case["must_not_say"])


@pytest.mark.skipif(not CASES.exists(), reason="the real cases are not at hand")
def test_real_cases_were_read() -> None:
    assert len(_with_real_packages()) >= 3
