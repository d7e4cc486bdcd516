from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import benches
import rendered
import reports
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.checks.selection import choose
from m1doctor.diagnosis import make_report
from m1doctor.model.comparison import Change, Comparison, Group, Turn, Unit
from m1doctor.model.facts import Facts
from m1doctor.model.report import Report, Status
from m1doctor.model.unknown import not_asked
from m1doctor.support.diff.compare import compare
from m1doctor.support.diff.measures import SECTIONS
from machines import loading

REGISTRY = Registry(built_in_checks())
HEALTHY = rendered.of_machine("healthy-m2-pro")[0]
MISMATCH = rendered.of_machine("metal-mismatch")[0]
SWAPPING = rendered.of_machine("swapping-8gb-warn")[0]


def judged(facts: Facts) -> Report:
    return make_report(facts, HEALTHY.target, REGISTRY, choose(REGISTRY), clock=reports.noon)


def compared(before: Report, after: Report) -> Comparison:
    return compare(before, after, REGISTRY, names=("a", "b"), selected=lambda _: True)


def of(comparison: Comparison, group: Group) -> dict[str, Change]:
    found = next((changes for changes in comparison.groups if changes.group is group), None)
    return {change.what: change for change in found.changes} if found else {}


def test_what_changed_the_verdict_comes_first_and_is_named_as_its_cause() -> None:
    found = compared(HEALTHY, MISMATCH)
    assert [turn.id for turn in found.appeared] == ["LNK001"]
    first = found.groups[0]
    assert (first.group, first.brings, first.mends) == (Group.PACKAGES, ("LNK001",), ())
    assert first.changes[0].what == "tensorflow"
    assert first.changes[0].named_by == ("LNK001",)
    assert found.different


def test_what_is_mended_is_said_to_be_gone_and_by_what() -> None:
    found = compared(SWAPPING, HEALTHY)
    assert [(turn.id, turn.before, turn.after) for turn in found.gone] == [("MEM001", Status.WARNING, Status.PASS)]
    assert found.groups[0].group is Group.MEMORY
    assert found.groups[0].mends == ("MEM001",)


@pytest.mark.parametrize("name", loading.names())
def test_a_report_does_not_differ_from_itself(name: str) -> None:
    report = rendered.of_machine(name)[0]
    found = compared(report, report)
    assert not found.different
    assert (found.groups, found.appeared, found.gone, found.altered, found.not_compared) == ((), (), (), (), ())


@pytest.mark.parametrize("name", loading.names())
def test_there_and_back_the_same_things_differ(name: str) -> None:
    other = rendered.of_machine(name)[0]
    there, back = compared(HEALTHY, other), compared(other, HEALTHY)
    assert {turn.id for turn in there.appeared} == {turn.id for turn in back.gone}
    for group in Group:
        assert {what: (each.before, each.after) for what, each in of(there, group).items()} == {
            what: (each.after, each.before) for what, each in of(back, group).items()
        }


def test_a_package_that_came_and_one_that_went_are_told_as_not_there() -> None:
    packages = HEALTHY.facts.packages
    assert packages is not None
    more = (*packages.distributions, reports.distribution("pyarrow", "20.0"))
    grown = judged(replace(HEALTHY.facts, packages=replace(packages, distributions=more)))
    assert of(compared(HEALTHY, grown), Group.PACKAGES)["pyarrow"] == Change(what="pyarrow", before=None, after="20.0")
    assert of(compared(grown, HEALTHY), Group.PACKAGES)["pyarrow"].after is None


def test_what_only_one_report_knows_is_no_difference() -> None:
    host = HEALTHY.facts.host
    assert host is not None
    blind = judged(replace(HEALTHY.facts, host=replace(host, chip=None, macos_version=None)))
    found = compared(HEALTHY, blind)
    system = next(changes for changes in found.groups if changes.group is Group.SYSTEM)
    assert system.known_before == ("macOS", "chip")
    assert system.changes == ()


def test_a_section_that_one_report_has_not_is_named_with_its_reason() -> None:
    quick = judged(replace(HEALTHY.facts, runtime=None, unknown={"runtime": not_asked("--quick")}))
    (missing,) = compared(HEALTHY, quick).not_compared
    assert (missing.section, missing.missing_in, missing.reason) == ("runtime", "after", "--quick")
    (missing,) = compared(quick, HEALTHY).not_compared
    assert missing.missing_in == "before"


def test_memory_and_speeds_alone_are_no_difference() -> None:
    memory, runtime = HEALTHY.facts.memory, HEALTHY.facts.runtime
    assert memory is not None
    assert runtime is not None
    now = judged(
        replace(
            HEALTHY.facts,
            memory=replace(memory, swap_used_bytes=3 * 2**30),
            runtime=replace(runtime, import_seconds=(runtime.import_seconds or 1) * 2),
        )
    )
    found = compared(HEALTHY, now)
    assert [changes.group for changes in found.groups] == [Group.MEMORY, Group.SPEEDS]
    assert not found.different


def test_noise_is_counted_and_not_listed() -> None:
    runtime = HEALTHY.facts.runtime
    assert runtime is not None
    now = judged(replace(HEALTHY.facts, runtime=replace(runtime, import_seconds=(runtime.import_seconds or 1) * 1.05)))
    (speeds,) = compared(HEALTHY, now).groups
    assert (speeds.changes, speeds.steady) == ((), 1)


def test_the_speeds_of_two_benchmarks_are_compared_in_their_units() -> None:
    fast, slow = (
        judged(replace(HEALTHY.facts, bench=benches.bench(matmul=benches.matmul(share)))) for share in (0.8, 0.4)
    )
    found = of(compared(fast, slow), Group.SPEEDS)
    product = found["float32 product of 2048 x 2048"]
    assert product.unit is Unit.GFLOPS
    assert isinstance(product.before, float)
    assert isinstance(product.after, float)
    assert product.after == pytest.approx(product.before / 2)
    assert set(found) == {"float32 product of 2048 x 2048"}


def test_a_note_is_no_difference() -> None:
    host = HEALTHY.facts.host
    assert host is not None
    found = compared(HEALTHY, judged(replace(HEALTHY.facts, host=replace(host, command_line_tools=None))))
    noted = Turn(id="MEM003", slug="near-pressure", before=Status.PASS, after=Status.NOTE, summary="Near.")
    assert not replace(found, appeared=(noted,)).different
    assert replace(found, appeared=(replace(noted, after=Status.WARNING),)).different


def test_every_section_of_the_facts_belongs_to_a_group_or_is_brought() -> None:
    assert set(SECTIONS) | {"log", "earlier", "given_lock", "unknown", "timings"} == set(Facts.__dataclass_fields__)


@settings(max_examples=20)
@given(st.sampled_from(loading.names()), st.sampled_from(loading.names()))
def test_any_two_machines_can_be_compared(first: str, second: str) -> None:
    a, b = rendered.of_machine(first)[0], rendered.of_machine(second)[0]
    found = compared(a, b)
    came: set[str] = {turn.id for turn in found.appeared}
    assert came <= {result.id for result in b.results if result.findings}
    for changes in found.groups:
        assert set(changes.brings) <= came
        told: Any = [change.what for change in changes.changes]
        assert len(told) == len(set(told))
