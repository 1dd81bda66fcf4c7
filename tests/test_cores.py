import os
import subprocess
import sys
import threading

import pytest

from landscape import cores
from landscape.errors import SetupError


@pytest.mark.parametrize("wish", ["0", "-1", "two", "1.5", "²", "٣", "1025", "9" * 5000])
def test_a_wish_for_threads_that_is_no_number_is_said(monkeypatch, wish):
    monkeypatch.setenv("LANDSCAPE_THREADS", wish)
    with pytest.raises(SetupError, match="LANDSCAPE_THREADS is"):
        cores.count()


def test_a_wish_for_threads_is_followed(monkeypatch):
    monkeypatch.setenv("LANDSCAPE_THREADS", " 3 ")
    assert cores.count() == 3
    monkeypatch.delenv("LANDSCAPE_THREADS")
    assert cores.count() >= 1


def test_work_spread_from_within_spread_work_ends(monkeypatch):
    monkeypatch.setenv("LANDSCAPE_THREADS", "2")

    def inner(number):
        return list(cores.spread(lambda other: number * other, range(4)))

    assert list(cores.spread(inner, range(6))) == [[number * other for other in range(4)] for number in range(6)]


@pytest.mark.parametrize(("wish", "threads"), [("1", 0), ("2", 2), ("3", 3)])
def test_a_process_works_on_as_many_threads_as_it_was_told(wish, threads):
    program = """
import threading, numpy as np
from landscape.network import Network
from landscape.plane import Plane
from landscape.surface import evaluate, evaluate_progressively
net = Network((60, 40, 10))
X, y = np.random.default_rng(0).random((3000, 60), np.float32), np.arange(3000) % 10
plane, grid = Plane.random(net, net.init()), np.linspace(-1, 1, 31)
busy = set()
for _ in evaluate_progressively(net, plane, X, y, grid, grid):
    busy |= {thread.name for thread in threading.enumerate() if thread.name.startswith("landscape-core")}
print(len(busy))
"""
    done = _python(program, wish)
    assert done.stdout.split() == [str(threads)], done.stderr


def test_a_command_says_in_one_sentence_that_the_wish_is_nonsense(tmp_path):
    done = _python(
        "import sys; from landscape.__main__ import main; sys.exit(main())",
        "many",
        "demo",
        "--out",
        str(tmp_path / "demo"),
    )
    assert done.returncode == 2
    assert "LANDSCAPE_THREADS is 'many'; set it to a whole number from 1" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def _python(program, threads, *arguments):  # type: ignore[no-untyped-def]
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=os.environ | {"LANDSCAPE_THREADS": threads},
        capture_output=True,
        text=True,
    )


def test_items_begin_only_a_few_at_a_time_and_those_not_begun_are_dropped(monkeypatch):
    monkeypatch.setenv("LANDSCAPE_THREADS", "2")
    begun = []
    results = cores.spread(lambda number: begun.append(number) or number, range(100), at_once=3)
    assert [next(results) for _ in range(10)] == list(range(10))
    results.close()
    assert len(begun) <= 10 + 2 * 3


def test_results_come_in_order_however_few_begin_at_a_time(monkeypatch):
    monkeypatch.setenv("LANDSCAPE_THREADS", "2")
    assert list(cores.spread(lambda number: number * number, range(20), at_once=1)) == [n * n for n in range(20)]


def test_all_items_are_worked_through_in_order_on_all_threads(monkeypatch):
    monkeypatch.setenv("LANDSCAPE_THREADS", "2")
    met = threading.Barrier(2)

    def work(number):
        if number < 2:
            met.wait(30)  # breaks unless two threads are at work
        return -number

    assert list(cores.spread(work, range(50))) == [-number for number in range(50)]


def test_what_work_raises_is_raised_and_nothing_goes_on_behind(monkeypatch):
    monkeypatch.setenv("LANDSCAPE_THREADS", "2")
    at_work = []

    def work(number):
        at_work.append(number)
        if number == 3:
            raise SetupError("the fourth will not do")
        at_work.remove(number)

    with pytest.raises(SetupError, match="the fourth"):
        list(cores.spread(work, range(20)))
    assert at_work == [3]
