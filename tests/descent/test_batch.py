import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.descent.batch import Given, Shuffled, chunk


@given(examples=st.integers(1, 30), data=st.data())
def test_every_epoch_sees_every_example_once(examples, data):
    size = data.draw(st.integers(1, examples))
    batches = Shuffled(examples, size, seed=3)
    for epoch in range(2):
        steps = range(epoch * batches.steps_per_epoch + 1, (epoch + 1) * batches.steps_per_epoch + 1)
        seen = np.concatenate([batches.of_step(step, 0) for step in steps])
        np.testing.assert_array_equal(np.sort(seen), np.arange(examples))


def test_orders_differ_by_epoch_and_seed_and_by_start_if_wanted():
    def order(start=0, epoch=0, **options):
        return Shuffled(50, 50, **options).of_step(epoch + 1, start).tolist()

    assert order() == order() == order(start=7)
    assert order() != order(epoch=1)
    assert order() != order(seed=1)
    assert order(start=1, shared=False) != order(start=2, shared=False)


@pytest.mark.parametrize("shared", [True, False])
def test_a_chunk_lays_the_batches_end_to_end(shared):
    batches = Shuffled(10, 4, shared=shared)
    laid = list(chunk(batches, 2, 5, starts=2))
    for start, (index, offsets) in enumerate(laid):
        assert offsets.tolist() == [0, 4, 6, 10, 14]
        for place, step in enumerate(range(2, 6)):
            np.testing.assert_array_equal(index[offsets[place] : offsets[place + 1]], batches.of_step(step, start))


def test_given_batches_say_when_an_epoch_is_over():
    given_batches = Given.of([[0, 1], [2, 3], [0]], examples=4)
    assert given_batches.steps_per_epoch == 2
