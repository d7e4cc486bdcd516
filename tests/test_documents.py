from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reports
from m1doctor.documents import MIGRATIONS, DocumentError, as_dict, from_json, migrated, schema, to_json
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.report import SCHEMA_VERSION, Report, Status
from m1doctor.model.unknown import UnknownKind

BOTH = [reports.broken()[0], reports.healthy()[0]]


def validate(text: str) -> None:
    jsonschema.Draft202012Validator(schema()).validate(json.loads(text))


@pytest.mark.parametrize("report", BOTH)
def test_a_document_comes_back_as_the_report_it_was(report: Report) -> None:
    assert from_json(to_json(report)) == report


@pytest.mark.parametrize("report", BOTH)
def test_a_document_holds_to_the_schema(report: Report) -> None:
    validate(to_json(report))


def test_the_schema_itself_is_sound() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_keys_are_sorted_and_the_end_is_one_newline() -> None:
    def sorted_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        assert keys == sorted(keys)
        return dict(pairs)

    text = to_json(BOTH[0])
    json.loads(text, object_pairs_hook=sorted_keys)
    assert text.endswith("\n}\n")


def test_results_leave_out_what_they_do_not_say_and_facts_keep_their_nulls() -> None:
    document = as_dict(BOTH[0])
    by_id = {result["id"]: result for result in document["results"]}
    assert set(by_id["MAC001"]) == {"id", "slug", "status", "summary", "seconds", "findings"}
    assert set(by_id["TF001"]) == {"id", "slug", "status", "summary", "seconds", "findings", "reason", "skip", "root"}
    assert set(by_id["MAC004"]["findings"][0]) == {"level", "message", "evidence"}
    assert document["facts"]["memory"] is None
    assert document["facts"]["host"]["virtual_machine"] is None


def test_a_manual_step_has_no_member_to_execute() -> None:
    (lnk,) = (result for result in as_dict(BOTH[0])["results"] if result["id"] == "LNK002")
    command, by_hand = lnk["findings"][0]["remedy"]["steps"]
    assert set(by_hand) == {"kind", "text"}
    assert command["argv"][1:3] == ("-m", "pip")


def test_the_document_has_the_promised_members() -> None:
    document = json.loads(to_json(BOTH[0]))
    assert {"schema_version", "m1doctor_version", "created", "target", "facts", "results", "verdict"} <= set(document)
    assert document["schema_version"] == SCHEMA_VERSION
    assert document["created"] == "2026-11-23T12:00:00Z"
    assert set(document["verdict"]) == {"status", "headline", "causes"}


def test_a_location_without_a_line_comes_back() -> None:
    finding = Finding(level=Level.NOTE, message="x", location=Location(path="/x"))
    report = reports.report(reports.BROKEN_FACTS, [reports.check("AA001", "a", findings=(finding,))])[0]
    assert '"line"' not in to_json(report)
    assert from_json(to_json(report)) == report


def test_bytes_of_a_file_name_that_are_no_text_are_written_as_escapes() -> None:
    report = replace(BOTH[0], target=replace(reports.TARGET, path="/home/\udcff/python"))
    assert json.loads(to_json(report))["target"]["path"] == r"/home/\udcff/python"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ("[]", "no schema_version"),
        ("null", "no schema_version"),
        ("{}", "no schema_version"),
        ('{"schema_version": true}', "no schema_version"),
        ('{"schema_version": "1"}', "no schema_version"),
        ('{"schema_version": 0}', "no schema_version"),
        ('{"schema_version": 2}', "schema_version 2 is newer than 1"),
        ('{"schema_version": 1}', "not a report of schema_version 1"),
        ("[" * 100_000, "not JSON"),
        ('{"a":' * 100_000, "not JSON"),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(text: str, told: str) -> None:
    with pytest.raises(DocumentError, match="(?s)" + told):
        from_json(text)


def test_a_wrong_type_is_named_by_its_path() -> None:
    document = json.loads(to_json(BOTH[0]))
    document["results"][0]["status"] = "splendid"
    with pytest.raises(DocumentError, match=r"Invalid enum value 'splendid' - at `\$.results\[0\].status`"):
        from_json(json.dumps(document))


def test_a_manual_step_that_carries_a_command_is_refused() -> None:
    text = to_json(BOTH[0]).replace('"kind": "run"', '"kind": "manual"')
    with pytest.raises(DocumentError, match="a manual step with argv"):
        from_json(text)


def test_a_member_that_we_do_not_know_is_passed_over() -> None:
    document = json.loads(to_json(BOTH[0])) | {"later": {"version": 1}}
    assert from_json(json.dumps(document)) == BOTH[0]


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _paths(item, (*path, key))


_DOCUMENT = json.loads(to_json(BOTH[0]))
_ANYTHING = st.sampled_from([None, True, -1, 1e308, 10**30, "x", "\ud800", [], {}, [[]], {"x": None}])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(_paths(_DOCUMENT))[1:]), _ANYTHING)
def test_a_document_with_anything_in_any_place_is_a_report_or_refused(path: tuple[str | int, ...], value: str) -> None:
    document = json.loads(to_json(BOTH[0]))
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    try:
        report = from_json(json.dumps(document))
    except DocumentError:
        return
    assert isinstance(report, Report)
    again = from_json(to_json(report))
    assert isinstance(again, Report)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_another_error_than_ours(content: bytes) -> None:
    with pytest.raises(DocumentError):
        from_json(content)


def test_every_status_is_a_word_of_the_schema() -> None:
    assert set(msgspec.json.schema(Status)["$defs"]["Status"]["enum"]) == set(Status)


def test_a_report_from_before_the_parts_is_read_with_its_smoke_run_where_that_is_told_today() -> None:
    document = as_dict(BOTH[1])
    now = document["facts"].pop("correctness")
    died = {**document["facts"]["runtime"]["outcome"], "end": "died", "stage": "pipeline", "signal": "SIGSEGV"}
    document["facts"]["smoke"] = {
        "outcome": died,
        "matmul": {
            "size": 1024,
            "seconds": 0.01,
            **{name: now["product"]["comparisons"][0][name] for name in ("device", "largest_error", "tolerance")},
        },
        "pipeline": None,
        "other_outcomes": [],
        "unknown": {"pipeline": {"reason": "it died", "kind": "unavailable"}},
    }
    read = from_json(json.dumps(document)).facts
    assert read.correctness is not None
    assert read.correctness.product == reports.HEALTHY_FACTS.correctness.product
    assert read.correctness.unknown["pipeline"].reason == "it died"
    assert [(end.stage, end.signal) for end in read.runtime.parts] == [("pipeline", "SIGSEGV")]


def test_a_report_from_before_the_parts_without_a_smoke_run_keeps_the_reason() -> None:
    document = as_dict(BOTH[1])
    document["facts"]["smoke"] = None
    document["facts"]["correctness"] = None
    document["facts"]["unknown"]["smoke"] = {"reason": "--no-bench leaves the smoke run out", "kind": "not-asked"}
    read = from_json(json.dumps(document)).facts
    assert read.unknown["correctness"].kind is UnknownKind.NOT_ASKED


def test_a_document_of_an_older_schema_version_is_brought_up_to_date_step_by_step() -> None:
    steps = {1: lambda old: {**old, "two": old["one"]}, 2: lambda old: {**old, "three": old["two"] + 1}}
    document = migrated({"schema_version": 1, "one": 5}, 1, newest=3, by=steps)
    assert document == {"schema_version": 3, "one": 5, "two": 5, "three": 6}
    assert migrated(document, 3, newest=3, by=steps) is document


def test_there_is_a_step_from_every_older_schema_version() -> None:
    assert set(MIGRATIONS) == set(range(1, SCHEMA_VERSION))


def test_a_document_that_no_step_expects_is_refused_in_words() -> None:
    with pytest.raises(DocumentError, match="not a report of schema_version 1"):
        from_json('{"schema_version": 1, "facts": {"smoke": {"unknown": ["x"]}}}')


def _nested(children: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(children) | st.dictionaries(st.sampled_from(["unknown", "matmul", "outcome", "x"]), children)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        _nested,
    )
)
def test_a_document_of_wrong_types_is_refused_in_words(value: object) -> None:
    for document in ({"schema_version": 1, "facts": value}, {"schema_version": 1, "facts": {"smoke": value}}):
        with pytest.raises(DocumentError, match="not a report of schema_version 1"):
            from_json(json.dumps(document))


SAVED = sorted((Path(__file__).parent / "saved").glob("*.json"))


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.name)
def test_a_report_that_was_saved_long_ago_is_read_and_says_what_it_said(path: Path) -> None:
    saved = json.loads(path.read_text())
    report = from_json(path.read_text())
    assert report.verdict.headline == saved["verdict"]["headline"]
    assert [result.id for result in report.results] == [result["id"] for result in saved["results"]]
    assert from_json(to_json(report)) == report


@pytest.mark.parametrize("digits", [20, 400, 100_000])
def test_a_number_of_any_size_is_refused_in_words(digits: int) -> None:
    for place in ('"facts": {{"smoke": {{"matmul": {{"size": {}}}}}}}', '"facts": {{"timings": {{"x": {}e9}}}}'):
        document = '{"schema_version": 1, ' + place.format("9" * digits) + "}"
        with pytest.raises(DocumentError) as caught:
            from_json(document)
        assert len(str(caught.value)) < 300
    with pytest.raises(DocumentError, match="newer than"):
        from_json('{"schema_version": ' + "9" * min(digits, 4000) + "}")
