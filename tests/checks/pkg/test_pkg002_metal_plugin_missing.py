from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from environments.site_folder import facts_of, lay_down
from environments.verdicts import family, result_of
from m1doctor.checks.pkg.pkg002_metal_plugin_missing import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.plugins import Plugin, Plugins, Provider
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown

CODE = {"tensorflow/__init__.py": b""}


def _facts(folder: Path, version: str = "2.18.1") -> Facts:
    lay_down(folder, "tensorflow", version, CODE)
    return facts_of(folder)


def _with_interpreter(facts: Facts, **changes: object) -> Facts:
    assert facts.interpreter is not None
    return replace(facts, interpreter=replace(facts.interpreter, **changes))  # type: ignore[arg-type]


def test_a_tensorflow_without_a_plugin_is_an_error_with_the_plugin_that_fits(tmp_path: Path) -> None:
    result = result_of(CHECK, _facts(tmp_path))
    assert result.status is Status.ERROR
    assert "tensorflow 2.18.1" in result.summary
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert "tensorflow-metal==1.2.0" in remedy.steps[0].argv


def test_a_tensorflow_that_no_plugin_of_apples_fits_is_to_be_moved(tmp_path: Path) -> None:
    remedy = result_of(CHECK, _facts(tmp_path, "2.21.0")).findings[0].remedy
    assert remedy is not None
    assert any(word.startswith("tensorflow==2.1") for word in remedy.steps[0].argv)


@pytest.mark.parametrize("provider", ["tensorflow-metal", "tensorflow-metal-plugin"])
def test_either_provider_passes(tmp_path: Path, provider: str) -> None:
    lay_down(tmp_path, provider, "1.2.0")
    assert result_of(CHECK, _facts(tmp_path)).status is Status.PASS


def test_a_plugin_library_without_a_distribution_passes(tmp_path: Path) -> None:
    library = Plugin(
        path="/x/libmetal.dylib", origin="TF_PLUGGABLE_DEVICE_LIBRARY_PATH", real_path="/x", provider=Provider.OTHER
    )
    facts = replace(_facts(tmp_path), plugins=Plugins(libraries=(library,)))
    assert result_of(CHECK, facts).status is Status.PASS


def test_it_does_not_apply_off_apple_silicon(tmp_path: Path) -> None:
    facts = _with_interpreter(_facts(tmp_path), machine="x86_64")
    assert result_of(CHECK, facts).skip is SkipKind.NOT_APPLICABLE


def test_the_archived_fork_takes_no_plugin(tmp_path: Path) -> None:
    assert "PKG013" in (result_of(CHECK, _facts(tmp_path, "2.4.0rc0")).reason or "")


def test_a_python_without_a_plugin_is_told_as_that(tmp_path: Path) -> None:
    facts = _with_interpreter(_facts(tmp_path, "2.20.0"), version="3.13.1")
    assert "PY003" in (result_of(CHECK, facts).reason or "")


def test_an_unknown_python_version_does_not_hide_it(tmp_path: Path) -> None:
    facts = _with_interpreter(_facts(tmp_path), version=None)
    assert result_of(CHECK, facts).status is Status.ERROR


def test_an_unknown_machine_is_not_a_pass(tmp_path: Path) -> None:
    facts = _with_interpreter(_facts(tmp_path), machine=None, unknown={"machine": Unknown("no executable")})
    assert result_of(CHECK, facts).skip is SkipKind.UNKNOWN


def test_a_missing_tensorflow_explains_it(tmp_path: Path) -> None:
    result = family(facts_of(tmp_path), "PKG")["PKG002"]
    assert (result.skip, result.root) == (SkipKind.EXPLAINED, "PKG001")
