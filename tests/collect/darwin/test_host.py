"""A Mac: hardware, translation, system, tools and room."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.darwin.gpu import IOREG, SYSTEM_PROFILER
from m1doctor.collect.darwin.host import PKGUTIL, PS, SW_VERS, SYSCTL, XCODE_SELECT
from m1doctor.collect.host import collect_host
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname
from m1doctor.model.host import Host
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import UnknownKind
from machines import loading


def host_of(name: str, root: Path, *, deep: bool = True) -> Host:
    host = loading.load(name, root).facts(deep=deep).host
    assert host is not None
    return host


def answering(world: RecordedWorld, *changed: Reading) -> RecordedWorld:
    """The same world with other answers to some commands."""
    asked = {reading.argv for reading in changed}
    kept = [reading for reading in world.readings if reading.argv not in asked]
    return replace(world, readings=[*kept, *changed])


def test_a_mac_is_described_whole(tmp_path: Path) -> None:
    host = host_of("healthy-m4-max", tmp_path)
    assert (host.system, host.apple_silicon, host.chip, host.model) == ("Darwin", True, "Apple M4 Max", "Mac16,5")
    assert (host.macos_version, host.macos_build) == ("15.5", "24F74")
    assert (host.memory_bytes, host.physical_cores, host.performance_levels) == (64 * 2**30, 16, (12, 4))
    assert (host.process_translated, host.parent_translated, host.virtual_machine) == (False, False, False)
    assert host.command_line_tools == "16.4"
    assert host.gpu is not None
    assert (host.gpu.name, host.gpu.cores, host.gpu.metal_family) == ("Apple M4 Max", 40, "Metal 3")
    assert {volume.purpose for volume in host.volumes or ()} == {"swap", "environment", "home"}
    assert {name for name, why in host.unknown.items() if why.kind is UnknownKind.UNAVAILABLE} == set()


def test_the_metal_family_is_asked_for_only_in_depth(tmp_path: Path) -> None:
    gpu = host_of("healthy-m4-max", tmp_path, deep=False).gpu
    assert gpu is not None
    assert gpu.metal_family is None
    assert gpu.unknown["metal_family"].kind is UnknownKind.NOT_ASKED
    assert gpu.cores == 40


def test_levels_of_cores_are_counted_and_never_named(tmp_path: Path) -> None:
    assert host_of("healthy-m5-max", tmp_path).performance_levels == (6, 12)


def test_a_translated_process_does_not_hide_the_hardware(tmp_path: Path) -> None:
    host = host_of("rosetta-shell", tmp_path)
    assert host.process_machine == "x86_64"
    assert (host.apple_silicon, host.process_translated, host.parent_translated) == (True, True, True)
    assert host.chip == "Apple M1 Pro"


def test_a_native_process_under_a_translated_shell_is_two_facts(tmp_path: Path) -> None:
    host = host_of("translated-shell-native-python", tmp_path)
    assert (host.process_translated, host.parent_translated) == (False, True)


def test_a_tool_between_shell_and_process_does_not_hide_the_shell(tmp_path: Path) -> None:
    assert host_of("healthy-m2-pro", tmp_path).parent_translated is False


def test_a_process_table_without_us_leaves_the_shell_unknown(tmp_path: Path) -> None:
    world = loading.load("healthy-m1-8gb", tmp_path).world
    for reading in (
        Reading(argv=PS, returncode=0, stdout="    1     0     4004 /sbin/launchd\n"),
        Reading(argv=PS, returncode=1, stderr="ps: operation not permitted"),
        Reading(argv=PS, error="Permission denied"),
        Reading(argv=PS, signal=9, timed_out=True, seconds=2.0),
    ):
        host = collect_host(answering(world, reading))
        assert host.parent_translated is None
        assert host.unknown["parent_translated"].kind is UnknownKind.UNAVAILABLE
        assert host.unknown["parent_translated"].reason


def test_an_intel_mac_cannot_be_translated_and_is_not_asked_for_its_processes(tmp_path: Path) -> None:
    world = loading.load("intel-mac", tmp_path).world
    assert all(reading.argv != PS for reading in world.readings)
    host = collect_host(world)
    assert (host.apple_silicon, host.process_translated, host.parent_translated) == (False, False, None)
    assert host.unknown["parent_translated"].kind is UnknownKind.NOT_APPLICABLE


def test_the_first_chip_has_a_name_even_where_the_system_has_none_for_it(tmp_path: Path) -> None:
    host = host_of("macos-too-old", tmp_path)
    assert (host.chip, host.macos_version, host.performance_levels) == ("Apple M1", "11.7.10", ())


@pytest.mark.parametrize("name", ["gha-vm"])
def test_a_guest_is_known(name: str, tmp_path: Path) -> None:
    host = host_of(name, tmp_path)
    assert host.virtual_machine is True
    assert host.gpu is not None
    assert host.gpu.accelerator_class == "AppleParavirtGPU"
    assert host.gpu.cores is None
    assert "cores" in host.gpu.unknown


def test_a_machine_without_a_gpu_driver_says_so(tmp_path: Path) -> None:
    world = loading.load("healthy-m1-8gb", tmp_path).world
    gpu = collect_host(answering(world, Reading(argv=IOREG, returncode=0, stdout=""))).gpu
    assert gpu is not None
    assert gpu.name is None
    assert gpu.unknown["name"].reason == "no GPU driver is registered"


def test_a_driver_without_a_model_gives_the_family(tmp_path: Path) -> None:
    world = loading.load("healthy-m1-8gb", tmp_path).world
    text = "+-o AGXAcceleratorG15S  <class AGXAcceleratorG15S, id 1>\n    {\n    }\n"
    gpu = collect_host(answering(world, Reading(argv=IOREG, returncode=0, stdout=text))).gpu
    assert gpu is not None
    assert gpu.name == "Apple M3 family"


def test_the_version_of_macos_comes_from_sw_vers_where_sysctl_fails(tmp_path: Path) -> None:
    world = loading.load("healthy-m1-8gb", tmp_path).world
    world = answering(
        world,
        Reading(argv=SYSCTL, error="No such file or directory"),
        Reading(argv=SW_VERS, returncode=0, stdout="ProductVersion:\t\t14.7.6\nBuildVersion:\t\t23H626\n"),
    )
    host = collect_host(world)
    assert (host.macos_version, host.macos_build) == ("14.7.6", "23H626")
    assert host.apple_silicon is True
    assert host.chip is None
    assert "sysctl could not be started" in host.unknown["chip"].reason


@pytest.mark.parametrize(
    ("folder", "there", "expected"),
    [
        ("/Library/Developer/CommandLineTools", True, "16.4"),
        ("/Library/Developer/CommandLineTools", False, ""),
        ("/Applications/Xcode-beta.app/Contents/Developer", True, "Xcode"),
        ("/Applications/Xcode.app/Contents/Developer", False, ""),
    ],
)
def test_developer_tools_are_where_they_are_said_to_be_or_not_there(
    folder: str,
    there: bool,  # noqa: FBT001 - a column of the table above
    expected: str,
    tmp_path: Path,
) -> None:
    world = loading.load("healthy-m1-8gb", tmp_path / "machine").world
    root = tmp_path / "root"
    if there:
        tool = root / folder.lstrip("/") / "usr/bin/xcrun"
        tool.parent.mkdir(parents=True)
        tool.touch()
    changed = replace(world, root=root)
    host = collect_host(answering(changed, Reading(argv=XCODE_SELECT, returncode=0, stdout=f"{folder}\n")))
    assert host.command_line_tools == expected


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reading(argv=XCODE_SELECT, signal=9, timed_out=True, seconds=2.0), "xcode-select gave no answer in 2.0 s"),
        (Reading(argv=XCODE_SELECT, returncode=1, stderr="no"), "printed no developer folder (exit status 1: no)"),
        (Reading(argv=XCODE_SELECT, returncode=0, stdout="\n"), "printed no developer folder"),
    ],
)
def test_developer_tools_that_could_not_be_asked_for_are_unknown_and_not_missing(
    answer: Reading, reason: str, tmp_path: Path
) -> None:
    host = collect_host(answering(loading.load("healthy-m1-8gb", tmp_path).world, answer))
    assert host.command_line_tools is None
    assert reason in host.unknown["command_line_tools"].reason


def test_volumes_that_cannot_be_asked_are_unknown_and_never_full(tmp_path: Path) -> None:
    world = replace(loading.load("healthy-m1-8gb", tmp_path).world, volumes={})
    host = collect_host(world)
    assert host.volumes is None
    assert "volumes" in host.unknown


def test_nothing_personal_is_taken_from_system_profiler(tmp_path: Path) -> None:
    world = loading.load("healthy-m1-8gb", tmp_path).world
    text = (
        '{"SPDisplaysDataType": [{"sppci_model": "Apple M1", "spdisplays_ndrvs": '
        '[{"_spdisplays_display-serial-number": "C02SECRET"}]}]}'
    )
    host = collect_host(answering(world, Reading(argv=SYSTEM_PROFILER, returncode=0, stdout=text)), deep=True)
    assert "C02SECRET" not in repr(host)


def test_a_mac_whose_every_command_fails_is_still_described(tmp_path: Path) -> None:
    world = replace(loading.load("healthy-m1-8gb", tmp_path).world, readings=(), commands_fail=True)
    host = collect_host(world, deep=True)
    assert (host.apple_silicon, host.process_translated) == (True, False)
    for name in ("chip", "model", "macos_version", "memory_bytes", "parent_translated", "command_line_tools"):
        assert getattr(host, name) is None
        assert host.unknown[name].reason
    assert host.gpu is not None
    assert host.gpu.name is None


@given(st.text(max_size=200), st.integers(0, 2))
def test_any_answers_give_a_host(text: str, returncode: int) -> None:
    commands = (SYSCTL, IOREG, PS, XCODE_SELECT, PKGUTIL, SYSTEM_PROFILER, SW_VERS)
    for version in ("RELEASE_ARM64_T6000", "RELEASE_X86_64", text):
        world = RecordedWorld(
            uname=Uname("Darwin", "24.0.0", version, "arm64"),
            root=Path("/nonexistent"),
            readings=[Reading(argv=argv, returncode=returncode, stdout=text, stderr=text) for argv in commands],
            commands_fail=True,
        )
        assert collect_host(world, deep=True).system == "Darwin"
