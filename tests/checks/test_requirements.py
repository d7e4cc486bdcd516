from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from environments.site_folder import MAC_MARKERS, collect, lay_down
from m1doctor.checks.requirements import Judgement, judge_requirements
from m1doctor.model.packages import Distribution, Packages


def _judged(folder: Path, **markers: str) -> Judgement:
    return judge_requirements(collect(folder), {**MAC_MARKERS, **markers})


def _conflicts(folder: Path) -> list[str]:
    return [f"{each.required_by.name}: {each.requirement}" for each in _judged(folder).conflicts]


def test_a_requirement_that_holds_is_counted(tmp_path: Path) -> None:
    lay_down(tmp_path, "a", "1.0", requires=["b>=1"])
    lay_down(tmp_path, "b", "1.0")
    judged = _judged(tmp_path)
    assert judged == ([], ["b>=1"], [])


def test_a_missing_distribution_and_a_wrong_version_are_conflicts(tmp_path: Path) -> None:
    lay_down(tmp_path, "a", "1.0", requires=["b<1", "c"])
    lay_down(tmp_path, "b", "1.0")
    assert _conflicts(tmp_path) == ["a: b<1", "a: c"]


def test_an_installed_pre_release_can_satisfy(tmp_path: Path) -> None:
    lay_down(tmp_path, "a", "1.0", requires=["b>=1.0"])
    lay_down(tmp_path, "b", "2.0rc1")
    assert _conflicts(tmp_path) == []


def test_markers_are_those_of_the_target(tmp_path: Path) -> None:
    lay_down(tmp_path, "a", "1.0", requires=["b; sys_platform == 'linux'", "c; platform_machine == 'arm64'"])
    assert _conflicts(tmp_path) == ["a: c"]
    elsewhere = judge_requirements(collect(tmp_path), {**MAC_MARKERS, "sys_platform": "linux", "platform_machine": "x"})
    assert [each.requirement for each in elsewhere.conflicts] == ["b"]


def test_an_unknown_marker_leaves_the_requirement_undecided(tmp_path: Path) -> None:
    lay_down(tmp_path, "a", "1.0", requires=["b; platform_release >= '20'"])
    known = {key: value for key, value in MAC_MARKERS.items() if key != "platform_release"}
    judged = judge_requirements(collect(tmp_path), known)
    assert judged.conflicts == []
    assert "platform_release" in judged.undecided[0]


def test_an_extra_counts_where_it_is_asked_for(tmp_path: Path) -> None:
    lay_down(tmp_path, "a", "1.0", requires=["b[fast]"])
    lay_down(tmp_path, "b", "1.0", requires=["c; extra == 'fast'", "d; extra == 'slow'"])
    assert _conflicts(tmp_path) == ["b: c"]


def test_extras_that_ask_for_each_other_come_to_an_end(tmp_path: Path) -> None:
    lay_down(tmp_path, "a", "1.0", requires=["b[x]"])
    lay_down(tmp_path, "b", "1.0", requires=["b[y]; extra == 'x'", "b[x]; extra == 'y'"])
    assert _conflicts(tmp_path) == []


def test_an_address_asks_for_the_name_only(tmp_path: Path) -> None:
    lay_down(tmp_path, "a", "1.0", requires=["b @ https://example.org/b-9.whl", "c @ https://example.org/c.whl"])
    lay_down(tmp_path, "b", "1.0")
    assert _conflicts(tmp_path) == ["a: c @ https://example.org/c.whl"]


def test_what_is_no_requirement_or_no_version_is_undecided(tmp_path: Path) -> None:
    lay_down(tmp_path, "a", "1.0", requires=["b ~~ what", "c>=1"])
    lay_down(tmp_path, "c", "unknown")
    judged = _judged(tmp_path)
    assert judged.conflicts == []
    assert len(judged.undecided) == 2


def test_a_release_that_requires_itself_holds(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow-macos", "2.15.1", requires=["tensorflow-macos==2.15.1"])
    assert _conflicts(tmp_path) == []


def test_the_first_of_a_name_is_the_one_that_counts(tmp_path: Path) -> None:
    lay_down(tmp_path / "venv", "a", "1.0", requires=["b>=2"])
    lay_down(tmp_path / "venv", "b", "1.0")
    lay_down(tmp_path / "user", "b", "2.0")
    packages = collect(tmp_path / "venv", tmp_path / "user")
    assert len(judge_requirements(packages, MAC_MARKERS).conflicts) == 1


@given(st.lists(st.text()), st.text())
def test_any_metadata_is_judged_without_an_exception(requires: list[str], version: str) -> None:
    each = Distribution(
        name="a",
        normalized_name="a",
        version=version,
        folder="/s",
        metadata_path="a.dist-info",
        requires=tuple(requires),
    )
    judge_requirements(Packages(distributions=(each,)), MAC_MARKERS)
