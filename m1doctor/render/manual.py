"""Manual pages of checks and rules: one, or the list of them, as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from m1doctor.checks.check import Check
from m1doctor.lint.rule import Rule, RulePage
from m1doctor.model.finding import Level
from m1doctor.model.record import record
from m1doctor.render.page import Canvas, styled

LEVEL_STYLES = {Level.NOTE: "cyan", Level.WARNING: "yellow", Level.ERROR: "red"}


Manual = Check | Rule
"""What has a page: a check of an environment, or a rule for training scripts."""


@record(frozen=True, slots=True)
class Section:
    """One part of a page: words, or code that is shown as it is."""

    title: str
    words: str
    is_code: bool = False


def sections(manual: Manual) -> list[Section]:
    """The parts of a page, in order."""
    page = manual.page
    parts = [Section("What it means", page.what), Section("Why it matters", page.why)]
    if isinstance(page, RulePage):
        parts += [
            Section("What it finds", page.example, is_code=True),
            Section("How to mend it", page.fix),
            Section("As it should be", page.better, is_code=True),
            Section("Which versions", page.versions),
        ]
    else:
        parts += [Section("How to see it yourself", page.see), Section("How to mend it", page.fix)]
    return parts


def caption(manual: Manual) -> str:
    """The worst level, and where it belongs."""
    if isinstance(manual, Rule):
        return "hint in training scripts" if manual.level is Level.NOTE else f"{manual.level.value} in training scripts"
    return f"{manual.level.value} at worst, {manual.stage.name.lower()}"


def page_as_text(manual: Manual, *, width: int, colour: bool, unicode: bool = True) -> str:
    """One manual page."""
    canvas = Canvas(width=width, colour=colour, unicode=unicode)
    canvas.add(manual.slug, lead=styled(f"{manual.id} ", f"bold {LEVEL_STYLES[manual.level]}"), style="bold")
    canvas.add(caption(manual), style="dim")
    for section in sections(manual):
        canvas.gap()
        canvas.add(section.title, style="bold")
        if section.is_code:
            for line in section.words.split("\n"):
                canvas.whole(line, indent=4)
            continue
        for paragraph in section.words.split("\n\n"):
            canvas.add(" ".join(paragraph.split()), indent=2)
    if isinstance(manual, Check) and manual.after:
        canvas.gap()
        canvas.add("Explained by", style="bold")
        canvas.add(", ".join(manual.after), indent=2)
    if manual.page.sources:
        canvas.gap()
        canvas.add("Sources", style="bold")
        for source in manual.page.sources:
            dated = f" ({source.date})" if source.date else ""
            canvas.add(f"{source.title}{dated}", indent=2)
            if source.url:
                canvas.whole(source.url, indent=4, style="dim")
    return canvas.text()


def list_as_text(manuals: Iterable[Manual], *, width: int, colour: bool, unicode: bool = True) -> str:
    """Every check and rule: id, worst level and slug, and below them the first sentence of what it means."""
    canvas = Canvas(width=width, colour=colour, unicode=unicode)
    family = ""
    for manual in manuals:
        if manual.family != family:
            canvas.gap()
        family = manual.family
        lead = styled(f"{manual.id:8}", "bold") + styled(f"{manual.level.value:8}", LEVEL_STYLES[manual.level])
        canvas.add(manual.slug, lead=lead, style="bold")
        canvas.add(first_sentence(manual.page.what), indent=4, style="dim")
    return canvas.text()


def first_sentence(words: str) -> str:
    """The words up to the first full stop that ends a sentence."""
    line = " ".join(words.split())
    for position, character in enumerate(line):
        following = line[position + 1 : position + 3]
        if character == "." and (not following or (following[0] == " " and following[1:].isupper())):
            return line[: position + 1]
    return line


def checks_as_markdown(manuals: Iterable[Manual]) -> str:
    """`docs/checks.md`: the list, then every manual page."""
    every = list(manuals)
    lines = [
        "# Checks",
        "",
        "Generated from the manual pages of the checks and rules by `python scripts/regenerate_docs.py`.",
        "",
        "| id | slug | at worst | what it means |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| [{manual.id}](#{manual.id.lower()}) | {manual.slug} | {manual.level.value} "
        f"| {_cell(first_sentence(manual.page.what))} |"
        for manual in every
    ]
    for manual in every:
        lines += ["", f'## <a id="{manual.id.lower()}"></a>{manual.id} {manual.slug}', ""]
        lines += [f"*{caption(manual).partition(',')[0]}*"]
        for section in sections(manual):
            if section.is_code:
                lines += ["", f"**{section.title}.**", "", "```", section.words, "```"]
            else:
                lines += ["", f"**{section.title}.** {_paragraphs(section.words)}"]
        if isinstance(manual, Check) and manual.after:
            links = ", ".join(f"[{parent}](#{parent.lower()})" for parent in manual.after)
            lines += ["", f"**Explained by.** {links}"]
        if manual.page.sources:
            lines += ["", "**Sources.**", ""]
            for source in manual.page.sources:
                title = f"[{source.title}]({source.url})" if source.url else source.title
                lines.append(f"- {title}{f' ({source.date})' if source.date else ''}")
    return "\n".join(lines) + "\n"


def _paragraphs(words: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in words.split("\n\n"))


def _cell(words: str) -> str:
    return words.replace("|", "\\|")
