"""Reads `vm_stat`, and `memory_pressure`, which prints the same counters in almost the same words.

Only the page size of the text's own first line counts: 16384 on Apple silicon, 4096 on Intel, and what Python's
`sysconf` says to a translated process may be the other.
"""

from __future__ import annotations

import re

from m1doctor.model.memory import PageCounts

_PAGE_SIZE = re.compile(r"page size of (\d{3,6})\b")
_LINE = re.compile(r"^[^\S\n]*\"?([A-Z][^\n]*?)\"?:[^\S\n]*(\d{1,20})\.?[^\S\n]*$", re.MULTILINE)
# Two tools, two words for one count.
_SYNONYMS = {"Pages used by compressor": "Pages occupied by compressor"}


def parse_counters(text: str) -> dict[str, int]:
    """Every counter by its printed label. Lines that a newer system adds are there too; other lines are passed over."""
    return {_SYNONYMS.get(label, label): int(number) for label, number in _LINE.findall(text)}


def parse_page_size(text: str) -> int | None:
    """Bytes of a page, from the first line; `None` where it does not say, or says no power of two."""
    match = _PAGE_SIZE.search(text)
    if match is None:
        return None
    size = int(match[1])
    return size if size & (size - 1) == 0 else None


def parse_vm_stat(text: str) -> PageCounts | None:
    """The counters that memory pressure is made of; `None` where the page size or one of them is missing."""
    page_bytes = parse_page_size(text)
    counts = parse_counters(text)
    try:
        return (
            PageCounts(
                page_bytes=page_bytes or 0,
                free=counts["Pages free"],
                active=counts["Pages active"],
                inactive=counts["Pages inactive"],
                speculative=counts["Pages speculative"],
                wired=counts["Pages wired down"],
                compressor=counts["Pages occupied by compressor"],
                file_backed=counts.get("File-backed pages"),
                anonymous=counts.get("Anonymous pages"),
                purgeable=counts.get("Pages purgeable"),
                swapins=counts.get("Swapins"),
                swapouts=counts.get("Swapouts"),
            )
            if page_bytes
            else None
        )
    except KeyError:
        return None
