"""The report as one HTML file: nothing is fetched, no script is run; for a phone, for print, by day and by night.

The order is that of the text: the verdict, its cause, what to do. What was looked at follows, and lists are folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from m1doctor.checks.registry import Registry
from m1doctor.checks.sizes import memory_size
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding
from m1doctor.model.log import Log
from m1doctor.model.remedy import Remedy, Step, StepKind
from m1doctor.model.report import Report, Result, Status, VerdictStatus
from m1doctor.render.elements import Child, as_html, element, joined
from m1doctor.render.measured import plots
from m1doctor.render.plain import paste_line, plain_lines
from m1doctor.render.profile_plots import timeline
from m1doctor.render.words import (
    MARKS,
    VERDICT_STATUS,
    causes,
    counts,
    describe_environment,
    describe_target,
    distinct,
    explained,
    lock_words,
    not_known,
    noted,
    own_failures,
    smoke_words,
    told,
)

_VERDICTS = {
    VerdictStatus.HEALTHY: "healthy",
    VerdictStatus.NOTE: "healthy, with a remark",
    VerdictStatus.WARNING: "warning",
    VerdictStatus.ERROR: "error",
    VerdictStatus.UNKNOWN: "unknown",
}
_LONGEST_TITLE = 120
"""Characters of the title, which stands in a tab."""


def to_html(report: Report, registry: Registry) -> str:
    """Render a report as a self-contained HTML document."""
    title = f"{report.verdict.status.value}: {report.verdict.headline}"
    page = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="color-scheme", content="light dark"),
            _policy(),
            element("title", title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"),
            element("style", Path(__file__).with_name("report.css").read_text(encoding="utf-8")),
        ),
        element("body", element("main", *_sections(report, registry)), _footer(report)),
        lang="en",
    )
    return as_html(page)


def _policy() -> Child:
    """Forbid the reader's browser to fetch or run anything, whatever the report holds."""
    policy = element("meta", content="default-src 'none'; style-src 'unsafe-inline'")
    policy.set("http-equiv", "Content-Security-Policy")
    return policy


def _sections(report: Report, registry: Registry) -> Iterator[Child]:
    yield _head(report)
    for number, result in enumerate(causes(report)):
        yield _cause(report, registry, result, first=number == 0)
    run = list(timeline(report))
    if run:
        yield _section("How the script ran", *run)
    failures = own_failures(report)
    if failures:
        yield _section("What m1doctor itself could not do", _list(failures), class_="own")
    seen = list(_also_seen(report))
    if seen:
        yield _section("What else was seen", element("ul", *seen))
    if report.facts.log is not None:
        yield from _log(report.facts.log)
    figures = list(plots(report.facts))
    if figures:
        yield _section("Measured", *figures)
    rows = list(_machine(report.facts))
    if rows:
        yield _section("What was examined", element("dl", *rows, class_="facts"))
    yield from _packages(report)
    if report.results:
        yield _folded("Every check", element("p", ", ".join(counts(report))), _checks(report))


def _head(report: Report) -> Child:
    verdict = report.verdict
    described = describe_environment(report.facts)
    return element(
        "header",
        element("p", _badge(VERDICT_STATUS[verdict.status], _VERDICTS[verdict.status])),
        element("h1", verdict.headline),
        *([element("p", " · ".join(described))] if described else []),
        element("p", describe_target(report.target), class_="path"),
        class_=f"verdict {verdict.status.value}",
    )


def _badge(status: Status | None, words: str) -> Child:
    """A mark and a word: no meaning is in a colour alone."""
    mark = "?" if status is None else MARKS[status]
    return element(
        "span",
        element("span", mark, aria_hidden="true"),
        f" {words}",
        class_=f"badge {status.value if status is not None else 'unknown'}",
    )


def _cause(report: Report, registry: Registry, result: Result, *, first: bool) -> Child:
    check = registry.get(result.id)
    blocks: list[Child] = []
    for finding in result.findings:
        blocks += _finding(finding, silent=first and finding.message == report.verdict.headline)
    if check is not None:
        blocks.append(element("p", element("strong", "Why it matters:"), " ", *_own_words(check.page.why)))
    blocks += (_remedy(remedy) for remedy in distinct(finding.remedy for finding in result.findings))
    title = element(
        "h2", _badge(result.status, result.status.value), f" {result.id} ", element("span", result.slug, class_="slug")
    )
    return element("section", title, *blocks, class_=f"cause {result.status.value}", id=result.id)


def _finding(finding: Finding, *, silent: bool) -> Iterator[Child]:
    if not silent:
        yield element("p", finding.message)
    if finding.location is not None:
        line = f":{finding.location.line}" if finding.location.line else ""
        yield element("p", f"{finding.location.path}{line}", class_="path")
    lines = [line for entry in finding.evidence for line in plain_lines(entry)]
    if lines:
        yield _quoted(lines)
    if finding.expected:
        yield _labelled("Expected", finding.expected)


def _quoted(lines: Iterable[str]) -> Child:
    return element("pre", element("samp", "\n".join(lines)))


def _labelled(label: str, words: str) -> Child:
    return element("p", element("strong", f"{label}:"), f" {words}")


def _own_words(text: str) -> list[Child]:
    """A sentence of ours, in which backticks stand around code."""
    parts = re.split(r"`([^`]*)`", text)
    return [element("code", part) if number % 2 else part for number, part in enumerate(parts)]


def _remedy(remedy: Remedy) -> Child:
    steps = [element("ol", *(element("li", *_step(step)) for step in remedy.steps))] if remedy.steps else []
    return element("div", element("h3", "What to do"), element("p", remedy.summary), *steps, class_="remedy")


def _step(step: Step) -> Iterator[Child]:
    yield step.text
    if step.kind is StepKind.RUN:
        yield element("pre", element("code", paste_line(step.argv)), class_="command")
        if step.reversible is False:
            yield element("p", "This cannot be taken back.", class_="caution")


def _also_seen(report: Report) -> Iterator[Child]:
    for result in noted(report):
        for finding in result.findings:
            summary = f" {finding.remedy.summary}" if finding.remedy is not None else ""
            yield element("li", f"{finding.message} ({result.id} {result.slug}){summary}")
    for root, results in explained(report).items():
        yield element("li", f"Explained by {root}: {_names(results)}")
    for reason, results in not_known(report).items():
        yield element("li", f"Not known, because {reason}: {_names(results)}")
    for note in report.notes:
        yield element("li", note)
    smoke = smoke_words(report.facts)
    if smoke:
        yield element("li", f"Smoke run: {'; '.join(smoke)}")
    if report.lock is not None:
        yield element("li", f"{lock_words(report)}: ", element("span", report.lock.path, class_="path"))


def _names(results: Iterable[Result]) -> str:
    return ", ".join(f"{result.id} {result.slug}" for result in results)


def _log(log: Log) -> Iterator[Child]:
    from m1doctor.render.log_lines import remarks_on  # noqa: PLC0415 - only where there is a log

    remarks = remarks_on(log)
    blocks: list[Child] = []
    for title, sentences in (
        ("Advice not to follow", remarks.advice),
        ("Also in the log", remarks.clues),
        ("Harmless", remarks.harmless),
    ):
        if sentences:
            blocks += [element("h3", title), _list(sentences)]
    if remarks.unknown is not None:
        blocks.append(element("p", f"{remarks.unknown}."))
    if remarks.sample:
        blocks.append(_quoted(line for sample in remarks.sample for line in plain_lines(sample)))
    if blocks:
        yield _section("What else stands in the log", *blocks)


def _machine(facts: Facts) -> Iterator[Child]:
    """What was examined, a term and its words each; what is not known is left out here and told above."""
    host, interpreter, runtime = facts.host, facts.interpreter, facts.runtime
    rows: list[tuple[str, str | None]] = []
    if host is not None:
        system = f"macOS {host.macos_version}" if host.macos_version else host.distribution or host.system
        rows += [
            ("Machine", " · ".join(filter(None, (host.model, host.chip)))),
            ("System", " · ".join(filter(None, (system, host.macos_build)))),
            ("Memory", memory_size(host.memory_bytes) if host.memory_bytes else None),
        ]
        if host.gpu is not None:
            cores = f"{host.gpu.cores} cores" if host.gpu.cores else None
            rows.append(("GPU", " · ".join(filter(None, (host.gpu.name, cores, host.gpu.metal_family)))))
    if interpreter is not None:
        vendor = interpreter.vendor.value if interpreter.vendor is not None else None
        rows += [
            ("Python", " · ".join(filter(None, (interpreter.version, interpreter.machine, vendor)))),
            ("Interpreter", interpreter.executable),
            ("conda", interpreter.conda.prefix if interpreter.conda is not None else None),
        ]
    for plugin in facts.plugins.libraries if facts.plugins is not None else ():
        link = plugin.link.status.value if plugin.link is not None else None
        rows.append(("Plugin", " · ".join(filter(None, (*plugin.distributions, link, plugin.path)))))
    if runtime is not None and runtime.devices is not None:
        rows.append(("Devices", ", ".join(device.name for device in runtime.devices)))
    for name, words in rows:
        if words:
            yield element("dt", name)
            yield element("dd", words)


def _packages(report: Report) -> Iterator[Child]:
    packages = report.facts.packages
    if packages is not None and packages.distributions:
        lines = sorted(f"{each.name}=={each.version}" for each in packages.distributions)
        yield _folded(f"{len(lines)} installed packages", _list(lines, class_="columns"))


def _checks(report: Report) -> Child:
    rows = (
        element(
            "li",
            _badge(result.status, result.status.value),
            " ",
            element("strong", result.id),
            f" {result.slug} ",
            element("span", told(result), class_="told"),
        )
        for result in report.results
    )
    return element("ul", *rows, class_="checks")


def _section(title: str, *blocks: Child, class_: str | None = None) -> Child:
    return element("section", element("h2", title), *blocks, class_=class_)


def _folded(title: str, *blocks: Child) -> Child:
    return element("details", element("summary", element("h2", title)), *blocks)


def _list(lines: Iterable[str], *, class_: str | None = None) -> Child:
    return element("ul", *(element("li", line) for line in lines), class_=class_)


def _footer(report: Report) -> Child:
    words = [f"m1doctor {report.m1doctor_version}", f"made {report.created}"]
    if report.replay_of:
        words.append(f"judged again from a report of {report.replay_of}")
    return element("footer", element("p", *joined(words, " · ")))
