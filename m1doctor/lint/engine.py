"""The engine: reads files, resolves their names, runs the rules, and puts the answer together."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from m1doctor.lint.files import find_files
from m1doctor.lint.finding import Answer, LintFinding, Passed
from m1doctor.lint.literals import Triggers
from m1doctor.lint.module import Module
from m1doctor.lint.noqa import silenced
from m1doctor.lint.project import Project
from m1doctor.lint.registry import load_rules
from m1doctor.lint.rule import Rule, Seen
from m1doctor.lint.source import PassedOver, Source, parse, read_source
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level
from m1doctor.model.record import record

_SUBJECTS = ("tensorflow", "keras")
"""A file that mentions neither is parsed, so that it can be called broken, and not looked into."""


@record(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rules are told: their ids, and whether hints are."""

    ids: frozenset[str]
    hints: bool = False
    by_name: frozenset[str] = frozenset()
    """Ids that were named one by one: their hints are told in any case."""

    def runs(self, rule: Rule) -> bool:
        """Whether a rule may have anything to tell."""
        return self.tells(rule, rule.level)

    def tells(self, rule: Rule, level: Level) -> bool:
        """Whether a finding of a rule is told."""
        return level is not Level.NOTE or self.hints or rule.id in self.by_name


@record(frozen=True, slots=True, kw_only=True)
class FileAnswer:
    """What one file gave."""

    findings: tuple[LintFinding, ...] = ()
    passed: tuple[Passed, ...] = ()
    lines: int = 0
    read: bool = False
    silenced: int = 0
    crashes: tuple[str, ...] = ()


def lint_paths(
    paths: Sequence[str],
    versions: Versions | None = None,
    *,
    wanted: Wanted | None = None,
    processes: int | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Answer:
    """Judge files and folders.

    `wanted` is every rule without its hints unless told otherwise. `processes` is the number of processes to work in,
    by default as many as the work is worth. `tell` is told how many files are done, and of how many. Raises `PathError`
    for a path that leads to nothing.
    """
    versions = versions or Versions()
    wanted = wanted or Wanted(ids=frozenset(rule.id for rule in load_rules()))
    files = find_files(paths)
    roots = tuple(Path(path) for path in paths if Path(path).is_dir())
    from m1doctor.lint.workers import spread  # noqa: PLC0415 - brings multiprocessing

    answers: list[FileAnswer] = []
    for answer in spread(files, roots, versions, wanted, processes):
        answers.append(answer)
        if tell is not None:
            tell(len(answers), len(files))
    return _joined(answers, versions, wanted)


def _joined(answers: Iterable[FileAnswer], versions: Versions, wanted: Wanted) -> Answer:
    every = list(answers)
    return Answer(
        versions=versions,
        findings=tuple(sorted((each for one in every for each in one.findings), key=lambda each: each.place)),
        passed=tuple(sorted((each for one in every for each in one.passed), key=lambda each: (each.path, each.reason))),
        files=sum(one.read for one in every),
        lines=sum(one.lines for one in every),
        silenced=sum(one.silenced for one in every),
        hints=wanted.hints,
        crashes=tuple(sorted({each for one in every for each in one.crashes})),
    )


class Linter:
    """Judges one file after the other, and keeps memory where it is."""

    def __init__(self, roots: Sequence[Path], versions: Versions, wanted: Wanted) -> None:
        """`roots` are the folders in which imports of the project are looked for."""
        self._project = Project(roots, _parsed)
        self._versions = versions
        self._wanted = wanted
        self._triggers = Triggers(rule for rule in load_rules() if rule.id in wanted.ids and wanted.runs(rule))

    def file(self, path: Path) -> FileAnswer:
        """Judge one file. Never raises for what is in it."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of invalid escapes in somebody's strings
                source = read_source(path)
                known = self._project.known(path)  # where another file imported it
                tree = None if known is not None else parse(source)
        except PassedOver as reason:
            return FileAnswer(passed=(Passed(path=str(path), reason=str(reason)),))
        passed = tuple(
            Passed(path=str(path), reason=f"cell {number}: {reason}") for number, reason in source.broken_cells
        )
        answer = FileAnswer(read=True, lines=_count(source.written), passed=passed)
        rules = self._triggers.rules_for(source.text)
        if not rules or not any(subject in source.text for subject in _SUBJECTS):
            return answer
        try:
            module = self._project.hold(path, tree) if tree is not None else known
            return answer if module is None else self._judged(module, rules, source, answer)
        finally:
            self._project.settle()

    def _judged(self, module: Module, rules: list[Rule], source: Source, answer: FileAnswer) -> FileAnswer:
        path = module.path
        is_test = module.is_test
        findings: list[LintFinding] = []
        crashes: list[str] = []
        hidden = 0
        for rule in rules:
            if is_test and not rule.in_tests:
                continue
            try:
                seen = list(rule.judge(module, self._versions))
            except Exception as error:  # noqa: BLE001 - a broken rule costs itself, never the others
                crashes.append(f"{rule.id} failed on {path}: {type(error).__name__}: {error}")
                continue
            for each in _once(seen):
                found = _finding(rule, each, path, source)
                if _is_silenced(source, each, rule):
                    hidden += 1
                elif self._wanted.tells(rule, found.level):
                    findings.append(found)
        return replace(answer, findings=tuple(findings), silenced=hidden, crashes=tuple(crashes))


def _count(text: str) -> int:
    return text.count("\n") + (bool(text) and not text.endswith("\n"))


def _parsed(path: Path) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parse(read_source(path))
    except PassedOver:
        return None


def _once(seen: list[Seen]) -> Iterator[Seen]:
    """One finding of a rule for one place."""
    places = set()
    for each in seen:
        place = (getattr(each.node, "lineno", 0), getattr(each.node, "col_offset", 0), each.message)
        if place not in places:
            places.add(place)
            yield each


def _is_silenced(source: Source, seen: Seen, rule: Rule) -> bool:
    first = getattr(seen.node, "lineno", 1)
    last = getattr(seen.node, "end_lineno", first)
    if isinstance(seen.node, ast.stmt) and hasattr(seen.node, "body"):
        last = first  # a comment deep in the body of a loop is not about the loop
    return any(
        silenced(source.shown[line - 1], rule.id, rule.slug) for line in (first, last) if 0 < line <= len(source.shown)
    )


def _finding(rule: Rule, seen: Seen, path: Path, source: Source) -> LintFinding:
    node = seen.node
    line: int = getattr(node, "lineno", 1)
    offset: int = getattr(node, "col_offset", 0)
    end_line: int = getattr(node, "end_lineno", line)
    end_offset: int = getattr(node, "end_col_offset", offset)
    cell, in_cell = source.place(line)
    shown = source.shown[line - 1] if 0 < line <= len(source.shown) else ""
    end_shown = source.shown[end_line - 1] if 0 < end_line <= len(source.shown) else ""
    return LintFinding(
        rule=rule.id,
        slug=rule.slug,
        level=seen.level or rule.level,
        message=seen.message,
        only_if=seen.only_if,
        gain=rule.gain,
        path=str(path),
        line=in_cell,
        column=_characters(shown, offset) + 1,
        end_line=in_cell + end_line - line,
        end_column=_characters(end_shown, end_offset) + 1,
        cell=cell,
        source_line=shown,
        repair=seen.repair,
    )


def _characters(line: str, offset: int) -> int:
    """The parser counts bytes of UTF-8; people and editors count characters."""
    return offset if line.isascii() else len(line.encode()[:offset].decode(errors="replace"))
