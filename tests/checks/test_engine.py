from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

import reports
from m1doctor.checks.check import Check
from m1doctor.checks.engine import judge
from m1doctor.checks.registry import Registry
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding
from m1doctor.model.memory import Memory
from m1doctor.model.report import Result, SkipKind, Status
from m1doctor.model.unknown import Unknown, UnknownKind, not_applicable, not_asked


def results(checks: Iterable[Check], facts: Facts | None = None, **more: Any) -> dict[str, Result]:
    return {r.id: r for r in judge(facts or Facts(), Registry(checks), clock=count().__next__, **more)}


def test_a_check_without_findings_passes_with_what_it_establishes() -> None:
    result = results([reports.check("TF001", "one")])["TF001"]
    assert (result.status, result.summary, result.findings) == (Status.PASS, "It is fine.", ())


def test_the_status_is_that_of_the_worst_finding_and_so_is_the_summary() -> None:
    both = (reports.VIRTUAL, reports.SYMBOL)
    result = results([reports.check("TF001", "one", findings=both)])["TF001"]
    assert (result.status, result.summary) == (Status.ERROR, reports.SYMBOL.message)
    assert result.findings == both


def test_a_consequence_is_skipped_with_its_cause() -> None:
    found = results(reports.CHECKS, reports.BROKEN_FACTS)
    assert (found["TF001"].status, found["TF001"].skip, found["TF001"].root) == (
        Status.SKIPPED,
        SkipKind.EXPLAINED,
        "LNK002",
    )


def test_the_consequence_of_a_consequence_names_the_first_cause() -> None:
    assert results(reports.CHECKS, reports.BROKEN_FACTS)["TF004"].root == "LNK002"


def test_a_note_explains_nothing() -> None:
    found = results(
        [reports.check("AA001", "x", findings=(reports.TOOLS,)), reports.check("AA002", "y", after=("AA001",))]
    )
    assert found["AA002"].status is Status.PASS


def test_a_warning_explains_unless_nothing_follows_from_it() -> None:
    child = reports.check("AA002", "y", after=("AA001",), findings=(reports.SYMBOL,))
    alone = replace(reports.VIRTUAL, isolated=True)
    assert results([reports.check("AA001", "x", findings=(reports.VIRTUAL,)), child])["AA002"].root == "AA001"
    assert results([reports.check("AA001", "x", findings=(alone,)), child])["AA002"].status is Status.ERROR
    both = reports.check("AA001", "x", findings=(alone, reports.VIRTUAL))
    assert results([both, child])["AA002"].root == "AA001"


def test_a_parent_that_is_unknown_or_not_chosen_explains_nothing() -> None:
    checks = [
        reports.check("AA001", "x", needs=("memory",)),
        reports.check("AA002", "y", findings=(reports.SYMBOL,)),
        reports.check("AA003", "z", after=("AA001", "AA002")),
    ]
    assert results(checks, selected=lambda name: name != "AA002")["AA003"].status is Status.PASS


@pytest.mark.parametrize(
    ("unknown", "skip"),
    [
        (not_asked("why"), SkipKind.NOT_ASKED),
        (not_applicable("why"), SkipKind.NOT_APPLICABLE),
        (Unknown("why"), SkipKind.UNKNOWN),
        (Unknown("why", UnknownKind.CRASHED), SkipKind.UNKNOWN),
    ],
)
def test_an_unknown_fact_skips_with_its_own_reason_and_never_passes(unknown: Unknown, skip: SkipKind) -> None:
    facts = Facts(memory=Memory(unknown={"pressure": unknown}))
    result = results([reports.check("AA001", "x", needs=("memory.pressure",))], facts)["AA001"]
    assert (result.status, result.skip, result.reason) == (Status.SKIPPED, skip, "why")


def test_every_kind_of_unknown_has_its_kind_of_skip() -> None:
    for kind in UnknownKind:
        facts = Facts(unknown={"memory": Unknown("why", kind)})
        assert results([reports.check("AA001", "x", needs=("memory",))], facts)["AA001"].skip is not None


def test_a_check_that_does_not_apply_says_why() -> None:
    result = results([reports.check("AA001", "x", applies=lambda _: "this is no Mac")])["AA001"]
    assert (result.skip, result.reason) == (SkipKind.NOT_APPLICABLE, "this is no Mac")


def test_a_check_that_cannot_know_whether_it_applies_says_so() -> None:
    result = results([reports.check("AA001", "x", applies=lambda _: Unknown("nobody counted"))])["AA001"]
    assert (result.skip, result.reason) == (SkipKind.UNKNOWN, "nobody counted")


def test_a_crash_is_a_result_and_the_others_go_on() -> None:
    checks = [
        replace(reports.check("AA001", "x"), judge=reports.broken_judge),
        reports.check("AA002", "y", after=("AA001",)),
    ]
    found = results(checks)
    assert found["AA001"].status is Status.CRASHED
    assert found["AA001"].reason.startswith("KeyError: 'no such thing' (broken_judge, line ")
    assert found["AA002"].status is Status.PASS


def test_a_misspelt_need_is_a_crash_of_its_check() -> None:
    assert results([reports.check("AA001", "x", needs=("memory.presure",))], Facts(memory=Memory()))[
        "AA001"
    ].status is (Status.CRASHED)


def test_a_generator_that_fails_half_way_is_a_crash_without_findings() -> None:
    def half(facts: Facts) -> Iterator[Finding]:
        yield reports.SYMBOL
        raise RuntimeError(facts)

    result = results([replace(reports.check("AA001", "x"), judge=half)])["AA001"]
    assert (result.status, result.findings) == (Status.CRASHED, ())


def test_each_result_carries_its_seconds() -> None:
    assert results([reports.check("AA001", "x")])["AA001"].seconds == 1
