"""Elements of HTML, SVG and XML. Text is text by construction: a string that is handed in can never become markup."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from m1doctor.render.plain import plain

Child = ET.Element | str


def element(tag: str, *children: Child, **attributes: str | float | None) -> ET.Element:
    """An element with its children in order.

    Attributes are named as Python can: ``class_`` for ``class``, ``aria_label`` for ``aria-label``. One that is `None`
    is left out. Strings are made printable; line ends in them are kept.
    """
    made = ET.Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.rstrip("_").replace("_", "-"), plain(str(value)))
    last: ET.Element | None = None
    for child in children:
        if not isinstance(child, str):
            made.append(child)
            last = child
        elif last is None:
            made.text = (made.text or "") + _printable(child)
        else:
            last.tail = (last.tail or "") + _printable(child)
    return made


def as_html(root: ET.Element) -> str:
    """The document as HTML."""
    return "<!doctype html>\n" + ET.tostring(root, encoding="unicode", method="html") + "\n"


def as_xml(root: ET.Element) -> str:
    """The document as XML, indented."""
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def joined(children: Iterable[Child], separator: str) -> list[Child]:
    """Children with text between them."""
    found: list[Child] = []
    for child in children:
        found += [separator, child] if found else [child]
    return found


def _printable(text: str) -> str:
    return "\n".join(plain(line) for line in text.split("\n"))
