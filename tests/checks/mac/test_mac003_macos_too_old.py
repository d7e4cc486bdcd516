"""MAC003: wheels that were built for a newer macOS, the worst first."""

from __future__ import annotations

import pytest

from judged import judged
from m1doctor.checks.mac.mac003_macos_too_old import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.host import Host
from m1doctor.model.packages import Distribution, NativeFile, Packages
from m1doctor.model.report import Result, SkipKind, Status
from m1doctor.model.unknown import Unknown


def distribution(name: str, *tags: str) -> Distribution:
    return Distribution(
        name=name, normalized_name=name, version="1.0", folder="/s", metadata_path=f"{name}.dist-info", wheel_tags=tags
    )


def native(minimum: str | None, distribution: str | None = "numpy 1.0") -> NativeFile:
    return NativeFile(
        path="numpy/core.so", folder="/s", distribution=distribution, architectures=("arm64",), minimum_macos=minimum
    )


def result_of(macos: str, *distributions: Distribution, native_files: tuple[NativeFile, ...] = ()) -> Result:
    packages = Packages(folders_read=("/s",), distributions=distributions, native_files=native_files)
    return judged(CHECK, Facts(host=Host(system="Darwin", macos_version=macos), packages=packages))


def test_the_worst_wheels_are_named_first_and_the_version_to_update_to() -> None:
    result = result_of(
        "11.7.10",
        distribution("tensorflow", "cp311-cp311-macosx_12_0_arm64"),
        distribution("numpy", "cp311-cp311-macosx_14_0_arm64"),
        distribution("six", "py2-none-any", "py3-none-any"),
    )
    assert result.status is Status.ERROR
    assert result.summary == ("macOS 11.7.10 is too old for numpy 1.0, tensorflow 1.0, built for macOS 14.0 or later.")
    assert result.findings[0].evidence[0] == "numpy 1.0: wheel tag cp311-cp311-macosx_14_0_arm64"


def test_many_are_counted() -> None:
    many = [distribution(f"p{number}", "cp311-cp311-macosx_15_0_arm64") for number in range(6)]
    assert "and 3 more" in result_of("14.0", *many).summary


def test_a_library_tells_what_a_wheel_tag_does_not() -> None:
    result = result_of("13.6", distribution("numpy", "py3-none-any"), native_files=(native("14.0"),))
    assert result.findings[0].evidence == ("numpy 1.0: numpy/core.so was built for macOS 14.0",)


def test_a_library_without_an_owner_is_named_by_its_path() -> None:
    assert "numpy/core.so" in result_of("13.6", native_files=(native("14.0", None),)).summary


@pytest.mark.parametrize(
    ("macos", "tag"),
    [
        ("14.0", "cp311-cp311-macosx_14_0_arm64"),
        ("26.4", "cp311-cp311-macosx_15_0_arm64"),
        ("11.0", "cp39-cp39-macosx_10_16_arm64"),
        ("11.7", "cp39-cp39-macosx_10_9_universal2"),
        ("11.7", "cp39-cp39-manylinux_2_17_x86_64"),
        ("11.7", "cp39-cp39-macosx_11_0_arm64.macosx_14_0_arm64"),
    ],
)
def test_a_wheel_that_fits_passes(macos: str, tag: str) -> None:
    assert result_of(macos, distribution("p", tag)).status is Status.PASS


def test_the_least_demanding_of_several_tags_counts() -> None:
    tags = ("cp311-cp311-macosx_10_12_x86_64", "cp311-cp311-macosx_14_0_arm64")
    assert result_of("11.7", distribution("p", *tags)).status is Status.PASS


@pytest.mark.parametrize("minimum", [None, "", "unknown"])
def test_a_library_that_names_no_version_says_nothing(minimum: str | None) -> None:
    assert result_of("11.7", native_files=(native(minimum),)).status is Status.PASS


def test_unknown_packages_or_an_unknown_system_are_not_a_pass() -> None:
    host = Host(system="Darwin", macos_version="14.0")
    assert judged(CHECK, Facts(host=host)).skip is SkipKind.UNKNOWN
    unread = Packages(unknown={"folders_read": Unknown("it cannot be listed")})
    assert judged(CHECK, Facts(host=host, packages=unread)).skip is SkipKind.UNKNOWN
    assert judged(CHECK, Facts(host=Host(), packages=Packages(folders_read=()))).skip is SkipKind.UNKNOWN


def test_the_plugins_own_finding_explains_this_one() -> None:
    assert CHECK.after == ("LNK003",)


def test_a_library_newer_than_its_own_wheels_tag_is_a_note() -> None:
    wheel = distribution("numpy", "cp38-cp38-macosx_10_14_x86_64")
    result = result_of("11.6", wheel, native_files=(native("12.1"),))
    assert result.status is Status.NOTE
    assert result.summary.startswith("macOS 11.6 is older than 12.1, which libraries of numpy 1.0 were built for")
