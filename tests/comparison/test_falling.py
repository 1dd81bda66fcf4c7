import numpy as np

from landscape.comparison import falling, falling_barrier, interpolate, match_neurons


def test_the_barrier_falls_as_in_the_plain_animation(taught, all_digits):
    net, a, b = taught
    sets = {"train": all_digits.validation, "test": all_digits.test}
    events = list(falling(net, a, b, sets, points=9, frames=5))
    whole = [event for event in events if event.whole]
    assert [event.done for event in events] == sorted(event.done for event in events)
    assert (whole[0].moves, whole[-1].moves, whole[-1].done) == (0, whole[-1].all_moves, 1)
    np.testing.assert_array_equal(whole[-1].theta, match_neurons(net, a, b))
    for which, split in sets.items():
        plain = list(falling_barrier(net, a, b, split.images, split.labels, points=9, frames=5))
        assert [frame.moves for frame in plain] == [event.moves for event in whole]
        for frame, event in zip(plain, whole):
            np.testing.assert_allclose(event.lines[which].loss, frame.line.loss, rtol=1e-6)


def test_models_that_match_already_have_one_moment(taught, all_digits):
    net, a, _ = taught
    (only,) = [event for event in falling(net, a, a, {"test": all_digits.test}, points=3) if event.whole]
    assert (only.moves, only.all_moves, only.done) == (0, 0, 1)
    line = interpolate(net, a, a, all_digits.test.images, all_digits.test.labels, 3)
    np.testing.assert_allclose(only.lines["test"].loss, line.loss)
