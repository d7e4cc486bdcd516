"""Lines as they were meant: without colours, progress bars, escapes, typographic quotes and a runner's prefixes."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"""
      \x1b\[[0-?]*[ -/]*[@-~]          # colours and cursor movements
    | \x1b\][^\x07\x1b]{0,512}(?:\x07|\x1b\\)  # titles and links
    | \x1b[@-Z\\^_=>()#][0-9A-Z]?
    | .\x08                            # a letter struck over
    """,
    re.VERBOSE,
)
_LOST_ESCAPE = re.compile(r"\[\d{1,3}(?:;\d{1,3}){0,4}m")
"""A colour that lost its escape character on the way through a web page."""
_TAG = re.compile(r"</?(?:span|pre|code|div|font|strong|em|br)(?: [^<>]{0,200})?/?>")
_RUNNER = re.compile(
    r"""
    (?:(?:[^\t\n]{1,64}\t){2})?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)\ (?:\#\#\[\w+\])?  # CI
    | \[\d\d:\d\d:\d\d\]\s  # the same
    | [\w.-]{1,60}[-_]\d{1,3}\ +\|\   # docker compose
    | \#\d{1,4}\ \d{1,6}\.\d{1,3}\   # docker build
    | [A-Z][a-z]{2}\ [ \d]\d\ \d\d:\d\d:\d\d\ [\w.-]{1,64}\ [\w./-]{1,64}\[\d+\]:\   # a system's journal
    | (?:>\ )+(?!\ )  # a quotation
    """,
    re.VERBOSE,
)
"""What the runner of a job puts before each line of it."""
_CONTAINER = re.compile(r'^\{"log": ?"(?P<text>.*?)(?:\\r)?(?:\\n)?", ?"stream": ?"std(?:out|err)"')
"""A line of the log that Docker keeps."""
_NOTEBOOK = re.compile(r'^\s*"(?P<text>.*?)(?:\\n)?",?\s*$', re.DOTALL)
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_TYPOGRAPHY = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00a0": " ",
        "\u202f": " ",
        "\u200b": "",
        "\ufeff": "",
        "\u2026": "...",
    }
)


def clean(line: bytes) -> list[str]:
    """The lines that a line of bytes shows, the last state of a progress bar included, without line ends.

    Bytes that are no UTF-8 become U+FFFD. A cell of a notebook's JSON gives the text that it holds.
    """
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    if "\\u001b" in text or "\\x1b" in text or ('"' in text and "\\n" in text):
        text = _unescaped(text)
    if "\x1b" in text or "\x08" in text:
        text = _ESCAPE.sub("", text)
    if "[" in text:
        text = _LOST_ESCAPE.sub("", text)
    if not text.isascii():
        text = text.translate(_TYPOGRAPHY)
    if "</" in text or "<pre" in text or "<span" in text or "<br" in text:
        text = _TAG.sub("", text)
    if "&" in text and _ENTITY.search(text):
        import html  # noqa: PLC0415 - only for text that came through a web page

        text = html.unescape(text).translate(_TYPOGRAPHY)
    prefix = _RUNNER.match(text)
    if prefix is not None:
        text = text[prefix.end() :]
    if "\r" in text or "\n" in text:
        return [piece for piece in re.split(r"[\r\n]+", text) if piece.strip()] or [""]
    return [text]


def _unescaped(text: str) -> str:
    """Text of a JSON string without its quotes and escapes."""
    whole = _NOTEBOOK.match(text) or _CONTAINER.match(text)
    if whole is not None:
        text = whole["text"]
    return (
        text.replace("\\u001b", "\x1b")
        .replace("\\x1b", "\x1b")
        .replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace('\\"', '"')
    )
