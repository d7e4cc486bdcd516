from __future__ import annotations

import reports
from m1doctor.documents import from_json, to_json
from m1doctor.model.facts import Facts
from m1doctor.model.host import Host
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.log import Log, QuotedLine, Sighting
from m1doctor.model.runtime import ChildEnd, ChildOutcome, HidingCause, Runtime
from m1doctor.support.redact.document import learn_from, redact_document
from m1doctor.support.redact.redactor import Redactor

FINISHED = ChildOutcome(end=ChildEnd.FINISHED, seconds=1.0)


def redacted(facts: Facts) -> Facts:
    redactor = Redactor()
    learn_from(facts, redactor)
    return redact_document(facts, redactor)


def test_texts_of_records_change_and_their_form_stays() -> None:
    facts = Facts(
        interpreter=Interpreter(executable="/Users/jane/tf/bin/python", site_folders=("/Users/jane/tf/lib",)),
        host=Host(chip="Apple M1", memory_bytes=8 * 2**30),
    )
    clean = redacted(facts)
    assert clean.interpreter is not None
    assert clean.interpreter.executable == "/Users/redacted-user-1/tf/bin/python"
    assert clean.interpreter.site_folders == ("/Users/redacted-user-1/tf/lib",)
    assert clean.host is facts.host


def test_a_report_without_secrets_is_the_same_report() -> None:
    report, _ = reports.healthy()
    plain = from_json(to_json(report).replace("/Users/me", "/opt"))
    assert redact_document(plain, Redactor()) == plain


def test_a_value_is_a_secret_by_its_key() -> None:
    log = Log(source="x", bytes=1, lines=1, sightings=(Sighting(kind="k", line=1, details={"api_key": "s3cr3tvalue"}),))
    clean = redacted(Facts(log=log))
    assert clean.log is not None
    assert clean.log.sightings[0].details == {"api_key": "redacted-secret-1"}


def test_a_word_of_a_command_is_a_secret_by_the_word_before() -> None:
    lines = ("pip", "install", "--token", "s3cr3tvalue", "tensorflow")
    clean = redacted(Facts(runtime=Runtime(outcome=FINISHED, log_lines=lines)))
    assert clean.runtime is not None
    assert clean.runtime.log_lines == ("pip", "install", "--token", "redacted-secret-1", "tensorflow")


def test_a_secret_that_goes_over_quoted_lines_is_taken_out_of_each() -> None:
    key = (
        "-----BEGIN PRIVATE KEY-----",
        "MIIEvQIBADANBgkqhkiG9w0B",
        "AQEFAASCBKcwggSjAgEAAoIB",
        "-----END PRIVATE KEY-----",
    )
    quoted = tuple(QuotedLine(line=number, text=text) for number, text in enumerate(key, 1))
    clean = redacted(Facts(log=Log(source="x", bytes=1, lines=4, unknown_sample=quoted)))
    assert clean.log is not None
    told = [line.text for line in clean.log.unknown_sample]
    assert told == [key[0], "redacted-secret-1", "redacted-secret-1", key[3]]


def test_a_variable_and_its_value_are_one_text() -> None:
    cause = HidingCause(source="environment", what="MY_TOKEN=abc123def")
    clean = redacted(Facts(runtime=Runtime(outcome=FINISHED, hidden_by=(cause,))))
    assert clean.runtime is not None
    assert clean.runtime.hidden_by[0].what == "MY_TOKEN=redacted-secret-1"


def test_words_of_ours_stay_even_where_a_user_is_called_so() -> None:
    redactor = Redactor()
    redactor.learn("/Users/finished/x")
    clean = redact_document(FINISHED, redactor)
    assert clean == FINISHED
