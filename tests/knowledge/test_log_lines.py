"""The known wordings: each shows its example, names a source, and says what to do."""

from __future__ import annotations

import pytest

import logs
from m1doctor.knowledge.log_lines import Role, wordings
from m1doctor.support.log.interpreter import GRAMMARS

KNOWN = wordings()
SPEAKING = [kind for kind, wording in KNOWN.items() if wording.role in (Role.CAUSE, Role.SYMPTOM)]
SILENT = [
    kind for kind, wording in KNOWN.items() if wording.role in (Role.HARMLESS, Role.CLUE) and kind != "death-again"
]


@pytest.mark.parametrize("kind", KNOWN)
def test_every_example_shows_its_wording(kind: str) -> None:
    assert KNOWN[kind].examples
    for example in KNOWN[kind].examples:
        assert kind in logs.kinds(example)


@pytest.mark.parametrize("kind", [kind for kind, wording in KNOWN.items() if wording.counterexamples])
def test_no_counterexample_shows_it(kind: str) -> None:
    for example in KNOWN[kind].counterexamples:
        assert kind not in logs.kinds(example)


@pytest.mark.parametrize("kind", KNOWN)
def test_every_wording_has_a_public_source_and_something_to_say(kind: str) -> None:
    wording = KNOWN[kind]
    assert wording.sources
    assert all(source.startswith("https://") for source in wording.sources)
    assert wording.says


@pytest.mark.parametrize("kind", SPEAKING)
def test_every_cause_speaks_for_a_check_and_says_what_to_do(kind: str) -> None:
    wording = KNOWN[kind]
    checks = {check.id: check for check in logs.registry()}
    assert wording.checks
    assert set(wording.checks) <= set(checks)
    assert wording.remedy
    assert not any(words.startswith("Please") for words in (wording.remedy, *wording.steps))
    assert all(wording.level.weight <= checks[name].level.weight for name in wording.checks)
    assert set(wording.yields_to) <= set(checks)


@pytest.mark.parametrize("kind", SPEAKING)
def test_the_first_example_is_told_under_its_own_check(kind: str) -> None:
    wording = KNOWN[kind]
    assert wording.checks[0] in {result.id for result in logs.judged(wording.examples[0]).results if result.findings}


@pytest.mark.parametrize("kind", SILENT)
def test_harmless_lines_and_clues_name_no_cause(kind: str) -> None:
    assert logs.causes(KNOWN[kind].examples[0]) == []


def test_remedies_never_give_harmful_advice() -> None:
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


def test_every_grammar_that_is_named_exists() -> None:
    modules = {grammar.__module__.rpartition(".")[2] for grammar in GRAMMARS}
    assert {wording.grammar for wording in KNOWN.values()} - {None} == modules


def test_a_literal_is_long_enough_to_be_rare() -> None:
    short = {literal for wording in KNOWN.values() for literal in wording.literals if len(literal) < len("GPUs:")}
    assert short == set()
