import numpy as np
import pytest

from landscape.run.axis_card import LENGTHS, axis_card, most_coverage
from landscape.run.choice import DRAWN, PLANES
from landscape.run.portrait import portray


@pytest.mark.parametrize("choice", PLANES)
@pytest.mark.parametrize("axis", [0, 1])
def test_every_axis_says_what_it_is(small_run, choice, axis):
    portrait = portray(small_run, choice, seed=5)
    card = axis_card(small_run, portrait, axis)
    direction = (portrait.plane.u, portrait.plane.v)[axis]
    words = " ".join(card.sentences)
    assert card.title.startswith("ab"[axis]) and portrait.plane.labels[axis] in card.title
    assert f"{np.linalg.norm(direction):.3g} long" in words
    drawn = choice in DRAWN and not (choice in ("line", "gradient") and axis == 0)
    assert ("seed 5" in words) == drawn
    assert sum(card.shares.values()) == pytest.approx(1)
    assert len(card.shares) == 2 * len(small_run.net.layer_shapes)


def test_words_on_length_are_true(small_run):
    run = small_run
    card = axis_card(run, portray(run, "filter"), 0)
    assert LENGTHS["filter"] in card.sentences and card.shares["b1"] == 0
    assert "It meets the other axis at 90°." in axis_card(run, portray(run, "pca_all"), 1).sentences
    assert LENGTHS["pca"] in axis_card(run, portray(run, "hessian"), 0).sentences
    assert LENGTHS["gradient"] in axis_card(run, portray(run, "gradient"), 0).sentences


def test_what_a_plane_can_hold_at_most(small_run):
    assert most_coverage(small_run) == pytest.approx(portray(small_run, "pca_movement").coverage_all, abs=0.02)


def test_a_plane_of_fewer_frames_says_so(small_run):
    half = small_run.frames // 2
    portrait = portray(small_run, "pca_all", frames=half).extended(small_run, small_run.frames)
    said = f"Laid when the run had {half} of its {small_run.frames} frames: key 0 lays it anew."
    assert said in axis_card(small_run, portrait, 0).sentences
    whole = (
        portray(small_run, "pca_all"),
        portray(small_run, "random", frames=half).extended(small_run, small_run.frames),
    )
    for each in whole:  # and a plane that does not look at the paths has nothing to say
        assert "Laid" not in " ".join(axis_card(small_run, each, 0).sentences)
