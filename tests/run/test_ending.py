from types import SimpleNamespace

from landscape.descent import Stop
from landscape.run.ending import endings


def test_each_reason_is_told_once_with_its_cure():
    stops = (
        Stop("exploded", 2),
        Stop("dead", 9, "all units are silent"),
        None,
        Stop("dead", 12, "x"),
        Stop("target", 5, "a loss"),
    )
    run = SimpleNamespace(starts=[SimpleNamespace(name=f"start {k}") for k in range(5)], stops=stops)
    said = endings(run, failed=True)
    assert said.startswith(f"Start 0 {stops[0].sentence}. Start 1 {stops[1].sentence} (2 starts in all).")
    assert "reached" not in said and "start 3" not in said.lower()
    assert endings(run, failed=False) == f"Start 4 {stops[4].sentence}."
    run.stops = (None,) * 5
    assert endings(run, failed=True) == ""
