"""What stands at a step: at once the nearest that is known, then the step itself, then its exact heights."""

import numpy as np
import pytest

from landscape.gui.moment import examined_moment, superseded
from tests.gui.conftest import LONG, settled


@pytest.fixture
def sparse(qtbot, window):
    """The window's session with a run that records only some of its steps, held at a recorded one."""
    session = window.session
    session.train(session.setup.changed(descent={"epochs": 10}))
    qtbot.waitUntil(lambda: not session.training and session.run.stride > 1, timeout=LONG)
    settled(qtbot, window)
    session.playback.jump(0)
    return session


def test_a_jump_between_records_shows_the_nearest_record_at_once_and_then_the_step_itself(qtbot, window, sparse):
    frame = sparse.run.frames // 2
    near, step = int(sparse.run.steps[frame]), int(sparse.run.steps[frame]) + 1
    assert step not in sparse.run.steps
    sparse.playback.jump(step)
    assert sparse.moment.step == near  # no event loop has run: nothing old is on the screen for a moment
    np.testing.assert_array_equal(sparse.moment.thetas, sparse.run.thetas[frame])
    points = window.inspect.page("Curves").points
    points.show_moment()
    assert points.item(0, 1).text().startswith("≈")
    qtbot.waitUntil(lambda: sparse.moment.step == step and sparse.moment.exact_height, timeout=LONG)
    np.testing.assert_array_equal(sparse.moment.thetas, sparse.run.state_at(step).thetas)
    qtbot.waitUntil(lambda: not points.item(0, 1).text().startswith("≈"), timeout=LONG)


def test_stepping_on_between_records_never_goes_back_on_the_way(qtbot, sparse):
    run = sparse.run
    gap = int(np.flatnonzero(np.diff(run.steps) >= 3)[0])
    first = int(run.steps[gap]) + 1
    sparse.playback.jump(first)
    qtbot.waitUntil(lambda: sparse.moment.step == first, timeout=LONG)
    seen = []
    sparse.moment_changed.connect(lambda: seen.append(sparse.moment.step))
    sparse.playback.move("step", 1)
    qtbot.waitUntil(lambda: sparse.moment.step == first + 1, timeout=LONG)
    assert set(seen) == {first + 1}


def test_the_newest_of_many_jumps_wins(qtbot, sparse):
    steps = [step for step in range(1, sparse.run.last_step) if step not in sparse.run.steps]
    wanted = steps[len(steps) // 2]
    seen = []
    sparse.moment_changed.connect(lambda: seen.append(sparse.moment.step))
    for step in (*steps[:20], wanted):
        sparse.playback.jump(step)
    assert abs(seen[-1] - wanted) < sparse.run.stride
    seen.clear()
    qtbot.waitUntil(lambda: sparse.moment.step == wanted and sparse.moment.exact_height, timeout=LONG)
    assert set(seen) == {wanted}


def test_another_plane_is_never_shown_with_the_old_planes_points(qtbot, window, sparse):
    step = int(sparse.run.steps[sparse.run.frames // 2]) + 1
    sparse.playback.jump(step)
    qtbot.waitUntil(lambda: sparse.moment.step == step and sparse.moment.exact_height, timeout=LONG)
    wrong = []
    sparse.surface_extended.connect(
        lambda: sparse.moment.plane is sparse.portrait.plane or wrong.append(sparse.moment.step)
    )
    sparse.picture.choose_plane("filter")
    settled(qtbot, window)
    qtbot.waitUntil(lambda: sparse.moment.step == step, timeout=LONG)
    assert sparse.moment.plane is sparse.portrait.plane and sparse.portrait.choice == "filter"
    assert len(wrong) <= 1  # the first telling of the surface comes just before its points


def test_heights_are_read_at_first_and_exact_at_last(sparse):
    run, portrait, heights = sparse.run, sparse.portrait, sparse.heights
    step = int(run.steps[1]) + 1
    read, exact = examined_moment(run, portrait, step, heights.measure, sparse.surface)
    assert not read.exact_height and exact.exact_height
    X, y = run.measured()
    thetas = run.state_at(step).thetas
    for moment in (read, exact):
        np.testing.assert_allclose(moment.value, run.net.loss(thetas, X, y), rtol=1e-5)
        np.testing.assert_allclose(moment.loss, moment.value)
    np.testing.assert_allclose(read.height, exact.height, rtol=0.05)
    under = portrait.plane.point(*exact.shadows.T).astype(np.float32)
    np.testing.assert_allclose(exact.height, run.net.loss(under, X, y), rtol=1e-5)


def test_what_supersedes_a_moment(sparse):
    run, portrait, moment = sparse.run, sparse.portrait, sparse.moment
    assert moment.step == 0
    recorded = int(run.steps[3])
    assert superseded(None, portrait, recorded + 1, recorded, None)
    assert superseded(moment, portrait, recorded + 1, recorded, None)  # nearer
    assert superseded(moment, portrait, 0, 0, None)  # the step itself
    assert not superseded(moment, portrait, 1, 0, None)  # as near
    assert superseded(moment, portrait, 1, 0, leader=2)  # in step by loss from now on
