from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

import reports
from m1doctor.checks import registry as module
from m1doctor.checks.registry import Registry, RegistryError, built_in_checks, third_party_checks


def test_two_checks_of_one_id_are_refused() -> None:
    with pytest.raises(RegistryError, match="LNK002 is registered twice"):
        Registry([reports.check("LNK002", "one"), reports.check("LNK002", "two")])


def test_two_checks_of_one_slug_are_refused() -> None:
    with pytest.raises(RegistryError, match="LNK001 and LNK002 share the slug one"):
        Registry([reports.check("LNK001", "one"), reports.check("LNK002", "one")])


def test_a_parent_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RegistryError, match="TF001 comes after LNK002, which does not exist"):
        Registry([reports.check("TF001", "one", after=("LNK002",))])


def test_checks_that_wait_for_each_other_are_refused() -> None:
    with pytest.raises(RegistryError, match="TF001 -> TF002 -> TF001"):
        Registry([reports.check("TF001", "one", after=("TF002",)), reports.check("TF002", "two", after=("TF001",))])


def test_parents_are_judged_before_their_children_and_told_in_the_order_of_the_report() -> None:
    registry = Registry([reports.check("MAC003", "one", after=("LNK003",)), reports.check("LNK003", "two")])
    assert [check.id for check in registry] == ["MAC003", "LNK003"]
    assert [check.id for check in registry.in_judging_order()] == ["LNK003", "MAC003"]


@pytest.mark.parametrize("name", ["LNK002", "lnk002", "plugin-symbol-not-found", "Plugin-Symbol-Not-Found"])
def test_a_check_is_found_by_id_or_slug_in_any_case(name: str) -> None:
    assert Registry(reports.CHECKS).get(name).id == "LNK002"


def test_a_name_that_is_none_finds_nothing() -> None:
    assert Registry(reports.CHECKS).get("LNK") is None


def test_a_retired_id_leads_to_its_successor_and_is_never_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module.RETIRED, "LNK009", "LNK002")
    assert Registry(reports.CHECKS).get("lnk009").id == "LNK002"
    with pytest.raises(RegistryError):
        Registry([reports.check("LNK009", "again")])


@pytest.mark.parametrize("check_id", ["lnk002", "LNK2", "L1", "LNK0002", ""])
def test_an_id_of_another_form_is_refused(check_id: str) -> None:
    with pytest.raises(ValueError, match="not of the form"):
        reports.check(check_id, "slug")


@pytest.mark.parametrize("slug", ["Slug", "two words", "-x", "", "a_b"])
def test_a_slug_of_another_form_is_refused(slug: str) -> None:
    with pytest.raises(ValueError, match="lower-case words"):
        reports.check("LNK002", slug)


def test_our_own_checks_make_a_registry() -> None:
    assert len(Registry(built_in_checks())) == len(built_in_checks()) > 0


def _point(value: str) -> EntryPoint:
    return EntryPoint(name="theirs", value=value, group=module.ENTRY_POINT_GROUP)


def test_an_entry_point_may_name_one_check_or_several() -> None:
    found, broken = third_party_checks(
        [_point("reports:CHECKS"), _point("m1doctor.checks.tf.tf003_import_hangs:CHECK")]
    )
    assert [check.id for check in found] == [*(check.id for check in reports.CHECKS), "TF003"]
    assert broken == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("no_such_module:CHECK", "cannot be loaded: ModuleNotFoundError"),
        ("reports:NO_SUCH_NAME", "cannot be loaded: AttributeError"),
        ("reports:PYTHON", "is not a Check"),
        ("reports:broken_judge", "cannot be loaded: TypeError"),
    ],
)
def test_a_broken_entry_point_is_told_and_takes_nothing_along(value: str, told: str) -> None:
    found, broken = third_party_checks([_point(value), _point("reports:CHECKS")])
    assert len(found) == len(reports.CHECKS)
    assert told in broken[0]
