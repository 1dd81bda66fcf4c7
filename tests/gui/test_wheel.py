"""The wheel over a plot on a page that scrolls: it turns the page, wherever on the plot the mouse is."""

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from landscape.gui.inspect.lab.chart_view import ChartView
from landscape.gui.theme import DARK


@pytest.mark.parametrize("place", [(0.6, 0.4), (0.6, 0.97), (0.03, 0.4)])
def test_a_page_scrolls_over_a_chart_and_over_its_axes(qtbot, place):
    page, column = QWidget(), QVBoxLayout()
    page.setLayout(column)
    page.setMinimumHeight(900)
    chart = ChartView(DARK)
    column.addWidget(chart)
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    area.setWidget(page)
    area.resize(400, 300)
    area.show()
    area.verticalScrollBar().setValue(200)
    port = chart.plot.viewport()
    at = QPointF(place[0] * port.width(), place[1] * port.height())
    turn = QWheelEvent(
        at, QPointF(port.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, turn)
    assert area.verticalScrollBar().value() < 200
