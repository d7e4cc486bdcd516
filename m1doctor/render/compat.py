"""The answer of `m1doctor compat` as text, as Markdown and as JSON: one list of blocks, drawn in two ways.

What is known is told in the same words everywhere, each with its source and date; what is not known is said to be so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from m1doctor.knowledge.compat import Choice, Community, Compatibility, Grade, Ground, Pair, Standing
from m1doctor.model.provider import Provider
from m1doctor.render.blocks import Block, Copy, Headline, Quote, Say, Section, Table, drawn, marked_down
from m1doctor.render.page import Canvas
from m1doctor.render.plain import paste_line

SCHEMA_VERSION = 1
"""Of the JSON document; it rises when the meaning of a field changes."""

_GRADES = {
    Grade.LINKS: "links",
    Grade.DOES_NOT_LOAD: "does not load",
    Grade.STATED: "stated by Apple",
    Grade.REPORTED_WORKS: "reported to work",
    Grade.REPORTED_BAD: "reported bad",
    Grade.REPORTED_BAD_PLUGIN: "reported of this plugin with many releases of TensorFlow",
}
_STANDINGS = {
    Standing.VOUCHED: "loads, and is vouched for",
    Standing.UNPROVEN: "loads; whether it works is unknown, for nobody has said",
    Standing.REPORTED_BAD: "loads, and is reported bad",
    Standing.DOES_NOT_LOAD: "does not load",
    Standing.UNKNOWN: "is unknown: it was not measured, and nobody has said",
}
_MARKS = {
    Standing.VOUCHED: ("✓", "green"),
    Standing.UNPROVEN: ("?", "magenta"),
    Standing.REPORTED_BAD: ("✗", "red"),
    Standing.DOES_NOT_LOAD: ("✗", "red"),
    Standing.UNKNOWN: ("?", "magenta"),
}
_AGAINST = (Grade.REPORTED_BAD, Grade.REPORTED_BAD_PLUGIN, Grade.DOES_NOT_LOAD)
_LATER = (Grade.REPORTED_BAD, Grade.REPORTED_BAD_PLUGIN)
"""What can be seen of a pair only once it has loaded."""
_COMPARE = (
    "See it on your own Mac: `m1doctor diagnose` ends with a smoke run that compares a result of the GPU with NumPy's."
)


def compat_as_json(answer: Compatibility) -> str:
    """One JSON document."""
    document = {"schema_version": SCHEMA_VERSION, **asdict(answer)}
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def compat_as_text(
    answer: Compatibility, *, width: int, colour: bool = False, unicode: bool = True, wrap_quotes: bool = False
) -> str:
    """The page for people. Quoted words are wrapped only where they are not going to be searched or copied."""
    canvas = Canvas(width=width, colour=colour, unicode=unicode)
    return drawn(_blocks(answer), canvas, wrap_quotes=wrap_quotes)


def compat_as_markdown(answer: Compatibility) -> str:
    """The same page for a document."""
    return marked_down(_blocks(answer))


def _blocks(answer: Compatibility) -> Iterator[Block]:
    asked = answer.asked
    if asked.provider is Provider.COMMUNITY and answer.community is not None:
        yield from _of_the_community(answer, answer.community)
    elif asked.tensorflow is not None or asked.plugin is not None:
        yield from _of_versions(answer)
    elif asked.python is not None:
        yield from _of_python(answer, answer.choices[0])
    else:
        yield from _overview(answer)


# -- the community's plugin


def _of_the_community(answer: Compatibility, community: Community) -> Iterator[Block]:
    name = f"{community.distribution} {community.version}"
    where = _where(answer) or f" for Python {_listed(community.pythons)}"
    if community.obstacles:
        yield Headline(f"{name}{where}: not possible, for {'; '.join(community.obstacles)}.", "✗", "red")
    else:
        yield Headline(f"{name}{where}: possible, by what its authors say.", "?", "magenta")
    for note in answer.notes:
        yield Say(note, "Note")
    if not community.obstacles:
        yield Say("By two commands, in this order:")
        yield Copy(tuple(f"python -m pip install {paste_line([step])}" for step in community.steps))
    yield Section("Who proves it")
    yield Say(
        "Its authors; no report by anybody else is known. It is built where it is installed, so that no file of it can "
        "be linked before. After that `m1doctor diagnose` links it as dyld would, and compares its answers."
    )
    yield Section("What it needs and what it costs")
    yield from _terms(community)
    if answer.instead is not None:
        yield Section("Apple's plugin serves this Python")
        yield Say(f"{_named(answer, answer.instead)}: {_proofs(answer.instead)}.")
        yield Copy(answer.instead.requirements)


# -- one Python


def _of_python(answer: Compatibility, choice: Choice) -> Iterator[Block]:
    where = f"Python {choice.python}{f' on macOS {choice.macos}' if choice.macos else ''}"
    if choice.pair is not None:
        yield Headline(f"{where}: {_named(answer, choice.pair)}", "✓", "green")
        yield Copy(choice.pair.requirements)
        yield from _evidence(answer, choice.pair)
    else:
        yield Headline(f"{where}: there is no pair of Apple's to recommend.", "✗", "red")
        yield Say(f"{choice.reason}.")
    if choice.after_update is not None:
        yield Section(f"With macOS {choice.after_update.minimum_macos} or newer")
        yield Say(f"{_named(answer, choice.after_update)}: {_proofs(choice.after_update)}.")
        yield Copy(choice.after_update.requirements)
    if choice.other_pair is not None:
        yield Section(f"With Python {choice.other_python}")
        yield Say(
            f"{_named(answer, choice.other_pair)}: {_proofs(choice.other_pair)}. Make an environment with Python "
            f"{choice.other_python} and install in it:"
        )
        yield Copy(choice.other_pair.requirements)
    if choice.alternatives:
        yield Section("Other pairs that somebody vouches for")
        yield Table(
            ("requirements", "what is known"),
            tuple((paste_line(pair.requirements), _kinds(pair)) for pair in choice.alternatives),
        )
    if choice.community is not None:
        yield from _community(choice.community)
    elif choice.pair is not None:
        yield Section("Newer releases of TensorFlow")
        yield Say(f"None of Apple's plugins loads with TensorFlow {_listed(answer.unserved)}. What there is for them:")
        yield Copy((f"m1doctor compat --tensorflow {answer.unserved[0]}",))
    if choice.pair is None:
        yield Section("Without the GPU")
        if choice.cpu is None:
            yield Say(f"No TensorFlow for Apple silicon is known for {where}.")
        else:
            yield Say(f"TensorFlow computes on the CPU with {where}:")
            yield Copy((choice.cpu,))


# -- versions


def _of_versions(answer: Compatibility) -> Iterator[Block]:
    asked, best = answer.asked, answer.best
    single = len(answer.pairs) == 1
    if single:
        pair = answer.pairs[0]
        mark, style = _MARKS[pair.standing]
        yield Headline(f"{_named(answer, pair)} {_STANDINGS[pair.standing]}.", mark, style)
    else:
        yield _headline_of_many(answer)
    for note in answer.notes:
        yield Say(note, "Note")
    if single:
        yield from _of_pair(answer, answer.pairs[0])
    elif best is not None:
        yield Copy(best.requirements)
        yield from _evidence(answer, best)
    if not single:
        yield from _groups(answer)
    if best is None and answer.instead is not None:
        yield Section("What to install instead")
        pythons = f" On Python {_listed(answer.instead.pythons)}." if asked.python is None else ""
        yield Say(f"{_named(answer, answer.instead)}: {_proofs(answer.instead)}.{pythons}")
        yield Copy(answer.instead.requirements)
    if answer.community is not None:
        yield from _community(answer.community)


def _headline_of_many(answer: Compatibility) -> Headline:
    asked, best = answer.asked, answer.best
    name = answer.apple_distribution
    subject = f"TensorFlow {asked.tensorflow}" if asked.tensorflow else f"{name} {asked.plugin}"
    other = name if asked.tensorflow else "TensorFlow"
    if best is not None:
        chosen = best.plugin if asked.tensorflow else best.tensorflow
        return Headline(f"{subject} goes with {other} {chosen}.", "✓", "green")
    loads = {pair.loads for pair in answer.pairs}
    where = _where(answer)
    if loads == {None}:
        return Headline(f"{subject}: unknown, no pair with it was measured.", "?", "magenta")
    if True not in loads:
        nothing = "none of Apple's plugins" if asked.tensorflow else "no TensorFlow"
        return Headline(f"{subject} loads with {nothing}.", "✗", "red")
    return Headline(f"{subject}: there is no {other}{where} that anybody vouches for.", "✗", "red")


def _where(answer: Compatibility) -> str:
    python, macos = answer.asked.python, answer.asked.macos
    return (f" for Python {python}" if python else "") + (f" on macOS {macos}" if macos else "")


def _of_pair(answer: Compatibility, pair: Pair) -> Iterator[Block]:
    """One pair in full."""
    for obstacle in pair.obstacles:
        yield Say(f"{obstacle}.", f"Not{_where(answer)}")
    if pair.dyld_says is not None:
        yield Say("`import tensorflow` ends with NotFoundError, and dyld says:")
        yield Quote(pair.dyld_says)
    elif pair.loads:
        yield Copy(pair.requirements)
    if pair.pythons:
        yield Say(f"{_listed(pair.pythons)}, macOS {pair.minimum_macos} or newer", "Wheels for Python")
    elif pair.minimum_macos is not None:
        yield Say("no Python has a wheel of both", "Wheels")
    yield from _evidence(answer, pair)


def _groups(answer: Compatibility) -> Iterator[Block]:
    """Many pairs of one release: those that load, those that do not with dyld's words, those not measured."""
    by_plugin = answer.asked.tensorflow is not None
    heads = (answer.apple_distribution if by_plugin else "TensorFlow", "what is known")
    loading = [pair for pair in answer.pairs if pair.loads]
    if loading:
        yield Section("Loads with")
        rows = [(pair.plugin if by_plugin else pair.tensorflow, (*_kinds(pair), *pair.obstacles)) for pair in loading]
        yield Table(heads, tuple(rows))
    said: dict[str, list[Pair]] = {}
    for pair in answer.pairs:
        if pair.loads is False:
            said.setdefault(pair.dyld_says or "what dyld says was not kept", []).append(pair)
    if said:
        yield Section("Does not load with")
        yield Say(f"Measured on the published wheels ({answer.links_source.date}); dyld's words:")
    for words, pairs in said.items():
        yield Say(", ".join(pair.plugin if by_plugin else pair.tensorflow for pair in pairs), heads[0])
        yield Quote(words)
    for pair in answer.pairs:
        for ground in pair.grounds:
            if pair.loads is False and ground.grade is Grade.DOES_NOT_LOAD and ground.source != answer.links_source:
                yield _ground(answer, None, ground)


# -- everything


def _overview(answer: Compatibility) -> Iterator[Block]:
    macos = answer.asked.macos
    yield Headline(f"The pair to install for each Python{f' on macOS {macos}' if macos else ''}", "i", "cyan")
    rows: dict[tuple[str, ...], list[Choice]] = {}
    for choice in answer.choices:
        lines = choice.pair.requirements if choice.pair else (choice.python,)
        rows.setdefault(lines, []).append(choice)
    for lines, choices in rows.items():
        pythons = _listed(tuple(choice.python for choice in reversed(choices)))
        first = choices[0]
        if first.pair is None:
            yield Section(f"Python {pythons}: none of Apple's plugins")
            yield Say(f"{first.reason}. What else there is:")
            yield Copy((f"m1doctor compat --python {first.python}{f' --macos {macos}' if macos else ''}",))
        else:
            yield Section(f"Python {pythons}: {_named(answer, first.pair)}")
            yield Copy(lines)
            yield Say(_proofs(first.pair))
    yield Section("Every published pair that loads")
    yield Say(
        f"Measured on the published wheels ({answer.links_source.date}); a pair that is not here does not load. "
        f"stated: Apple's table names the two ({answer.stated_source.date}). works, bad: somebody reports it; the "
        "reports are below, and one that it works holds for the patches of the same minor release. Without a word: "
        "whether it works is unknown."
    )
    yield Table(("TensorFlow", answer.apple_distribution), tuple(_matrix(answer)), ", ")
    yield Section("The reports")
    seen: list[Ground] = []
    for pair in answer.pairs:
        for ground in pair.grounds:
            reported = ground.grade not in (Grade.LINKS, Grade.STATED) and ground.source != answer.links_source
            if reported and ground not in seen:
                seen.append(ground)
                yield _ground(answer, None, ground)
    yield Section("More")
    served = next((choice.python for choice in answer.choices if choice.pair), answer.choices[0].python)
    yield Say("For one machine, and for one release with dyld's words:")
    yield Copy(
        (
            f"m1doctor compat --python {served} --macos {macos or '15.1'}",
            f"m1doctor compat --tensorflow {answer.unserved[0]}",
        )
    )


def _matrix(answer: Compatibility) -> Iterator[tuple[str, tuple[str, ...]]]:
    by_release: dict[str, list[Pair]] = {}
    for pair in answer.pairs:
        by_release.setdefault(pair.tensorflow, []).append(pair)
    for version, pairs in by_release.items():
        loading = []
        for pair in pairs:
            grades = {ground.grade for ground in pair.grounds}
            words = [
                word
                for grade, word in (
                    (Grade.STATED, "stated"),
                    (Grade.REPORTED_WORKS, "works"),
                    (Grade.REPORTED_BAD, "bad"),
                )
                if grade in grades
            ]
            if pair.loads:
                loading.append(f"{pair.plugin} {'+'.join(words)}".strip())
        yield version, tuple(loading) or ("none of Apple's",)


# -- shared words


def _named(answer: Compatibility, pair: Pair) -> str:
    return f"TensorFlow {pair.tensorflow} with {answer.apple_distribution} {pair.plugin}"


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def _proofs(pair: Pair) -> str:
    return "; ".join(_kinds(pair))


def _kinds(pair: Pair) -> tuple[str, ...]:
    """The kinds of evidence that a pair has, each once; without any but the link it is not known to work."""
    words: list[str] = []
    for ground in pair.grounds:
        if ground.grade is Grade.REPORTED_BAD_PLUGIN:
            continue
        word = _GRADES[ground.grade]
        sibling = (ground.tensorflow, ground.plugin) != (pair.tensorflow, pair.plugin)
        if ground.grade is Grade.REPORTED_WORKS and sibling:
            word = f"{word} as {ground.tensorflow} with {ground.plugin}"
        if word not in words:
            words.append(word)
    return (*words, "not known to work") if pair.standing is Standing.UNPROVEN else tuple(words)


def _evidence(answer: Compatibility, pair: Pair) -> Iterator[Block]:
    good = [ground for ground in pair.grounds if ground.grade not in _AGAINST]
    bad = [ground for ground in pair.grounds if ground.grade in _AGAINST and (pair.loads or ground.grade not in _LATER)]
    if good:
        yield Section("What speaks for it")
        for ground in good:
            yield _ground(answer, pair, ground)
        if pair.loads is False and pair.stated:
            yield Say("A statement is no proof: the wheels were measured, and they do not link.")
    if bad:
        yield Section("What speaks against it")
        for ground in bad:
            yield _ground(answer, pair, ground)
        if pair.loads:
            yield Say(_COMPARE)


def _ground(answer: Compatibility, pair: Pair | None, ground: Ground) -> Say:
    about = f"TensorFlow {ground.tensorflow} with {answer.apple_distribution} {ground.plugin}"
    source = f"{ground.source.title}, {ground.source.date}"
    grade = _GRADES[ground.grade]
    if pair is None:
        return Say(f"{grade}: {ground.says}", about, source, ground.source.url)
    same = (ground.tensorflow, ground.plugin) == (pair.tensorflow, pair.plugin)
    return Say(ground.says if same else f"{about}: {ground.says}", grade, source, ground.source.url)


def _community(community: Community) -> Iterator[Block]:
    name = f"{community.distribution} {community.version}"
    yield Section(f"The community's plugin, {name} (not Apple's)")
    if community.obstacles:
        yield Say(f"{'; '.join(community.obstacles)}.", "It cannot serve here")
        yield Say("What it needs and what it costs, where it can:")
        yield Copy((f"m1doctor compat --tensorflow {community.tensorflow}",))
        return
    yield Say("It could serve here, by what its authors say; no report by anybody else is known. By two commands:")
    yield Copy(tuple(f"python -m pip install {paste_line([step])}" for step in community.steps))
    yield from _terms(community)


def _terms(community: Community) -> Iterator[Block]:
    """What it asks for and what it costs."""
    for condition in community.conditions:
        yield Say(condition, "Needs")
    for cost in community.costs:
        yield Say(cost, "Costs")
    yield Say(community.other_versions, "Other releases")
    measured = community.measured_source
    yield Say(community.measured, "Measured", f"{measured.title}, {measured.date}", measured.url)
    yield Say(f"{community.source.title}, {community.source.date}", "Source", url=community.source.url)
