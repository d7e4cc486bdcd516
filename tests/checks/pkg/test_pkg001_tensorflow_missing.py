from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from environments import mach_o, real
from environments.site_folder import facts_of, lay_down
from environments.verdicts import result_of
from m1doctor.checks.pkg.pkg001_tensorflow_missing import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown

CODE = {"tensorflow/__init__.py": b"", "tensorflow/core.so": mach_o.library()}


def test_an_installed_tensorflow_passes_and_is_named(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", CODE)
    result = result_of(CHECK, facts_of(tmp_path))
    assert result.status is Status.PASS
    assert "tensorflow 2.18.1" in result.summary


def test_an_empty_folder_has_no_tensorflow(tmp_path: Path) -> None:
    result = result_of(CHECK, facts_of(tmp_path))
    assert result.status is Status.ERROR
    assert "not installed" in result.summary
    (step,) = result.findings[0].remedy.steps  # type: ignore[union-attr]
    assert any(word.startswith("tensorflow==") for word in step.argv)


@pytest.mark.parametrize(
    ("name", "version", "provider"),
    [
        ("tensorflow", "2.13.0", "tensorflow-macos==2.13.0"),
        ("tensorflow", "2.14.0", "tensorflow-macos==2.14.0"),
        ("tensorflow-macos", "2.15.1", "tensorflow==2.15.1"),
        ("tensorflow-macos", "2.16.2", "tensorflow==2.16.2"),
    ],
)
def test_an_empty_release_alone_is_told_with_the_one_that_holds_the_code(
    tmp_path: Path, name: str, version: str, provider: str
) -> None:
    lay_down(tmp_path, name, version)
    result = result_of(CHECK, facts_of(tmp_path))
    assert result.status is Status.ERROR
    finding = result.findings[0]
    assert "empty package" in finding.message
    assert finding.remedy is not None
    assert provider in finding.remedy.steps[0].argv


def test_an_empty_release_on_linux_is_another_matter(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.14.0")
    facts = facts_of(tmp_path)
    assert facts.interpreter is not None
    linux = replace(facts, interpreter=replace(facts.interpreter, system="Linux", machine="x86_64"))
    result = result_of(CHECK, linux)
    assert result.status is Status.ERROR
    assert "empty package" not in result.summary
    assert "its tensorflow folder is gone" in result.summary


def test_a_namespace_that_an_uninstall_left_over_is_no_tensorflow(tmp_path: Path) -> None:
    (tmp_path / "tensorflow/python").mkdir(parents=True)
    result = result_of(CHECK, facts_of(tmp_path))
    assert result.status is Status.ERROR
    assert "uninstall left over" in result.summary


def test_a_folder_with_code_that_nobody_records_is_a_warning(tmp_path: Path) -> None:
    for path, content in CODE.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    result = result_of(CHECK, facts_of(tmp_path))
    assert result.status is Status.WARNING
    assert "belongs to no installed distribution" in result.summary


def test_a_folder_without_any_library_that_nobody_records_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "tensorflow").mkdir()
    (tmp_path / "tensorflow/__init__.py").touch()
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.ERROR


def test_an_editable_tensorflow_lies_elsewhere(tmp_path: Path) -> None:
    info = lay_down(tmp_path, "tensorflow", "2.22.0")
    (info / "direct_url.json").write_text('{"url": "file:///src", "dir_info": {"editable": true}}')
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.PASS


def test_unknown_folders_are_not_a_pass() -> None:
    result = result_of(CHECK, facts_of())
    assert (result.status, result.skip) == (Status.SKIPPED, SkipKind.UNKNOWN)
    nothing = Facts(unknown={"packages": Unknown("not read")})
    assert result_of(CHECK, nothing).status is Status.SKIPPED


def test_nothing_is_healthy_while_it_is_unknown() -> None:
    assert CHECK.decisive


@pytest.mark.real_wheels
def test_the_real_empty_wheels_are_told() -> None:
    shim = real.mac_packages("tensorflow==2.14.0", dependencies=False)
    assert "tensorflow-macos==2.14.0" in result_of(CHECK, facts_of(shim)).summary
    whole = real.mac_packages("tensorflow-macos==2.15.1", dependencies=False)
    assert "tensorflow==2.15.1" in result_of(CHECK, facts_of(whole)).summary
