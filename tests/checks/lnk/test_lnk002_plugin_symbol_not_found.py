from __future__ import annotations

from interpreters import PYTHON
from judged import judged
from m1doctor.checks.lnk.lnk002_plugin_symbol_not_found import CHECK, MAX_LISTED
from m1doctor.model.report import SkipKind, Status
from plugged import CORE, NOT_LOADED, apple, environment, linux, not_found, nothing, symbol

LOG = symbol("__ZN3tsl8internal10LogMessageC1EPKcii", "tsl::internal::LogMessage::LogMessage(char const*, int, int)")
FLAT = symbol("_TF_Gone", library=None)


def test_it_quotes_dyld_and_lists_every_symbol_as_cpp() -> None:
    result = judged(CHECK, environment(apple("1.1.0", not_found(LOG, FLAT)), tensorflow="2.18.0"))
    assert result.status is Status.ERROR
    assert "tensorflow-metal 1.1.0 cannot load beside TensorFlow 2.18.0" in result.summary
    assert "2 symbols" in result.summary
    evidence = result.findings[0].evidence
    assert any(line.endswith("Symbol not found: __ZN3tsl8internal10LogMessageC1EPKcii") for line in evidence)
    assert f"missing: {LOG.name} = {LOG.demangled}, expected in {CORE}" in evidence
    assert "missing: _TF_Gone, expected in any loaded library" in evidence


def test_one_symbol_is_told_in_the_summary_alone() -> None:
    result = judged(CHECK, environment(apple("1.1.0", not_found(FLAT))))
    assert result.summary.endswith("it asks for the symbol _TF_Gone, which nothing exports.")


def test_the_way_out_is_the_plugin_that_goes_with_this_tensorflow() -> None:
    result = judged(CHECK, environment(apple("1.1.0", not_found(LOG)), tensorflow="2.18.0"))
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].argv == (PYTHON, "-m", "pip", "install", "tensorflow-metal==1.2.0")


def test_a_flood_of_symbols_is_cut_and_counted() -> None:
    many = [symbol(f"_TF_{index}") for index in range(MAX_LISTED + 7)]
    evidence = judged(CHECK, environment(apple("1.1.0", not_found(*many)))).findings[0].evidence
    assert "and 7 more" in evidence


def test_a_plugin_that_links_passes_with_the_number_of_symbols() -> None:
    result = judged(CHECK, environment(apple()))
    assert (result.status, "all 146 symbols" in result.summary) == (Status.PASS, True)


def test_a_missing_library_is_another_checks_matter() -> None:
    assert judged(CHECK, environment(apple(link=NOT_LOADED))).status is Status.PASS


def test_what_is_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, nothing()).skip is SkipKind.UNKNOWN
    assert judged(CHECK, environment(apple(link=None))).skip is SkipKind.UNKNOWN


def test_without_a_plugin_it_does_not_apply() -> None:
    assert judged(CHECK, environment()).skip is SkipKind.NOT_APPLICABLE
    assert judged(CHECK, linux()).skip is SkipKind.NOT_APPLICABLE
