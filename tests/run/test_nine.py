import numpy as np
import pytest

from landscape.run.nine import COUNT, nine_planes
from landscape.run.portrait import portray
from landscape.surface.measure import Measure


def test_nine_planes_are_those_of_nine_seeds(small_run):
    tiles = list(nine_planes(small_run, "filter", 4))
    assert [tile.done for tile in tiles] == sorted(tile.done for tile in tiles) and tiles[-1].done == 1
    last = {tile.seed: tile for tile in tiles}
    assert list(last) == list(range(4, 4 + COUNT))
    for seed, tile in last.items():
        assert tile.surface.complete and tile.surface.measure.first == 1000
        if seed in (4, 12):
            portrait = portray(small_run, "filter", seed=seed)
            np.testing.assert_array_equal(tile.surface.plane.u, portrait.plane.u)
            assert tile.coverage == pytest.approx(portrait.coverage_all, rel=0.3)
    assert len({tile.surface.loss[0, 0] for tile in last.values()}) == COUNT


def test_the_measure_is_followed(small_run):
    *_, tile = nine_planes(small_run, "random", 0, Measure("accuracy", label=7), count=1)
    assert tile.surface.measure == Measure("accuracy", label=7) and tile.seed == 0
