from __future__ import annotations

from pathlib import Path

import pytest

from environments import mach_o, real
from environments.site_folder import facts_of, lay_down
from environments.verdicts import result_of
from m1doctor.checks.pkg.pkg004_damaged_installation import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Level
from m1doctor.model.report import Status
from m1doctor.model.unknown import Unknown

FILES = {"tensorflow/__init__.py": b"x", "tensorflow/core.so": mach_o.library(), "tensorflow/LICENSE": b"words"}


def test_whole_files_pass_and_the_depth_is_told(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", FILES)
    assert "the size that RECORD states" in result_of(CHECK, facts_of(tmp_path)).summary
    assert "the content that RECORD states" in result_of(CHECK, facts_of(tmp_path, deep=True)).summary


def test_a_missing_library_is_an_error_with_the_command_that_brings_it_back(tmp_path: Path) -> None:
    lay_down(tmp_path, "pip", "26.0")
    lay_down(tmp_path, "tensorflow", "2.18.1", FILES)
    (tmp_path / "tensorflow/core.so").unlink()
    (finding,) = result_of(CHECK, facts_of(tmp_path)).findings
    assert finding.message == "tensorflow 2.18.1 is damaged: tensorflow/core.so is missing."
    assert finding.remedy is not None
    assert finding.remedy.steps[0].argv[-3:] == ("--force-reinstall", "--no-deps", "tensorflow==2.18.1")


def test_a_cut_library_is_told_once_with_what_it_is_now(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", FILES)
    (tmp_path / "tensorflow/core.so").write_bytes(b"<html>sign in to the network</html>")
    (finding,) = result_of(CHECK, facts_of(tmp_path)).findings
    assert finding.level is Level.ERROR
    assert len(finding.evidence) == 1
    assert "of another size" in finding.evidence[0]
    assert "HTML page" in finding.evidence[0]


def test_a_pointer_that_was_packed_into_the_wheel_is_an_error_too(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\n"
    lay_down(tmp_path, "tensorflow", "2.18.1", requires=["odd"])
    lay_down(tmp_path, "odd", "1.0", {"odd/core.so": pointer})
    result = result_of(CHECK, facts_of(tmp_path))
    assert result.status is Status.ERROR
    assert "git-lfs pointer" in result.summary


def test_damage_that_tensorflow_does_not_stand_on_is_a_warning_and_comes_last(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", FILES)
    lay_down(tmp_path, "pandas", "2.2.0", {"pandas/x.py": b"x"})
    (tmp_path / "tensorflow/core.so").unlink()
    (tmp_path / "pandas/x.py").unlink()
    findings = result_of(CHECK, facts_of(tmp_path)).findings
    assert [finding.level for finding in findings] == [Level.ERROR, Level.WARNING]


def test_a_changed_licence_is_a_note(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", FILES)
    (tmp_path / "tensorflow/LICENSE").write_bytes(b"")
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.NOTE


def test_many_files_are_counted_and_not_all_listed(tmp_path: Path) -> None:
    files = {f"pkg/{number}.py": b"x" for number in range(100)}
    lay_down(tmp_path, "pkg", "1.0", files)
    for path in files:
        (tmp_path / path).unlink()
    (finding,) = result_of(CHECK, facts_of(tmp_path)).findings
    assert "and 99 more" in finding.message
    assert len(finding.evidence) == 11
    assert finding.evidence[-1] == "… 90 more"


def test_what_came_from_elsewhere_is_not_fetched_from_the_index(tmp_path: Path) -> None:
    info = lay_down(tmp_path, "mine", "1.0", {"mine/x.py": b"x"})
    (info / "direct_url.json").write_text('{"url": "file:///src", "dir_info": {}}')
    (tmp_path / "mine/x.py").unlink()
    remedy = result_of(CHECK, facts_of(tmp_path)).findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].argv == ()


@pytest.mark.parametrize(
    ("folder", "level"),
    [
        ("numpy-1.26.4.dist-info", Level.WARNING),
        ("pandas-2.2.0.dist-info", Level.NOTE),
        ("tensorflow-2.18.1.dist-info", Level.ERROR),
        ("~umpy-1.26.4.dist-info", Level.NOTE),
    ],
)
def test_metadata_that_says_nothing_is_told(tmp_path: Path, folder: str, level: Level) -> None:
    lay_down(tmp_path, "tensorflow-macos", "2.12.0", requires=["numpy>=1.22"])
    (tmp_path / folder).mkdir()
    (finding,) = result_of(CHECK, facts_of(tmp_path)).findings
    assert finding.level is level
    assert folder in finding.message


def test_a_package_that_is_recorded_twice_is_a_warning(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", requires=["numpy"])
    lay_down(tmp_path, "numpy", "1.26.4", record=False)
    lay_down(tmp_path, "numpy", "2.0.2")
    (finding,) = result_of(CHECK, facts_of(tmp_path)).findings
    assert finding.level is Level.WARNING
    assert "2.0.2 and 1.26.4" in finding.message


def test_unknown_packages_are_not_a_pass() -> None:
    assert result_of(CHECK, Facts(unknown={"packages": Unknown("not read")})).status is Status.SKIPPED


@pytest.mark.real_wheels
def test_a_real_library_that_was_cut_altered_or_lost_is_told(tmp_path: Path) -> None:
    folder = real.clone(real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.2.0"), tmp_path / "site")
    plugin = folder / "tensorflow-plugins/libmetal_plugin.dylib"
    whole = plugin.read_bytes()
    real.replace(plugin, whole[: len(whole) // 2])
    cut = result_of(CHECK, facts_of(folder))
    assert cut.status is Status.ERROR
    assert "tensorflow-metal 1.2.0 is damaged: tensorflow-plugins/libmetal_plugin.dylib" in cut.summary
    real.replace(plugin, whole[:-1] + bytes([whole[-1] ^ 1]))
    assert result_of(CHECK, facts_of(folder)).status is Status.PASS
    assert "altered" in result_of(CHECK, facts_of(folder, deep=True)).summary
    plugin.unlink()
    assert "is missing" in result_of(CHECK, facts_of(folder)).summary
