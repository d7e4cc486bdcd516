"""An answer as a list of blocks, drawn in two ways: a page for people, and Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from m1doctor.render.page import Canvas, styled


class Headline(NamedTuple):
    """The answer in one sentence."""

    text: str
    mark: str
    style: str


class Section(NamedTuple):
    """A title."""

    text: str


class Say(NamedTuple):
    """A paragraph, with where it comes from."""

    text: str
    label: str = ""
    source: str = ""
    url: str | None = None


class Copy(NamedTuple):
    """Lines to be pasted as they are."""

    lines: tuple[str, ...]


class Quote(NamedTuple):
    """What a program says."""

    text: str


class Table(NamedTuple):
    """A name and a list of words in each row."""

    heads: tuple[str, str]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    separator: str = "; "


Block = Headline | Section | Say | Copy | Quote | Table


def drawn(blocks: Iterable[Block], canvas: Canvas, *, wrap_quotes: bool = False) -> str:
    """The page for people. Quoted words are wrapped only where they are not going to be searched or copied."""
    for block in blocks:
        _draw(canvas, block, wrap_quotes=wrap_quotes)
    return canvas.text()


def marked_down(blocks: Iterable[Block]) -> str:
    """The same page as Markdown, for a document."""
    return "\n\n".join(_mark_down(block) for block in blocks) + "\n"


def _draw(canvas: Canvas, block: Block, *, wrap_quotes: bool) -> None:
    match block:
        case Headline(text, mark, style):
            canvas.add(text, lead=styled(f"{mark} ", f"bold {style}"), style=f"bold {style}")
        case Section(text):
            canvas.gap()
            canvas.add(text, style="bold")
        case Say():
            _draw_words(canvas, block)
        case Copy(lines):
            for line in lines:
                canvas.whole(line, indent=4, style="bold cyan")
        case Quote(text):
            rows = canvas.rows(text, indent=6) if wrap_quotes else [text]
            for row in rows:
                canvas.whole(row, indent=4, lead=styled("│ ", "dim"))
        case Table():
            _draw_table(canvas, block)


def _draw_table(canvas: Canvas, block: Table) -> None:
    left = max(len(name) for name, _ in block.rows) + 2
    for name, words in block.rows:
        canvas.items(words, block.separator, indent=2, lead=styled(f"{name:{left}}", "bold"))


def _draw_words(canvas: Canvas, block: Say) -> None:
    label = styled(f"{block.label}: ", "bold") if block.label else styled("")
    canvas.add(label + styled(block.text), indent=2)
    if block.source:
        canvas.add(block.source, indent=4, style="dim")
    if block.url:
        canvas.whole(block.url, indent=4, style="dim")


def _mark_down(block: Block) -> str:
    match block:
        case Headline(text, _, _):
            return f"**{text}**"
        case Section(text):
            return f"## {text}"
        case Say(text, label, source, url):
            linked = f"[{source}]({url})" if url else source
            return (f"**{label}:** " if label else "") + text + (f" ({linked})" if source else "")
        case Copy(lines):
            return "```\n" + "\n".join(lines) + "\n```"
        case Quote(text):
            return f"> `{text}`"
        case Table(heads, rows, separator):
            body = [f"| {name} | {separator.join(words)} |" for name, words in rows]
            return "\n".join([f"| {heads[0]} | {heads[1]} |", "|---|---|", *body])
