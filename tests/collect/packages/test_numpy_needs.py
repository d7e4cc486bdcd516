from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments import mach_o, real
from environments.site_folder import collect, lay_down
from m1doctor.collect.packages.numpy_needs import read_need

OLD = b"numpy.core._multiarray_umath\0_ARRAY_API\0module compiled against ABI version 0x%x\0"


def new(least: str) -> bytes:
    words = f"module was compiled against NumPy C-API version 0x%x (NumPy {least}) but the running NumPy has"
    return b"numpy._core._multiarray_umath\0numpy.core._multiarray_umath\0_ARRAY_API\0" + words.encode() + b"\0"


def test_a_module_of_numpy_1_headers_is_told_by_its_import(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", {"pkg/core.so": mach_o.library(strings=OLD)}, requires=["numpy>=1.17"])
    (need,) = collect(tmp_path).numpy_needs
    assert (need.distribution, need.path, need.built_for, need.least) == ("pkg 1.0", "pkg/core.so", "1", None)


def test_a_module_of_numpy_2_headers_states_the_oldest_numpy_it_takes(tmp_path: Path) -> None:
    lay_down(tmp_path, "pkg", "1.0", {"pkg/core.so": mach_o.library(strings=new("1.20"))}, requires=["NumPy"])
    (need,) = collect(tmp_path).numpy_needs
    assert (need.built_for, need.least) == ("2", "1.20")


def test_the_least_demanding_module_speaks_for_the_distribution(tmp_path: Path) -> None:
    files = {
        "pkg/small.so": mach_o.library(strings=new("2.0")),
        "pkg/large.so": mach_o.library(strings=new("1.20") + bytes(5000)),
    }
    lay_down(tmp_path, "pkg", "1.0", files, requires=["numpy"])
    (need,) = collect(tmp_path).numpy_needs
    assert need.least == "1.20"


def test_a_package_that_does_not_require_numpy_is_not_read(tmp_path: Path) -> None:
    files = {"pkg/core.so": mach_o.library(strings=OLD)}
    lay_down(tmp_path, "pkg", "1.0", files, requires=["numpydoc", "numpy-stl>2"])
    assert collect(tmp_path).numpy_needs == ()


def test_numpys_own_modules_are_no_need(tmp_path: Path) -> None:
    lay_down(tmp_path, "numpy", "1.26.4", {"numpy/core/_m.so": mach_o.library(strings=OLD)}, requires=["numpy"])
    assert collect(tmp_path).numpy_needs == ()


def test_a_module_without_the_c_api_needs_nothing() -> None:
    assert read_need(b"numpy.core.multiarray\0", "x.so", None) is None


@given(st.binary())
def test_any_content_is_survived(content: bytes) -> None:
    read_need(content, "x.so", None)


@pytest.mark.real_wheels
def test_real_wheels_of_both_kinds_are_told_apart() -> None:
    old = real.mac_packages(
        "h5py==3.8.0", "ml-dtypes==0.2.0", "tensorflow-macos==2.11.0", python="3.10", dependencies=False
    )
    found = {need.distribution: need.built_for for need in collect(old).numpy_needs}
    assert found == {"h5py 3.8.0": "1", "ml-dtypes 0.2.0": "1", "tensorflow-macos 2.11.0": "1"}
    new_one = real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.2.0")
    needs = collect(new_one).numpy_needs
    assert {need.distribution.split()[0] for need in needs if need.distribution} == {"h5py", "ml_dtypes", "tensorflow"}
    assert {need.built_for for need in needs} == {"2"}
    assert all(need.least is not None and need.least.startswith("1.") for need in needs)
