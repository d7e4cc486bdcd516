"""GPU time by process: blocks of the IO registry."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.gpu_clients import parse_gpu_busy, parse_gpu_clients


def client(pid: int, name: str, *nanoseconds: int, node: str = "AGXDeviceUserClient") -> str:
    usage = ",".join(
        f'{{"API"="Metal","lastSubmittedTime"=123456789,"accumulatedGPUTime"={number}}}' for number in nanoseconds
    )
    return (
        f"    | +-o {node}  <class {node}, id 0x100000abc, !registered, !matched, active, busy 0, retain 7>\n"
        "    |   {\n"
        f'    |     "AppUsage" = ({usage})\n'
        '    |     "CommandQueueCount" = 1\n'
        f'    |     "IOUserClientCreator" = "pid {pid}, {name}"\n'
        "    |   }\n"
        "    |   \n"
    )


ACCELERATOR = (
    "+-o AGXAcceleratorG13X  <class AGXAcceleratorG13X, id 0x1000002f9, registered, matched, active, busy 0>\n"
    "    | {\n"
    '    |   "PerformanceStatistics" = {"Device Utilization %"=12,"recoveryCount"=0}\n'
    "    | }\n"
    "    | \n"
)


def test_all_clients_and_queues_of_a_process_are_added_up() -> None:
    text = (
        ACCELERATOR + client(42, "python3.12", 1000, 500) + client(7, "WindowServer", 9) + client(42, "python3.12", 1)
    )
    assert parse_gpu_clients(text) == {42: 1501, 7: 9}


def test_usage_and_creator_of_different_clients_are_never_put_together() -> None:
    silent = client(1, "first").replace('"AppUsage" = ()', '"Other" = 1')
    assert parse_gpu_clients(ACCELERATOR + silent + client(2, "second", 8)) == {2: 8}


def test_clients_without_a_counter_are_unknown_and_not_zero() -> None:
    assert parse_gpu_clients(ACCELERATOR + client(1, "first")) is None
    assert parse_gpu_clients("") is None


@pytest.mark.parametrize("path", captures.each("ioreg*.txt"))
def test_the_accelerator_of_a_real_mac_without_its_clients_is_unknown(path: Path) -> None:
    assert parse_gpu_clients(path.read_text()) is None


@given(st.lists(st.tuples(st.integers(1, 99999), st.lists(st.integers(0, 10**15), min_size=1)), min_size=1))
def test_nothing_is_lost_whatever_the_order(clients: list[tuple[int, list[int]]]) -> None:
    found = parse_gpu_clients(ACCELERATOR + "".join(client(pid, "python, x", *times) for pid, times in clients))
    assert found is not None
    assert sum(found.values()) == sum(sum(times) for _, times in clients)


@given(st.text(max_size=400))
def test_any_text_is_survived(text: str) -> None:
    parse_gpu_clients(text)


def test_the_gauge_of_the_driver_is_read_from_its_statistics_alone() -> None:
    legend = '    |   "IOReportLegend" = ({"Device Utilization %"=99})\n'
    assert parse_gpu_busy(ACCELERATOR + client(42, "python3.11", 1000)) == 12
    assert parse_gpu_busy(legend) is None
    assert parse_gpu_busy("") is None
