"""What readers of our Markdown make of it."""

from __future__ import annotations

import cmarkgfm
from cmarkgfm.cmark import Options
from selectolax.lexbor import LexborHTMLParser


def as_github(markdown: str) -> LexborHTMLParser:
    """The page that GitHub's own parser makes of it, raw HTML let through."""
    return LexborHTMLParser(cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE))


def words(text: str) -> str:
    """A text as a page shows it: its spaces are one."""
    return " ".join(text.split())
