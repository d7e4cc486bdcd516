from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from environments import mach_o, real
from environments.site_folder import facts_of, lay_down
from environments.verdicts import result_of
from m1doctor.checks.pkg.pkg014_native_dependency_missing import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Level
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown


def test_what_is_gone_is_quoted_as_dyld_says_it(tmp_path: Path) -> None:
    asks = mach_o.library("@loader_path/.dylibs/libx.dylib")
    lay_down(tmp_path, "pip", "26.0")
    lay_down(tmp_path, "tensorflow", "2.18.1", requires=["h5py>=3.11"])
    lay_down(tmp_path, "h5py", "3.16.0", {"h5py/a.so": asks, "h5py/b.so": asks})
    (finding,) = result_of(CHECK, facts_of(tmp_path)).findings
    assert finding.message == (
        "h5py/a.so and 1 more of h5py 3.16.0 ask for @loader_path/.dylibs/libx.dylib, which is not there."
    )
    assert finding.level is Level.ERROR
    assert finding.evidence[0] == "Library not loaded: @loader_path/.dylibs/libx.dylib"
    assert f"  tried: '{tmp_path}/h5py/.dylibs/libx.dylib' (no such file)" in finding.evidence
    assert finding.remedy is not None
    assert finding.remedy.steps[0].argv[-1] == "h5py==3.16.0"


def test_a_package_that_tensorflow_does_not_need_is_a_warning(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", requires=["h5py>=3.11"])
    lay_down(tmp_path, "xgboost", "3.2.0", {"xgboost/lib/libx.dylib": mach_o.library("@loader_path/libomp.dylib")})
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.WARNING


def test_a_path_of_homebrew_asks_for_homebrew(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", {"pkg/a.so": mach_o.library("/opt/homebrew/opt/none/lib/libnone.dylib")})
    remedy = result_of(CHECK, facts_of(tmp_path)).findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].argv == ()


def test_what_is_there_passes(tmp_path: Path) -> None:
    files = {"pkg/a.so": mach_o.library("@loader_path/b.dylib"), "pkg/b.dylib": mach_o.library()}
    lay_down(tmp_path, "pkg", "1.0", files)
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.PASS


def test_it_is_a_matter_of_macos(tmp_path: Path) -> None:
    facts = facts_of(tmp_path)
    assert facts.interpreter is not None
    linux = replace(facts, interpreter=replace(facts.interpreter, system="Linux"))
    assert result_of(CHECK, linux).skip is SkipKind.NOT_APPLICABLE


def test_unknown_packages_are_not_a_pass() -> None:
    assert result_of(CHECK, Facts(unknown={"packages": Unknown("not read")})).status is Status.SKIPPED


@pytest.mark.real_wheels
def test_a_real_library_that_was_removed_is_missed_by_those_that_ask_for_it(tmp_path: Path) -> None:
    folder = real.clone(real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.2.0"), tmp_path / "site")
    (folder / "tensorflow/libtensorflow_framework.2.dylib").unlink()
    (finding,) = result_of(CHECK, facts_of(folder)).findings
    assert "tensorflow 2.18.1, tensorflow-io-gcs-filesystem 0.37.1" in finding.message
    assert "@rpath/libtensorflow_framework.2.dylib" in finding.message
    assert finding.remedy is not None
    assert finding.remedy.steps[0].argv[-1] == "tensorflow==2.18.1"
