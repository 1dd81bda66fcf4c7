import pytest

from landscape import cores
from landscape.errors import SetupError


@pytest.mark.parametrize("wish", ["0", "-1", "two", "1.5", "²", "٣"])
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
