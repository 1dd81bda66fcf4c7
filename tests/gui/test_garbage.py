"""Cycles are collected by the window's thread and by no other."""

import gc
import threading
import weakref

import pytest

from landscape.gui.garbage import Garbage


class Knot:
    """An object that only a collection can free."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def garbage(qapp):
    enabled = gc.isenabled()
    garbage = Garbage()
    yield garbage
    gc.unfreeze()
    garbage.deleteLater()
    if enabled:
        gc.enable()


def test_a_worker_frees_nothing_and_the_window_does(qtbot, garbage):
    freed_by = []
    knot = Knot()
    weakref.finalize(knot, lambda: freed_by.append(threading.current_thread()))
    del knot
    worker = threading.Thread(target=lambda: [Knot() for _ in range(20_000)])
    worker.start()
    worker.join()
    assert not freed_by
    for _ in range(30):
        garbage.collect()
    qtbot.waitUntil(lambda: bool(freed_by))
    assert freed_by == [threading.main_thread()]


def test_what_the_libraries_made_is_not_looked_through(garbage):
    garbage.spare_libraries()
    assert gc.get_freeze_count() > 10_000 and len(gc.get_objects()) < 1_000
