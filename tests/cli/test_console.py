import json
import math
import signal
from types import SimpleNamespace

import pytest

from landscape.cli.console import follow, report, say


def events(count, closed, interrupt_at=None):
    try:
        for i in range(1, count + 1):
            if i == interrupt_at:
                signal.raise_signal(signal.SIGINT)
            yield SimpleNamespace(done=i / count, number=i)
    finally:
        closed.append(True)


def test_all_events_are_handed_on_and_the_end_is_said(capsys):
    closed = []
    assert [event.number for event in follow(events(3, closed), "working")] == [1, 2, 3]
    assert closed == [True]
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("working …\nworking: done in ")


def test_ctrl_c_is_heeded_between_two_events():
    closed, seen = [], []
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        for event in follow(events(9, closed, interrupt_at=4), "working"):
            seen.append(event.number)
    assert seen == [1, 2, 3, 4]  # the event in which it was pressed is whole
    assert closed == [True]
    assert signal.getsignal(signal.SIGINT) is before


def test_leaving_early_closes_the_work():
    closed = []
    for _ in (following := follow(events(9, closed), "working")):
        break
    following.close()
    assert closed == [True]


def test_results_go_to_stdout_and_with_json_only_figures_do(capsys):
    figures = {"loss": math.nan, "steps": (1, 2), "path": object}
    report(["a [bold]sentence[/bold] " + "long " * 50], {}, as_json=False)
    assert capsys.readouterr().out == "a [bold]sentence[/bold] " + "long " * 50 + "\n"
    report(["a sentence"], figures, as_json=True)
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"loss": None, "steps": [1, 2], "path": "<class 'object'>"}
    assert captured.err == "a sentence\n"
    say("words")
    assert capsys.readouterr().err == "words\n"
