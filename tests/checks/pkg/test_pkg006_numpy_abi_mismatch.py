from __future__ import annotations

from pathlib import Path

import pytest

from environments import mach_o, real
from environments.site_folder import facts_of, lay_down
from environments.verdicts import result_of
from m1doctor.checks.pkg.pkg006_numpy_abi_mismatch import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown

OLD = mach_o.library(strings=b"numpy.core._multiarray_umath\0_ARRAY_API\0")
NEW = mach_o.library(
    strings=b"numpy._core._multiarray_umath\0_ARRAY_API\0module was compiled against NumPy C-API version 0x%x "
    b"(NumPy 1.23) but the running NumPy has C-API version 0x%x\0"
)


def _facts(folder: Path, module: bytes, numpy: str) -> Facts:
    lay_down(folder, "tensorflow", "2.11.0", {"tensorflow/core.so": module}, requires=["numpy>=1.20"])
    lay_down(folder, "numpy", numpy)
    return facts_of(folder)


def test_modules_of_numpy_1_break_on_numpy_2(tmp_path: Path) -> None:
    (finding,) = result_of(CHECK, _facts(tmp_path, OLD, "2.0.2")).findings
    assert finding.message.startswith("tensorflow 2.11.0 was built for NumPy 1, but NumPy 2.0.2 is installed")
    assert finding.expected == "numpy<2.0.0"


@pytest.mark.parametrize(("module", "numpy"), [(OLD, "1.26.4"), (NEW, "2.0.2"), (NEW, "1.23.0"), (NEW, "2.0.0rc1")])
def test_modules_that_the_installed_numpy_takes_pass(tmp_path: Path, module: bytes, numpy: str) -> None:
    assert result_of(CHECK, _facts(tmp_path, module, numpy)).status is Status.PASS


def test_a_module_of_numpy_1_breaks_on_a_release_candidate_of_numpy_2(tmp_path: Path) -> None:
    assert result_of(CHECK, _facts(tmp_path, OLD, "2.0.0rc1")).status is Status.ERROR


def test_a_numpy_older_than_the_modules_accept_is_told(tmp_path: Path) -> None:
    result = result_of(CHECK, _facts(tmp_path, NEW, "1.22.4"))
    assert result.status is Status.ERROR
    assert "needs NumPy 1.23" in result.summary


def test_a_package_that_tensorflow_does_not_need_is_a_warning(tmp_path: Path) -> None:
    lay_down(tmp_path, "pandas", "2.0.3", {"pandas/x.so": OLD}, requires=["numpy"])
    lay_down(tmp_path, "numpy", "2.0.2")
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.WARNING


def test_without_numpy_there_is_nothing_to_compare(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.11.0", {"tensorflow/core.so": OLD}, requires=["numpy>=1.20"])
    assert result_of(CHECK, facts_of(tmp_path)).skip is SkipKind.NOT_APPLICABLE


def test_unknown_packages_are_not_a_pass() -> None:
    assert result_of(CHECK, Facts(unknown={"packages": Unknown("not read")})).status is Status.SKIPPED


@pytest.mark.real_wheels
def test_a_real_old_tensorflow_beside_a_real_numpy_2_is_told() -> None:
    folder = real.mac_packages(
        "tensorflow-macos==2.11.0", "numpy==2.0.2", "h5py==3.8.0", python="3.10", dependencies=False
    )
    messages = [finding.message for finding in result_of(CHECK, facts_of(folder)).findings]
    assert len(messages) == 2
    assert any(message.startswith("tensorflow-macos 2.11.0 was built for NumPy 1") for message in messages)
    assert any(message.startswith("h5py 3.8.0 was built for NumPy 1") for message in messages)
