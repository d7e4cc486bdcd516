"""Where the words of a verb that changes something go, and its account where a document was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from m1doctor.cli.options import Format
from m1doctor.cli.terminal import Terminal, look_around, write_answer, write_err, write_out

if TYPE_CHECKING:
    from m1doctor.model.account import Account, UndoList
    from m1doctor.render.page import Canvas


@dataclass
class Voice:
    """Words as they come: on standard output, or on standard error where that, or a file, is for the answer."""

    terminal: Terminal
    form: Format
    output: str | None
    _said: list[str] = field(default_factory=list)

    @property
    def aside(self) -> bool:
        """Whether words go to standard error."""
        return self.form is Format.JSON or self.output is not None

    def page(self) -> Canvas:
        """An empty page of the width that words have."""
        from m1doctor.render.page import Canvas  # noqa: PLC0415 - brings rich

        return Canvas(width=self.terminal.width, colour=self.terminal.colour, unicode=self.terminal.unicode)

    def say(self, text: str) -> None:
        """Say something; `text` ends its last line."""
        if self.aside:
            write_err(text.removesuffix("\n"))
            self._said.append(text)
        else:
            write_out(text)

    def conclude(self, account: Account | UndoList | None) -> None:
        """Write the answer where it is not said already: the document, or the words into the file."""
        if self.form is Format.JSON:
            if account is not None:
                from m1doctor.documents import to_json  # noqa: PLC0415 - brings msgspec

                write_answer(to_json(account), self.output)
        elif self.output is not None:
            write_answer("".join(self._said), self.output)


def voice_for(form: Format, output: str | None, *, no_color: bool) -> Voice:
    """The voice of a run; words that go aside or into a file have no colour, and a file is 80 columns wide."""
    terminal = look_around(no_color=no_color)
    if output is not None:
        terminal = replace(terminal, width=80, unicode=True)
    voice = Voice(terminal, form, output)
    if voice.aside:
        voice.terminal = replace(terminal, colour=False, interactive=False)
    return voice
