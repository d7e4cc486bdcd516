"""What the checks of the TF family share: how a run of the target ended, quoted and put into words."""

from __future__ import annotations

from m1doctor.checks.install_steps import install, pinned, uninstall
from m1doctor.checks.plugin_words import pair_remedy
from m1doctor.checks.tensorflow_packages import tensorflow_distribution
from m1doctor.knowledge.failures import Failure, Mending, classify, telling_lines
from m1doctor.knowledge.known_faults import known_faults
from m1doctor.knowledge.signals import signal_meanings
from m1doctor.model.facts import Facts
from m1doctor.model.remedy import Remedy, Step, manual
from m1doctor.model.runtime import ChildEnd, ChildOutcome

STACK_FRAMES = 6
"""Innermost frames that are quoted."""
LAST_LINES = 8
"""Last lines of standard error that are quoted."""
NOT_HERE = "the target is not for Apple silicon and has no GPU plugin"


def expects_a_gpu(facts: Facts) -> bool:
    """Whether TensorFlow should see a GPU here: on Apple silicon, and wherever a plugin is installed."""
    if facts.interpreter is not None and facts.interpreter.apple_silicon_target:
        return True
    if facts.plugins is not None and facts.plugins.libraries:
        return True
    return facts.packages is not None and any(facts.packages.find(name) for name in known_faults().metal_providers)


def applies_to_gpus(facts: Facts) -> str | None:
    """For `Check.applies`: why there is no GPU to speak of."""
    return None if expects_a_gpu(facts) else NOT_HERE


def imported(facts: Facts) -> bool:
    """Whether `import tensorflow` came to a good end."""
    return facts.runtime is not None and facts.runtime.import_seconds is not None


def exception_line(outcome: ChildOutcome) -> str:
    """``"ImportError: the last line of the message"``: dyld and Python both put the point at one end or the other."""
    lines = [line.strip() for line in (outcome.exception_message or "").splitlines() if line.strip()]
    return f"{outcome.exception_type}: {lines[-1]}" if lines else f"{outcome.exception_type}"


def quoted(outcome: ChildOutcome) -> tuple[str, ...]:
    """The evidence: the exception in its own words, those behind it, the innermost frames, the last telling lines."""
    lines: list[str] = []
    if outcome.exception_type is not None:
        lines += [
            line for line in f"{outcome.exception_type}: {outcome.exception_message}".splitlines() if line.strip()
        ]
        known = set(lines)
        behind = [line for text in outcome.exception_causes for line in text.splitlines() if line.strip()]
        lines += [line for line in behind if line not in known]
    elif outcome.exception_message is not None:
        lines.append(outcome.exception_message)
    lines += outcome.python_stack[-STACK_FRAMES:]
    if outcome.exception_type is None:
        lines += telling_lines(outcome.last_lines)[-LAST_LINES:]
    return tuple(dict.fromkeys(lines))


def recognise(outcome: ChildOutcome) -> Failure | None:
    """The known failure that the words of this outcome speak of."""
    return classify(
        (
            f"{outcome.exception_type}: {outcome.exception_message}",
            *outcome.exception_causes,
            *outcome.python_stack,
            *telling_lines(outcome.last_lines),
        )
    )


def how_it_ended(outcome: ChildOutcome) -> str:
    """The first line of the evidence: the signal, the status or the limit, when, and in which part."""
    stage = f"in the part {outcome.stage!r}" if outcome.stage is not None else "before the first part"
    match outcome.end:
        case ChildEnd.DIED:
            by_shell = f" (told by exit status {outcome.returncode})" if outcome.returncode is not None else ""
            return f"ended by {outcome.signal}{by_shell} after {outcome.seconds:.1f} s, {stage}"
        case ChildEnd.HUNG:
            return f"no answer in {outcome.seconds:.0f} s, {stage}; ended by m1doctor"
        case ChildEnd.EXITED:
            return f"left with status {outcome.returncode} after {outcome.seconds:.1f} s, {stage}"
        case _:
            return f"{outcome.end.value} {stage}"


def signal_words(facts: Facts, outcome: ChildOutcome) -> str:
    """What the signal means, as a clause; empty for a signal that nobody explains.

    Who calls abort() says why in the last line, so that is quoted where there is one.
    """
    last = telling_lines(outcome.last_lines)[-1:]
    if outcome.signal == "SIGABRT" and last:
        return f"its last words are {last[0].strip()!r}"
    known = signal_meanings().get(outcome.signal or "")
    if known is None:
        return ""
    on_mac = facts.interpreter is not None and facts.interpreter.system == "Darwin"
    return f"{known.meaning}; {known.on_mac}" if on_mac and known.on_mac is not None else known.meaning


def plugins_in_words(facts: Facts) -> str:
    """``"the plugin libmetal_plugin.dylib"``, for a sentence on what ended an import."""
    libraries = facts.plugins.libraries if facts.plugins else ()
    names = [library.path.rpartition("/")[2] for library in libraries]
    return f"the plugin {names[0]}" if len(names) == 1 else "a GPU plugin"


def blamed_plugin(facts: Facts) -> str | None:
    """Evidence that a plugin ended the import: without the plugins it came to a good end. `None` without that proof."""
    runtime = facts.runtime
    if runtime is None or runtime.without_plugins is None or runtime.without_plugins.end is not ChildEnd.FINISHED:
        return None
    return (
        f"in another process, kept from the plugins, the import took {runtime.without_plugins.seconds:.1f} s and works"
    )


def mending(facts: Facts, failure: Failure | None) -> Remedy | None:
    """What to do about an import that failed in a known way, or through a plugin."""
    if blamed_plugin(facts) is not None or (failure is not None and failure.mending is Mending.REMOVE_PLUGIN):
        another = other_plugin(facts)
        if any("install" in step.argv for step in another):
            return Remedy(
                summary="Install the plugin that goes with this TensorFlow, or take the plugin away.",
                steps=(*another, *_without_plugin(facts, "Or remove the plugin")),
            )
        return Remedy(summary="Take the plugin away.", steps=_without_plugin(facts))
    if failure is None:
        return None
    own = tuple(manual(text) for text in failure.fix)
    match failure.mending:
        case Mending.COMPLETE:
            steps = (*_tensorflow(facts, "Let the installer correct what TensorFlow requires.", again=False), *own)
            return Remedy(summary="Bring what TensorFlow requires to the versions that it asks for.", steps=steps)
        case Mending.REINSTALL:
            steps = (*_tensorflow(facts, "Lay TensorFlow down anew.", again=True), *own)
            return Remedy(summary="Install TensorFlow again.", steps=steps)
        case _:
            return Remedy(summary=failure.fix[0], steps=own) if own else None


def other_plugin(facts: Facts) -> tuple[Step, ...]:
    """The steps to a plugin that goes with this TensorFlow; none where that is the one that is installed."""
    libraries = facts.plugins.libraries if facts.plugins else ()
    if not libraries:
        return ()
    steps = pair_remedy(facts, libraries[0]).steps
    pins = {argument for step in steps for argument in step.argv if "==" in argument}
    installed = facts.packages.distributions if facts.packages else ()
    return () if pins and pins <= {pinned(each) for each in installed} else steps


def _tensorflow(facts: Facts, text: str, *, again: bool) -> tuple[Step, ...]:
    found = tensorflow_distribution(facts.packages) if facts.packages else None
    if found is None:
        return (manual("Install the same TensorFlow again, so that the installer restores what it requires."),)
    return (install(facts, text, pinned(found), again=again),)


def _without_plugin(facts: Facts, advice: str = "Remove the plugin") -> tuple[Step, ...]:
    text = f"{advice}: TensorFlow then imports, and computes on the CPU."
    libraries = facts.plugins.libraries if facts.plugins else ()
    installed = {line.rpartition(" ")[0] for library in libraries for line in library.distributions}
    if facts.packages is not None:
        installed |= {name for name in known_faults().metal_providers if facts.packages.find(name)}
    if installed:
        return (uninstall(facts, text, *sorted(installed)),)
    paths = ", ".join(library.path for library in libraries)
    return (manual(f"{text} No package owns it: move {paths or 'it'} out of tensorflow-plugins."),)
