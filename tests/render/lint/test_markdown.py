from __future__ import annotations

from dataclasses import replace

import cmarkgfm
from cmarkgfm.cmark import Options

from lint_answers import IN_A_NOTEBOOK, ONE, an_answer
from m1doctor.render.lint.markdown import as_markdown


def html(*findings: object) -> str:
    text = as_markdown(an_answer(*findings))  # type: ignore[arg-type]  # findings
    rendered: str = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    return rendered


def test_code_in_a_message_stays_code() -> None:
    assert "<code>workers</code>: 100% wrong, and it raises. (If Keras is 3.)" in html(ONE)


def test_a_cell_is_named() -> None:
    assert "cell 7, line 3" in html(IN_A_NOTEBOOK)


def test_nothing_in_source_or_name_becomes_markup() -> None:
    rendered = html(replace(ONE, path="<b>*x*.py", source_line="```</code><script>"))
    assert "<script>" not in rendered
    assert "<b>" not in rendered
    assert "<em>" not in rendered
