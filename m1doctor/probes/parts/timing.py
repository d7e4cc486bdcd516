"""Timing for the other parts: contenders take turns, so that a neighbour who wakes up hits all of them alike."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List


def in_turns(contenders: Dict[str, Callable[[], Any]], options: Dict[str, Any]) -> Dict[str, List[Any]]:
    """What each contender returned in each round.

    The rounds are as many as fit into ``seconds``, an odd number between ``least`` and ``most``; every other round goes
    backwards, so that nobody always runs after the same neighbour. A device or a machine that is too slow for all of
    them ends after the round in which the time is over (``until``): few samples are an answer, a part that is ended for
    its slowness would look like one that hangs.
    """
    found: Dict[str, List[Any]] = {name: [] for name in contenders}
    order = list(contenders)
    begin = time.perf_counter()
    rounds = 0
    while rounds < options["most"]:
        for name in order:
            found[name].append(contenders[name]())
        order.reverse()
        rounds += 1
        now = time.perf_counter()
        over = now - begin
        if now > options["until"]:
            break
        if rounds >= options["least"] and rounds % 2 == 1 and over * (rounds + 2) / rounds > options["seconds"]:
            break
    return found


def seconds_of(work: Callable[[], Any]) -> float:
    """How long `work` takes, with the way of its small result back to the host, which is what waits for the device."""
    begin = time.perf_counter()
    work().numpy()
    return time.perf_counter() - begin
