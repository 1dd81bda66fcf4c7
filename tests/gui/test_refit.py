"""A plane laid by where the paths have led is in the end that of all frames, whatever is asked for while it is laid anew."""

import numpy as np
import pytest

from landscape.run.portrait import portray
from tests.gui.conftest import settled


@pytest.fixture
def half(qtbot, window):
    """The window in the moment before its last refit: a plane laid by half of the frames, the shadows of all of them."""
    session = window.session
    half = portray(session.run, "pca_all", frames=session.run.frames // 2)
    session.picture.portrait = half.extended(session.run, session.run.frames)
    session.picture.choice = "pca_all"
    session.picture.catch_up()
    assert session.picture.drawing and half.fitted == session.run.frames // 2 == session.portrait.fitted
    return half


def of_all_frames(session):
    portrait, fresh = session.portrait, portray(session.run, "pca_all")
    same = portrait.plane.labels == fresh.plane.labels and portrait.yardstick == fresh.yardstick
    return same and portrait.fitted == session.run.frames and portrait.coverage_all == pytest.approx(fresh.coverage_all)


def test_a_view_reshaped_during_the_last_refit_shows_the_plane_of_all_frames(qtbot, window, half):
    picture = window.session.picture
    picture.choose_aspect(1.6 * picture.aspect)
    settled(qtbot, window)
    assert of_all_frames(window.session)
    extent, plane = picture.extent_shown(), window.session.portrait.plane
    assert extent.shaped(picture.aspect, plane).a == pytest.approx(extent.a)
    assert window.session.surface.a[0] == pytest.approx(extent.a[0])


def test_other_heights_asked_for_during_the_last_refit_come_on_the_plane_of_all_frames(qtbot, window, half):
    window.session.heights.choose("validation")
    settled(qtbot, window)
    assert of_all_frames(window.session) and window.session.surface.measure.over == "validation"


def test_a_window_chosen_by_hand_during_the_last_refit_stays_and_so_does_its_plane(qtbot, window, half):
    session = window.session
    wanted = session.picture.extent_shown().scaled(0.5).shaped(session.picture.aspect, half.plane)
    session.picture.look(wanted)
    settled(qtbot, window)
    assert session.portrait.plane is half.plane and session.picture.extent_shown().a == pytest.approx(wanted.a)
    session.resume_training(1.0)
    settled(qtbot, window)
    assert session.portrait.plane is half.plane and session.run.frames > 2 * half.fitted
    session.picture.look_at_all()
    settled(qtbot, window)
    assert of_all_frames(session) and session.picture.extent is None


@pytest.mark.parametrize("choice", ["random", "through"])
def test_a_plane_that_is_asked_for_comes_though_the_view_is_reshaped_at_once(qtbot, window, choice):
    session, picture = window.session, window.session.picture
    picture.choose_plane(choice)
    picture.choose_aspect(1.6 * picture.aspect)
    settled(qtbot, window)
    assert session.portrait.choice == picture.choice == choice
    if choice == "random":  # the same choice again is another seed
        picture.choose_plane("random")
        picture.choose_aspect(picture.aspect / 1.6)
        settled(qtbot, window)
        assert session.portrait.seed == picture.plane_seed == 1


def test_zooming_and_moving_before_a_plane_has_come_is_done_when_it_is_there(qtbot, window):
    session, picture = window.session, window.session.picture
    picture.choose_plane("filter")
    picture.zoom(0.5)
    picture.zoom(0.5)
    picture.move(0.1, 0.0)
    picture.look(picture.extent_shown().scaled(0.01))  # a window of the plane that goes
    settled(qtbot, window)
    assert session.portrait.choice == "filter"
    (left, right), (low, high) = (getattr(session.portrait.extent(picture.aspect), side) for side in "ab")
    width, middle = (right - left) / 4, (left + right) / 2 + 0.1 * (right - left) / 4
    assert picture.extent.a == pytest.approx((middle - width / 2, middle + width / 2))
    assert np.ptp(picture.extent.b) == pytest.approx((high - low) / 4)
    assert (session.surface.a[0], session.surface.a[-1]) == pytest.approx(picture.extent.a)


def test_what_was_to_be_zoomed_goes_with_the_plane_that_was_asked_for(qtbot, window):
    picture = window.session.picture
    picture.choose_plane("filter")
    picture.zoom(0.5)
    picture.choose_plane("random")
    settled(qtbot, window)
    assert window.session.portrait.choice == "random" and picture.extent is None


def test_a_plane_can_be_zoomed_as_soon_as_it_is_seen(qtbot, window):
    session, picture = window.session, window.session.picture
    seen = []
    session.plane_changed.connect(lambda: seen or seen.append((picture.drawing, picture.zoom(0.3))))
    picture.choose_plane("filter")
    settled(qtbot, window)
    assert seen[0][0] and picture.extent is not None and session.portrait.choice == "filter"
    assert session.surface.a[0] == pytest.approx(picture.extent.a[0])


@pytest.mark.parametrize("factor", [1.6, 1 / 1.6])
def test_a_kept_plane_comes_in_its_own_window_though_the_view_is_reshaped_at_once(qtbot, window, factor):
    session, picture = window.session, window.session.picture
    picture.choose_plane("through")  # its axes differ in length: the same shape is another window
    settled(qtbot, window)
    picture.zoom(0.5)
    settled(qtbot, window)
    kept = picture.extent_shown()
    picture.keep("mine")
    settled(qtbot, window)
    picture.choose_plane("pca_all")
    settled(qtbot, window)
    picture.choose_plane("kept:mine")
    picture.choose_aspect(factor * picture.aspect)
    settled(qtbot, window)
    shaped = kept.shaped(picture.aspect, session.portrait.plane)
    assert session.portrait.choice == "kept:mine"
    for end in (0, -1):
        assert (session.surface.a[end], session.surface.b[end]) == pytest.approx((shaped.a[end], shaped.b[end]))
    assert picture.extent_shown().a == pytest.approx(shaped.a) and picture.extent_shown().b == pytest.approx(shaped.b)


def test_another_starts_plane_comes_in_a_window_of_its_own(qtbot, window):
    session, picture = window.session, window.session.picture
    picture.choose_plane("pca_one")
    settled(qtbot, window)
    picture.zoom(0.3)
    settled(qtbot, window)
    session.select(3)
    settled(qtbot, window)
    assert session.portrait.start == 3 and picture.extent is None


def test_a_plane_that_was_asked_for_and_cancelled_does_not_come_later(qtbot, window):
    session, picture = window.session, window.session.picture
    before = session.portrait.plane
    picture.choose_plane("random")
    picture.cancel()
    picture.choose_aspect(1.6 * picture.aspect)
    settled(qtbot, window)
    assert session.portrait.plane is before and picture.choice == "pca_all"
