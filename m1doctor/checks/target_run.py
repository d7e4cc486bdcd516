"""What the checks of the TF family share: how a run of the target ended, quoted and put into words."""

from __future__ import annotations

from m1doctor.checks.install_steps import install, pinned, uninstall
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


def signal_words(facts: Facts, outcome: ChildOutcome) -> str:
    """What the signal means, as a clause; empty for a signal that nobody explains."""
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
        further = failure.fix if failure is not None and failure.mending is Mending.REMOVE_PLUGIN else ()
        steps = (*_without_plugin(facts), *map(manual, further))
        return Remedy(summary="Take the plugin away, or install the one that goes with this TensorFlow.", steps=steps)
    if failure is None:
        return None
    own = tuple(manual(text) for text in failure.fix)
    match failure.mending:
        case Mending.COMPLETE:
            steps = (*_tensorflow(facts, "Let the installer correct what TensorFlow requires.", again=False), *own)
            return Remedy(
                summary="Bring the packages that TensorFlow requires to the versions it asks for.", steps=steps
            )
        case Mending.REINSTALL:
            steps = (*_tensorflow(facts, "Lay TensorFlow down anew.", again=True), *own)
            return Remedy(summary="Install TensorFlow again.", steps=steps)
        case _:
            return Remedy(summary=failure.fix[0], steps=own) if own else None


def _tensorflow(facts: Facts, text: str, *, again: bool) -> tuple[Step, ...]:
    found = tensorflow_distribution(facts.packages) if facts.packages else None
    return (install(facts, text, pinned(found), again=again),) if found is not None else (manual(text),)


def _without_plugin(facts: Facts) -> tuple[Step, ...]:
    text = "Remove the plugin: TensorFlow then imports, and computes on the CPU."
    libraries = facts.plugins.libraries if facts.plugins else ()
    installed = {line.split()[0] for library in libraries for line in library.distributions}
    if facts.packages is not None:
        installed |= {name for name in known_faults().metal_providers if facts.packages.find(name)}
    if installed:
        return (uninstall(facts, text, *sorted(installed)),)
    paths = ", ".join(library.path for library in libraries)
    return (manual(f"{text} No package owns it: move {paths or 'it'} out of tensorflow-plugins."),)
