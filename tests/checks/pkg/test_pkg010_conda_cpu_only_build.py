from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from environments.site_folder import conda_records, facts_of, lay_down
from environments.verdicts import family, result_of
from m1doctor.checks.pkg.pkg010_conda_cpu_only_build import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.plugins import LinkStatus, LinkVerdict, Plugin, Plugins, Provider
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown

CODE = {"tensorflow/__init__.py": b""}


def _facts(folder: Path, *, installer: str = "conda", channel: str = "conda-forge", subdir: str = "osx-arm64") -> Facts:
    lay_down(folder / "site", "tensorflow", "2.17.0", CODE, installer=installer)
    prefix = conda_records(folder / "env", {"tensorflow": "2.17.0"}, channel=channel, subdir=subdir)
    return facts_of(folder / "site", conda=prefix)


@pytest.mark.parametrize("channel", ["conda-forge", "pkgs/main", "defaults"])
def test_a_tensorflow_of_a_cpu_only_channel_is_an_error(tmp_path: Path, channel: str) -> None:
    result = result_of(CHECK, _facts(tmp_path, channel=channel))
    assert result.status is Status.ERROR
    assert f"tensorflow 2.17.0 from the conda channel {channel}" in result.summary


def test_it_explains_the_missing_plugin(tmp_path: Path) -> None:
    results = family(_facts(tmp_path), "PKG")
    assert results["PKG010"].status is Status.ERROR
    assert "PKG010" in (results["PKG002"].reason or "")


def test_pips_tensorflow_over_condas_record_is_pips(tmp_path: Path) -> None:
    assert result_of(CHECK, _facts(tmp_path, installer="pip")).status is Status.PASS


def test_a_plugin_that_links_gives_it_a_gpu(tmp_path: Path) -> None:
    library = Plugin(
        path="/x",
        origin="tensorflow-plugins",
        real_path="/x",
        provider=Provider.APPLE,
        link=LinkVerdict(status=LinkStatus.LINKS),
    )
    facts = replace(_facts(tmp_path), plugins=Plugins(libraries=(library,)))
    assert result_of(CHECK, facts).status is Status.PASS


def test_another_channel_or_platform_is_another_matter(tmp_path: Path) -> None:
    assert result_of(CHECK, _facts(tmp_path / "a", channel="apple")).status is Status.PASS
    assert result_of(CHECK, _facts(tmp_path / "b", subdir="linux-64")).status is Status.PASS


def test_a_plain_environment_has_no_conda(tmp_path: Path) -> None:
    assert result_of(CHECK, facts_of(tmp_path)).skip is SkipKind.NOT_APPLICABLE


def test_unknown_packages_are_not_a_pass() -> None:
    assert result_of(CHECK, Facts(unknown={"packages": Unknown("not read")})).status is Status.SKIPPED
