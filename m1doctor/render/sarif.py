"""SARIF 2.1.0, which code scanning reads: a report, and the parts that every document of ours has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from m1doctor import __version__
from m1doctor.checks.check import Check
from m1doctor.checks.registry import Registry
from m1doctor.model.finding import Finding, Level
from m1doctor.model.report import Report, Result
from m1doctor.render.markdown import own_words, prose
from m1doctor.render.plain import paste_line, plain
from m1doctor.render.words import own_failures

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}


def to_sarif(report: Report, registry: Registry) -> str:
    """Render a report: a rule for each check that was judged, a result for each finding."""
    checks = [check for result in report.results if (check := registry.get(result.id)) is not None]
    position = {check.id: number for number, check in enumerate(checks)}
    results = [_result(report, result, finding, position) for result in report.results for finding in result.findings]
    failures = own_failures(report)
    return sarif_log(
        [_rule(check) for check in checks],
        results,
        successful=not failures,
        notifications=[{"level": "error", "message": {"text": plain(failure)}} for failure in failures],
        more={"endTimeUtc": report.created},
        properties={"verdict": report.verdict.status.value, "headline": report.verdict.headline},
    )


def sarif_log(
    rules: Sequence[Mapping[str, Any]],
    results: Sequence[Mapping[str, Any]],
    *,
    successful: bool,
    notifications: Sequence[Mapping[str, Any]],
    more: Mapping[str, Any] | None = None,
    properties: Mapping[str, Any] | None = None,
) -> str:
    """One log with one run; `more` goes into its invocation, `properties` are the run's."""
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "m1doctor", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": successful, "toolExecutionNotifications": notifications, **(more or {})}
        ],
        "results": results,
    }
    if properties:
        run["properties"] = dict(properties)
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()


def sarif_rule(
    rule_id: str,
    slug: str,
    level: Level,
    *,
    what: str,
    sections: Iterable[tuple[str, str]],
    sources: Sequence[str] = (),
) -> dict[str, Any]:
    """A rule with its manual page as its help: titled `sections` of paragraphs."""
    told = [(title, _joined(paragraph)) for title, words in sections for paragraph in words.split("\n\n")]
    text = [*(f"{title}: {words}" for title, words in told), *sources]
    markdown = [
        *(f"**{title}**: {own_words(words)}" for title, words in told),
        *(f"- {prose(each)}" for each in sources),
    ]
    return {
        "id": rule_id,
        "name": "".join(word.capitalize() for word in slug.split("-")),
        "shortDescription": {"text": _joined(what)},
        "fullDescription": {"text": " ".join(words for _, words in told)},
        "help": {"text": "\n\n".join(text), "markdown": "\n\n".join(markdown)},
        "defaultConfiguration": {"level": LEVELS[level]},
    }


def _rule(check: Check) -> dict[str, Any]:
    page = check.page
    sections = (("Why it matters", page.why), ("How to see it yourself", page.see), ("How to mend it", page.fix))
    sources = [f"{source.title}{f' ({source.date})' if source.date else ''}" for source in page.sources]
    return sarif_rule(check.id, check.slug, check.level, what=page.what, sections=sections, sources=sources)


def sarif_uri(path: str) -> str:
    """A path as the address of a file; a relative one stays relative."""
    pure = PurePath(path)
    named = quote(pure.as_posix().encode("utf-8", "surrogateescape"))
    return f"file://{named}" if pure.is_absolute() else named


def _result(report: Report, result: Result, finding: Finding, position: Mapping[str, int]) -> dict[str, Any]:
    words = [finding.message]
    if finding.expected:
        words.append(f"Expected: {finding.expected}")
    if finding.remedy is not None:
        words.append(f"What to do: {finding.remedy.summary}")
    made: dict[str, Any] = {
        "ruleId": result.id,
        "level": LEVELS[finding.level],
        "message": {"text": "\n".join(map(plain, words)) or result.slug},
        "locations": [_location(report, finding)],
        "partialFingerprints": {"finding/v1": _fingerprint(result, finding)},
        "properties": {
            "evidence": list(finding.evidence),
            "commands": [
                paste_line(step.argv) for step in (finding.remedy.steps if finding.remedy else ()) if step.argv
            ],
        },
    }
    if result.id in position:
        made["ruleIndex"] = position[result.id]
    return made


def _location(report: Report, finding: Finding) -> dict[str, Any]:
    """The file that the finding points to; where there is none, the environment as a whole."""
    if finding.location is None:
        return {"logicalLocations": [{"name": report.target.path, "kind": "environment"}]}
    physical: dict[str, Any] = {"artifactLocation": {"uri": sarif_uri(finding.location.path)}}
    if finding.location.line:
        physical["region"] = {"startLine": finding.location.line}
    return {"physicalLocation": physical}


def _fingerprint(result: Result, finding: Finding) -> str:
    """The same for the same finding of another day, so that it is told as known."""
    told = (result.id, finding.message, finding.location.path if finding.location else "")
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _joined(words: str) -> str:
    return " ".join(words.split())
