"""Whatever is asked for in quick succession: the newest request wins, and nothing of an older one is shown after it."""

import numpy as np

from landscape.surface import evaluate
from tests.gui.conftest import LONG, settled


def test_of_planes_in_quick_succession_only_the_last_is_shown(qtbot, window):
    session, picture = window.session, window.session.picture
    shown = []
    session.surface_extended.connect(lambda: shown.append((picture.asked, session.surface)))
    session.plane_changed.connect(lambda: shown.append((picture.asked, session.surface)))
    picture.asked = None
    asked = []
    for number, choice in enumerate(("random", "starts", "filter", "random", "starts", "pca_all")):
        picture.asked = number
        asked.append(choice)
        picture.choose_plane(choice)
        if number % 2:  # some are overtaken before they have begun, some in the middle of being drawn
            before = len(shown)
            qtbot.waitUntil(lambda before=before: len(shown) > before, timeout=LONG)
    settled(qtbot, window)
    planes = {}
    for number, surface in shown:
        if surface is not None:
            planes.setdefault(number, set()).add(id(surface.plane))
    assert all(len(each) == 1 for each in planes.values())  # one request, one plane
    assert len(set().union(*planes.values())) == len(planes)  # and no plane of an older one after the newer was asked
    assert session.surface.plane is session.portrait.plane and picture.choice == "pca_all"


def test_of_measures_in_quick_succession_the_shown_heights_are_those_of_the_last(qtbot, window):
    session = window.session
    for over in ("validation", "training", "validation", "training", "validation"):
        session.heights.choose(over)
        qtbot.wait(1)
    settled(qtbot, window)
    surface, run = session.surface, session.run
    X, y = run.measured("validation")
    wanted = evaluate(run.net, surface.plane, X, y, surface.a, surface.b)
    np.testing.assert_allclose(surface.loss, wanted.loss, rtol=1e-5)
