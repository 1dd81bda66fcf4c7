import numpy as np

from landscape.run.in_step import in_step_by_loss

LOSSES = np.array(
    [
        # leader, faster, never as low, explodes
        [3.0, 3.0, 3.0, 3.0],
        [2.0, 1.0, 2.5, 9.0],
        [1.5, 0.5, 1.9, np.nan],
        [1.7, 0.4, 2.0, np.inf],
    ]
)


def test_each_stands_where_its_loss_first_was_as_low():
    found = in_step_by_loss(LOSSES, 0, 2)
    assert found.frames.tolist() == [2, 1, 2, 0]
    assert found.reached.tolist() == [True, True, False, False]
    assert found.loss == 1.5


def test_the_leader_stands_at_the_cursor_even_when_its_loss_has_risen():
    found = in_step_by_loss(LOSSES, 0, 3)
    assert found.frames[0] == 3 and found.loss == 1.7


def test_a_loss_between_two_frames_can_be_given():
    assert in_step_by_loss(LOSSES, 0, 1, loss=0.45).frames.tolist() == [1, 3, 2, 0]


def test_a_leader_that_has_exploded_leads_nobody():
    found = in_step_by_loss(LOSSES, 3, 2)
    assert found.reached.tolist() == [False, False, False, True]
    assert found.frames.tolist() == [2, 3, 2, 2]


def test_the_losses_of_a_run_are_matched(small_run):
    losses = small_run.figure("loss")
    frame = small_run.frames - 1
    found = in_step_by_loss(losses, 2, frame)
    for start, (at, reached) in enumerate(zip(found.frames, found.reached, strict=True)):
        if start != 2 and reached:
            assert losses[at, start] <= losses[frame, 2] and (losses[:at, start] > losses[frame, 2]).all()
