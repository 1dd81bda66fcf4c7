"""The rate over a run to come: the sentence says what the schedule does, the curve shows it."""

import pytest

from landscape.gui.setup.rate_curve import POINTS, RateCurve, Rates
from landscape.run.descending import SCHEDULES, DescentSetup


def rates(**chosen):
    return Rates.of(DescentSetup(**chosen))


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({}, "The rate stays at 0.3."),
        ({"schedule": "step", "epochs": 3}, "The rate falls from 0.3 to 0.075."),
        ({"schedule": "cosine"}, "The rate falls from 0.3 to nearly 0."),
        ({"schedule": "warm_up", "warm_up": 2}, "The rate rises from 0.1 to 0.3 until epoch 2."),
        (
            {"schedule": "one_cycle", "epochs": 10},
            "The rate rises from 0.012 to 0.3 until epoch 3, then falls to nearly 0.",
        ),
    ],
)
def test_the_sentence_names_where_the_rate_begins_is_highest_and_ends(chosen, sentence):
    assert rates(**chosen).sentence == sentence


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("epochs", [0.001, 0.5, 10_000])
def test_every_schedule_has_a_curve_at_any_length(qtbot, schedule, epochs):
    shown = rates(schedule=schedule, epochs=epochs)
    curve = RateCurve()
    qtbot.addWidget(curve)
    curve.resize(200, 40)
    curve.show_rates(shown)
    points = curve.points()
    assert len(points) == POINTS
    assert all(0 <= point.x() <= 200 and 0 <= point.y() <= 40 for point in points)
    assert curve.accessibleDescription() == shown.sentence


def test_the_curve_is_drawn_where_the_rates_are(qtbot):
    curve = RateCurve()
    qtbot.addWidget(curve)
    curve.resize(200, 40)
    curve.show_rates(rates(schedule="step", decay=0.5, epochs=2))
    high, low = curve.points()[50], curve.points()[350]
    assert low.y() - high.y() == pytest.approx((40 - 8) / 2)
    picture = curve.grab().toImage()
    accent = curve.palette().highlight().color()
    drawn = [picture.pixelColor(int(point.x()), round(point.y())) for point in (high, low)]
    assert all(abs(pixel.green() - accent.green()) < 60 for pixel in drawn)
    assert picture.pixelColor(int(high.x()), int(low.y())) != drawn[0]
