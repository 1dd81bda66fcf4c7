"""A relief without a window around it. Needs OpenGL: without, its tests are skipped (see test_relief_on_a_screen)."""

import pytest

from landscape.gui.relief.opengl import why_no_opengl
from landscape.gui.session import Session
from landscape.gui.theme import DARK
from landscape.run.portrait import evaluating, portray
from tests.gui.relief.seeing import SIZE, show_frame


@pytest.fixture
def session(qapp, small_run, tmp_path):
    """A session that shows the small run on the plane of its starts; nothing runs in it."""
    if why_no_opengl():
        pytest.skip(f"no OpenGL here: {why_no_opengl()}")
    session = Session(tmp_path)
    session.run = small_run
    session.picture.portrait = portray(small_run, "starts")
    session.picture.framed = small_run.frames
    *_, session.picture.surface = evaluating(small_run, session.portrait, cells=41)
    session.best = small_run.best
    show_frame(session, small_run.frames - 1)
    yield session
    session.close()


@pytest.fixture
def view(qtbot, session):
    from landscape.gui.relief.view import ReliefView

    view = ReliefView(session, DARK)
    qtbot.addWidget(view)
    view.resize(*SIZE)
    view.show()
    for _ in range(2):  # the first time it is laid out
        view.grab()
    view.scene.refresh({"contours"})
    return view
