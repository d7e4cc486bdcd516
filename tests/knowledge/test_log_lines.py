from __future__ import annotations

import logs
import pytest

from m1doctor.knowledge.log_lines import Role, wordings
from m1doctor.support.log.interpreter import _GRAMMARS

KNOWN = wordings()
NOT_YET = {"MEM005"}
"""Ids that a wording names for the day on which they exist."""


@pytest.mark.parametrize("kind", KNOWN)
def test_every_example_shows_its_wording(kind):
    wording = KNOWN[kind]
    assert wording.examples
    for example in wording.examples:
        assert kind in logs.kinds(example)


@pytest.mark.parametrize("kind", [kind for kind, wording in KNOWN.items() if wording.counterexamples])
def test_no_counterexample_shows_it(kind):
    for example in KNOWN[kind].counterexamples:
        assert kind not in logs.kinds(example)


@pytest.mark.parametrize("kind", KNOWN)
def test_every_wording_has_a_public_source_and_something_to_say(kind):
    wording = KNOWN[kind]
    assert wording.sources
    assert all(source.startswith("https://") for source in wording.sources)
    assert wording.says


@pytest.mark.parametrize(
    "kind", [kind for kind, wording in KNOWN.items() if wording.role in (Role.CAUSE, Role.SYMPTOM)]
)
def test_every_cause_speaks_for_a_check_and_says_what_to_do(kind):
    wording = KNOWN[kind]
    ids = {check.id: check for check in logs.registry()}
    known = [name for name in wording.checks if name in ids]
    assert known or set(wording.checks) <= NOT_YET
    assert wording.remedy
    assert not wording.remedy.startswith("Please")
    for name in known:
        assert wording.level.weight <= ids[name].level.weight, f"{name} never reports an {wording.level}"
    assert set(wording.yields_to) <= set(ids)


@pytest.mark.parametrize(
    "kind", [kind for kind, wording in KNOWN.items() if wording.role in (Role.CAUSE, Role.SYMPTOM)]
)
def test_the_first_example_is_told_under_its_own_check(kind):
    wording = KNOWN[kind]
    ids = {check.id for check in logs.registry()}
    wanted = next((name for name in wording.checks if name in ids), None)
    if wanted is None:
        pytest.skip(f"{wording.checks} do not exist yet")
    report = logs.judged(wording.examples[0])
    told = {result.id for result in report.results if result.findings}
    assert wanted in told


@pytest.mark.parametrize(
    "kind", [kind for kind, wording in KNOWN.items() if wording.role in (Role.HARMLESS, Role.CLUE)]
)
def test_harmless_lines_and_clues_name_no_cause(kind):
    if kind == "death-again":
        pytest.skip("it shows only beside a death")
    assert logs.causes(KNOWN[kind].examples[0]) == []


def test_remedies_never_give_harmful_advice():
    harmful = (
        "KMP_DUPLICATE",
        "DYLD_",
        "CUDA_VISIBLE",
        "ln -s",
        "sudo ",
        "optimizers.legacy",
        "import tensorflow first",
    )
    for wording in KNOWN.values():
        words = " ".join((wording.remedy, *wording.steps))
        assert not any(word in words for word in harmful), wording.kind


def test_every_grammar_that_is_named_exists():
    modules = {grammar.__module__.rpartition(".")[2] for grammar in _GRAMMARS}
    assert {wording.grammar for wording in KNOWN.values()} - {None} == modules
