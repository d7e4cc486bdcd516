"""LNK002 plugin-symbol-not-found: the plugin asks for symbols that nothing exports."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.plugin_words import (
    applies_to_links,
    label,
    origin,
    pair_remedy,
    tensorflow_label,
    with_status,
)
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.plugins import LinkStatus, MissingSymbol

MAX_LISTED = 60
"""Missing symbols that the evidence lists; the facts hold them all."""


def judge(facts: Facts) -> Iterator[Finding]:
    """Report each plugin library with symbols that dyld would not find, in the order in which it would look."""
    for plugin in with_status(facts, LinkStatus.SYMBOL_NOT_FOUND):
        link = plugin.link
        assert link is not None  # noqa: S101 - it has a status
        missing = link.missing_symbols
        first = missing[0].demangled or missing[0].name
        count = f"{len(missing)} symbols that nothing exports, the first being" if len(missing) > 1 else "the symbol"
        end = "" if len(missing) > 1 else ", which nothing exports"
        yield Finding(
            level=Level.ERROR,
            message=f"{label(plugin)} cannot load beside {tensorflow_label(facts)}: it asks for {count} {first}{end}.",
            expected=f"all of its {link.symbols_checked} symbols of TensorFlow's exported by TensorFlow's libraries",
            evidence=(
                *(link.dyld_message or "").splitlines(),
                *(_line(symbol) for symbol in missing[:MAX_LISTED]),
                *([f"and {len(missing) - MAX_LISTED} more"] if len(missing) > MAX_LISTED else []),
                f"searched: {', '.join(link.against)}",
                origin(plugin),
            ),
            location=Location(path=plugin.path),
            remedy=pair_remedy(facts, plugin),
        )


def _line(symbol: MissingSymbol) -> str:
    meaning = f" = {symbol.demangled}" if symbol.demangled else ""
    where = f"expected in {symbol.library}" if symbol.library else "expected in any loaded library"
    return f"missing: {symbol.name}{meaning}, {where}"


def passes(facts: Facts) -> str:
    """Say how many symbols were looked up."""
    assert facts.plugins is not None  # noqa: S101 - declared in `needs`
    checked = sum(plugin.link.symbols_checked for plugin in facts.plugins.libraries if plugin.link)
    return f"The plugin links: all {checked} symbols that it asks of {tensorflow_label(facts)} are exported."


CHECK = Check(
    id="LNK002",
    slug="plugin-symbol-not-found",
    level=Level.ERROR,
    stage=Stage.LINK,
    needs=("plugins.links_judged",),
    after=("PKG001", "PKG002", "PKG005", "LNK001"),
    applies=applies_to_links,
    judge=judge,
    passes=passes,
    page=Page(
        what=(
            "The plugin asks for a symbol that no loaded library exports. "
            "Every symbol of a plugin is bound when TensorFlow loads it. A symbol that carries a library must be "
            "exported by that library or one that it re-exports; a symbol of the flat namespace, by any loaded one; a "
            "weak import may be missing. Each was looked up in the export tries of the libraries that "
            "`import tensorflow` has loaded by then, and some are in none. What only macOS itself exports is taken on "
            "trust: its libraries are not on disk."
        ),
        why=(
            "TensorFlow loads plugins while it is being imported, and does not guard the loading: `import tensorflow` "
            "itself ends with NotFoundError and the first of these symbols. C++ symbols change with nearly every minor "
            "release, and tensorflow-metal declares no requirement on TensorFlow, so that pip cannot see the mismatch."
        ),
        see=(
            "Run `python -c 'import tensorflow'` and compare its last lines with the evidence; or compare "
            "`dyld_info -imports` of the plugin with `dyld_info -exports` of TensorFlow's libraries."
        ),
        fix="Install a pair that was built for each other; the finding names that of this Python.",
        sources=(
            Source("measured on the published wheels of tensorflow-metal and TensorFlow", date="2026-11-23"),
            Source(
                "tensorflow#84167: Broken compatibility with tensorflow-metal in 2.18",
                "https://github.com/tensorflow/tensorflow/issues/84167",
                "2025-01-05",
            ),
            Source("dyld-1378, dyld/Loader.cpp", "https://github.com/apple-oss-distributions/dyld"),
        ),
    ),
)
