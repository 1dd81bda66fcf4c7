"""The wheel over a plot on a page that scrolls: it turns the page, wherever on the plot the mouse is."""

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication

from landscape.gui.inspect.lab.chart_view import ChartView
from landscape.gui.theme import DARK


@pytest.mark.parametrize("place", [(0.6, 0.4), (0.6, 0.97), (0.03, 0.4)])
def test_a_chart_and_its_axes_leave_the_wheel_to_the_page(qtbot, place):
    chart = ChartView(DARK)
    qtbot.addWidget(chart)
    chart.resize(400, 300)
    chart.show()
    port = chart.plot.viewport()
    at = QPointF(place[0] * port.width(), place[1] * port.height())
    turn = QWheelEvent(
        at, QPointF(port.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, turn)
    assert not turn.isAccepted()  # what a widget does not accept comes to the page below
