"""PY004: native files that this interpreter cannot load."""

from __future__ import annotations

from typing import Any

import pytest

from environments import real
from interpreters import SITE, facts, interpreter
from judged import judged
from m1doctor.checks.py.py004_foreign_architecture_extension import CHECK
from m1doctor.collect.interpreter import collect_interpreter
from m1doctor.collect.packages import collect_packages
from m1doctor.collect.target import choose_target
from m1doctor.collect.world import LiveWorld
from m1doctor.model.facts import Facts
from m1doctor.model.packages import NativeFile
from m1doctor.model.remedy import StepKind
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown


def native(path: str, *architectures: str, owner: str | None = "numpy 1.26.4", **more: Any) -> NativeFile:
    usual: dict[str, Any] = {"format": "mach-o"}
    return NativeFile(path=path, folder=SITE, distribution=owner, architectures=architectures, **{**usual, **more})


def with_files(*files: NativeFile, machine: str = "arm64", system: str = "Darwin") -> Facts:
    found = interpreter(machine=machine, system=system)
    return facts(found, "numpy 1.26.4", "pip 24.2", native_files=files)


def test_each_foreign_file_is_named_in_the_words_that_dyld_uses() -> None:
    result = judged(
        CHECK,
        with_files(
            native("numpy/core/_multiarray.cpython-311-darwin.so", "x86_64"),
            native("numpy/linalg/_umath.cpython-311-darwin.so", "x86_64"),
            native("h5py/h5.cpython-311-darwin.so", "arm64", owner="h5py 3.11.0"),
        ),
    )
    assert result.status is Status.ERROR
    (finding,) = result.findings
    assert "2 native files of numpy 1.26.4 are for x86_64" in finding.message
    assert finding.evidence == (
        "numpy/core/_multiarray.cpython-311-darwin.so: have 'x86_64', need 'arm64'",
        "numpy/linalg/_umath.cpython-311-darwin.so: have 'x86_64', need 'arm64'",
    )
    assert finding.location is not None
    assert finding.remedy is not None
    assert finding.remedy.steps[0].argv[-1] == "numpy==1.26.4"


def test_one_finding_a_distribution_and_one_for_what_nobody_owns() -> None:
    files = (native("numpy/a.so", "x86_64"), native("tensorflow/b.so", "x86_64", owner=None))
    result = judged(CHECK, with_files(*files))
    assert len(result.findings) == 2
    assert "tensorflow/b.so of tensorflow" in result.summary  # told first
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].kind is StepKind.MANUAL


@pytest.mark.parametrize(
    ("file", "machine"),
    [
        (native("numpy/a.so", "x86_64", "arm64"), "arm64"),
        (native("numpy/a.so", "x86_64", "arm64"), "x86_64"),
        (native("numpy/a.so", fault="it is cut off"), "arm64"),
        (native("tensorflow-plugins/libmetal_plugin.dylib", "x86_64"), "arm64"),
        (native("debugpy/attach_x86_64.dylib", "x86_64"), "arm64"),
        (native("debugpy/attach_linux_amd64.so", "x86_64", format="elf"), "arm64"),
        (native("lib/libfoo-arm64.dylib", "arm64"), "x86_64"),
    ],
)
def test_what_is_loadable_or_not_meant_for_this_process_is_no_finding(file: NativeFile, machine: str) -> None:
    assert judged(CHECK, with_files(file, machine=machine)).status is Status.PASS


def test_a_library_of_linux_in_a_mac_environment_is_foreign_also_with_the_same_processor() -> None:
    result = judged(CHECK, with_files(native("numpy/a.so", "x86_64", format="elf"), machine="x86_64"))
    assert result.status is Status.ERROR
    assert "Linux x86_64" in result.summary


def test_arm_has_two_names_on_linux() -> None:
    file = native("numpy/a.so", "aarch64", format="elf")
    assert judged(CHECK, with_files(file, machine="aarch64", system="Linux")).status is Status.PASS


def test_a_great_many_files_are_counted_beyond_a_limit() -> None:
    files = [native(f"numpy/m{number}.so", "x86_64") for number in range(100)]
    (finding,) = judged(CHECK, with_files(*files)).findings
    assert finding.evidence[-1] == "and 60 more"


def test_unknown_packages_or_machine_are_not_a_pass() -> None:
    assert judged(CHECK, Facts(interpreter=interpreter())).skip is SkipKind.UNKNOWN
    unknown = interpreter(machine=None, unknown={"machine": Unknown("nothing tells")})
    assert judged(CHECK, facts(unknown)).reason == "nothing tells"


@pytest.mark.real_wheels
def test_a_real_x86_64_wheel_among_arm64_ones_is_named() -> None:
    arm = real.mac_packages("h5py==3.11.0", "grpcio==1.64.1", "numpy==1.26.4")
    intel = real.mac_packages("wrapt==1.14.1", platform="x86_64-apple-darwin", dependencies=False)
    world = LiveWorld()
    target = choose_target(world, site_packages=str(arm))
    found = collect_interpreter(world, target, None)
    assert judged(CHECK, Facts(interpreter=found, packages=collect_packages(world, found))).status is Status.PASS
    mixed = collect_interpreter(world, target, None)
    foreign = choose_target(world, site_packages=str(intel))
    packages = collect_packages(world, collect_interpreter(world, foreign, None))
    result = judged(CHECK, Facts(interpreter=mixed, packages=packages))
    assert result.status is Status.ERROR
    assert "wrapt 1.14.1" in result.summary
