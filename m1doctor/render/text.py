"""The report for people: the verdict and its cause first, what to type next, then what was looked at.

Quiet where all is well: a healthy machine takes a handful of lines. Everything that was captured is shown as data, and
never parsed as markup.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from m1doctor.checks.refusals import why_not_to_change
from m1doctor.checks.registry import Registry
from m1doctor.model.finding import Finding
from m1doctor.model.remedy import Action, Remedy, StepKind
from m1doctor.model.report import Report, Result, SkipKind, Status, TargetKind
from m1doctor.render.page import Canvas, Styled, styled
from m1doctor.render.plain import paste_line, plain, plain_lines
from m1doctor.render.words import (
    EVIDENCE_LINES,
    FINDINGS,
    MARKS,
    STYLES,
    VERDICT_STATUS,
    answer_words,
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
    short_seconds,
    smoke_words,
    told,
)

FEW = 4
"""Checks of a group that are named with their slugs; of more, only the ids are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the text may look where it will be read."""

    width: int = 80
    colour: bool = False
    unicode: bool = True
    """Whether the reader's encoding has marks beyond ASCII."""
    wrap_captured: bool = False
    """Whether quoted lines are wrapped, too. Off where the text goes to a file: there they can be searched."""
    verbose: bool = False
    """Everything, passes included."""
    bench: bool = False
    """The benchmark drawn, too."""


def render_text(report: Report, registry: Registry, look: Look) -> str:
    """Render a report as text with a final newline."""
    page = Canvas(width=look.width, colour=look.colour, unicode=look.unicode)
    _Telling(report, registry, look, page).tell()
    return page.text()


class _Telling:
    """One report on its way to a page."""

    def __init__(self, report: Report, registry: Registry, look: Look, page: Canvas) -> None:
        self._report = report
        self._registry = registry
        self._look = look
        self._page = page

    def tell(self) -> None:
        self._headline()
        for number, result in enumerate(causes(self._report)):
            self._cause(result, first=number == 0)
        self._fix()
        self._explained()
        self._remarks()
        self._profile()
        self._not_known()
        self._log()
        self._bench()
        self._own_failures()
        if self._look.verbose:
            self._every_check()
        self._closing()

    # -- the head

    def _headline(self) -> None:
        verdict = self._report.verdict
        status = VERDICT_STATUS[verdict.status]
        mark, style = ("?", "magenta") if status is None else (MARKS[status], STYLES[status])
        self._page.add(plain(verdict.headline), lead=styled(f"{mark} ", f"bold {style}"), style=f"bold {style}")
        self._page.whole(plain(describe_target(self._report.target)), indent=2, style="dim")
        if self._report.replay_of:
            self._page.add(f"replayed from a report of {plain(self._report.replay_of)}", indent=2, style="dim")
        described = describe_environment(self._report.facts)
        if described:
            self._page.items([plain(word) for word in described], " · ", indent=2, style="dim")

    # -- causes

    def _cause(self, result: Result, *, first: bool) -> None:
        page = self._page
        page.gap()
        title = styled(result.id, f"bold {STYLES[result.status]}") + styled(f" {result.slug}", "bold")
        if not first:
            title = styled(f"{MARKS[result.status]} ", STYLES[result.status]) + title
        page.add(title)
        shown = result.findings if self._look.verbose else result.findings[:FINDINGS]
        told_in_headline = first and self._report.verdict.headline == result.summary
        for finding in shown:
            self._finding(finding, silent=told_in_headline and finding.message == result.summary)
        if len(shown) < len(result.findings):
            page.add(f"… and {len(result.findings) - len(shown)} more like these (--verbose shows them)", indent=2)
        check = self._registry.get(result.id)
        if first and check is not None:
            page.gap()
            self._labelled("Why it matters", check.page.why)
        for remedy in distinct(finding.remedy for finding in shown):
            self._remedy(remedy)
        page.add(f"More: m1doctor explain {result.id}", indent=2, style="dim")

    def _finding(self, finding: Finding, *, silent: bool) -> None:
        page = self._page
        if not silent:
            page.add(plain(finding.message), indent=2)
        if finding.location is not None:
            line = f":{finding.location.line}" if finding.location.line else ""
            page.whole(f"{plain(finding.location.path)}{line}", indent=2, style="dim")
        lines = [line for entry in finding.evidence for line in plain_lines(entry)]
        shown = lines if self._look.verbose else lines[:EVIDENCE_LINES]
        bar = styled("│ ", "dim")
        for line in shown:
            if self._look.wrap_captured:
                self._quoted(line, bar)
            else:
                page.whole(line, indent=2, lead=bar)
        if len(shown) < len(lines):
            page.add(f"… {len(lines) - len(shown)} more lines (--verbose shows them)", indent=2, lead=bar, style="dim")
        if finding.expected:
            self._labelled("Expected", finding.expected)

    def _quoted(self, line: str, bar: Styled) -> None:
        """A quoted line wrapped with the bar before each of its rows."""
        for row in self._page.rows(line, indent=4):
            self._page.whole(row, indent=2, lead=bar)

    def _labelled(self, label: str, words: str) -> None:
        self._page.add(styled(f"{label}: ", "bold") + styled(plain(words)), indent=2)

    def _remedy(self, remedy: Remedy) -> None:
        page = self._page
        page.gap()
        page.add(styled("What to do: ", "bold") + styled(plain(remedy.summary)), indent=2)
        numbered = len(remedy.steps) > 1
        for number, step in enumerate(remedy.steps, 1):
            lead = f"{number}. " if numbered else ""
            alone = not numbered and step.text.rstrip(".") == remedy.summary.rstrip(".")
            if not alone:
                page.add(plain(step.text), indent=4, lead=lead)
            if step.kind is StepKind.RUN:
                page.whole(paste_line(step.argv), indent=4 + len(lead), style="bold cyan")
                if step.reversible is False:
                    page.add("This cannot be taken back.", indent=4 + len(lead), style="yellow")
        page.gap()

    def _fix(self) -> None:
        """Name the verb that can do some of it, for an environment that is here."""
        report = self._report
        changes = [
            step.change
            for result in causes(report)
            for finding in result.findings
            if finding.remedy is not None
            for step in finding.remedy.steps
            if step.change is not None
        ]
        if report.target.kind is not TargetKind.PYTHON or report.replay_of or not changes:
            return
        # A new environment beside it leaves the examined one alone, whoever owns that.
        beside = any(change.action is Action.REBUILD for change in changes)
        refusal = None if beside else why_not_to_change(report.facts, sys.prefix)
        words = "m1doctor fix does what of this a command can do: it asks, and keeps a backup."
        self._page.gap()
        self._page.add(words if refusal is None else f"m1doctor fix leaves this alone: {plain(refusal)}", style="dim")

    # -- the rest

    def _explained(self) -> None:
        groups = explained(self._report)
        if not groups:
            return
        self._page.gap()
        for root, results in groups.items():
            names = [f"{result.id} {result.slug}" for result in results]
            self._page.items(names, ", ", lead=styled(f"Explained by {root}: ", "dim"), style="dim")

    def _remarks(self) -> None:
        notes = noted(self._report)
        if notes:
            self._page.gap()
        for result in notes:
            mark = styled(f"{MARKS[Status.NOTE]} ", STYLES[Status.NOTE])
            for finding in result.findings:
                self._page.add(f"{plain(finding.message)} ({result.id} {result.slug})", lead=mark)
                if finding.remedy is not None:
                    self._page.add(plain(finding.remedy.summary), indent=2, style="dim")

    def _not_known(self) -> None:
        groups = not_known(self._report)
        if groups:
            self._page.gap()
        for reason, results in groups.items():
            few = len(results) <= FEW
            names = [f"{result.id} {result.slug}" if few else result.id for result in results]
            self._page.add(f"Not known, because {plain(reason)}:", lead=styled("? ", "magenta"))
            self._page.items(names, ", ", indent=2, style="dim")

    def _log(self) -> None:
        if self._report.facts.log is not None:
            from m1doctor.render.log_lines import tell_log  # noqa: PLC0415 - only where there is a log

            tell_log(self._page, self._report.facts.log, verbose=self._look.verbose)

    def _bench(self) -> None:
        if self._look.bench or self._look.verbose:
            from m1doctor.render.bench import tell_bench  # noqa: PLC0415 - only where there is something to draw

            tell_bench(self._page, self._report.facts)

    def _profile(self) -> None:
        if self._report.facts.profile is not None:
            from m1doctor.render.profile import tell_profile  # noqa: PLC0415 - only where a script was watched

            tell_profile(self._page, self._report, width=self._look.width)

    def _own_failures(self) -> None:
        lines = own_failures(self._report)
        if not lines:
            return
        self._page.gap()
        self._page.add("m1doctor itself could not finish:", style="bold magenta")
        for line in lines:
            self._page.add(plain(line), lead=styled(f"{MARKS[Status.CRASHED]} ", "magenta"))

    def _every_check(self) -> None:
        self._page.gap()
        self._page.add("Every check", style="bold")
        for result in self._report.results:
            mark = "?" if result.skip is SkipKind.UNKNOWN else MARKS[result.status]
            lead = styled(f"{mark} ", STYLES[result.status]) + styled(result.id, "bold") + styled(" ")
            self._page.add(styled(f"{result.slug}: ") + styled(plain(told(result)), "dim"), lead=lead)
        timings = self._report.facts.timings
        if timings:
            seconds = ", ".join(f"{name} {short_seconds(value)}" for name, value in timings.items())
            self._page.gap()
            self._page.add(f"Collected in: {seconds}", style="dim")

    def _closing(self) -> None:
        page = self._page
        page.gap()
        for note in self._report.notes:
            page.add(plain(note), lead="Note: ", style="dim")
        told_above = self._look.bench or self._look.verbose
        smoke = (answer_words if told_above else smoke_words)(self._report.facts)
        if smoke:
            page.items([plain(words) for words in smoke], "; ", lead="Smoke run: ")
        lock = self._report.lock
        if lock is not None:
            page.add(f"{lock_words(self._report)}:")
            page.whole(plain(lock.path), indent=2)
        page.items([plain(words) for words in counts(self._report)], ", ", style="dim")
