"""Jobs without an event loop: `poll` is a plain call."""

import threading

import pytest

from landscape.gui.jobs import Job, Lanes
from landscape.gui.workers import Workers


def drained(job):
    """Run a job to its end by polling."""
    job.start()
    job.wait()
    job.poll()


@pytest.fixture
def workers():
    """Threads that end with the test."""
    threads = Workers()
    yield threads
    threads.end()


@pytest.fixture
def heard():
    """What a job has told."""
    return []


def listen(job, heard):
    """Write down every signal of a job."""
    job.items.connect(lambda batch: heard.append(("items", batch)))
    job.finished.connect(lambda: heard.append(("finished",)))
    job.failed.connect(lambda error: heard.append(("failed", str(error))))


def test_items_come_in_order_then_the_end(qtbot, workers, heard):
    job = Job(lambda: (n for n in range(5)), workers)
    listen(job, heard)
    drained(job)
    assert heard == [("items", [0, 1, 2, 3, 4]), ("finished",)]


def test_an_error_comes_after_the_items_before_it(qtbot, workers, heard):
    def work():
        yield 1
        raise ValueError("no")

    job = Job(work, workers)
    listen(job, heard)
    drained(job)
    assert heard == [("items", [1]), ("failed", "no")]


def test_an_error_before_the_first_item(qtbot, workers, heard):
    def work():
        raise ValueError("at once")
        yield

    job = Job(work, workers)
    listen(job, heard)
    drained(job)
    assert heard == [("failed", "at once")]


def test_cancelling_runs_the_generators_end_and_is_silent(qtbot, workers, heard):
    closed, begun = threading.Event(), threading.Event()

    def work():
        try:
            while True:
                begun.set()
                yield 1
        finally:
            closed.set()

    job = Job(work, workers)
    listen(job, heard)
    job.start()
    begun.wait(10)
    job.cancel()
    job.wait()
    job.poll()
    assert closed.is_set()
    assert heard == []


def test_cancelling_from_inside_a_slot(qtbot, workers, heard):
    job = Job(lambda: (n for n in range(3)), workers)
    job.items.connect(lambda batch: job.cancel())
    job.finished.connect(lambda: heard.append("finished"))
    drained(job)
    assert heard == []


def test_a_new_job_in_a_lane_waits_for_the_old_one_and_silences_it(qtbot, heard):
    order = []
    release = threading.Event()

    def old():
        try:
            yield "old"
            release.wait(10)
            yield "old"
        finally:
            order.append("old closed")

    def new():
        order.append("new begins")
        yield "new"

    lanes = Lanes()
    lanes.start("a", "", old, lambda batch: heard.extend(batch))
    qtbot.waitUntil(lambda: heard == ["old"])
    lanes.start("a", "", new, lambda batch: heard.extend(batch))
    release.set()
    qtbot.waitUntil(lambda: "new" in heard)
    assert order == ["old closed", "new begins"]
    assert heard == ["old", "new"]
    lanes.close()


def test_jobs_that_are_over_are_gone(qtbot):
    lanes, ended = Lanes(), []
    for number in range(5):
        lanes.start("some", "", lambda: (n for n in [1]), lambda batch: None, lambda: ended.append(1), tick_ms=1)
        qtbot.waitUntil(lambda number=number: len(ended) == number + 1)
    lanes.start("some", "", lambda: (n for n in [1]), lambda batch: None)
    lanes.cancel("some")
    qtbot.waitUntil(lambda: not lanes.findChildren(Job))
    lanes.close()


def test_a_lane_can_begin_again_from_its_end(qtbot):
    lanes, seen = Lanes(), []

    def begin():
        lanes.start(
            "some", "", lambda: (n for n in [len(seen)]), seen.extend, lambda: begin() if len(seen) < 3 else None, 1
        )

    begin()
    qtbot.waitUntil(lambda: seen == [0, 1, 2] and not lanes.running("some"))
    lanes.close()


def test_nothing_starts_in_lanes_that_are_closed(qtbot):
    lanes = Lanes()
    lanes.close()
    lanes.start("late", "too late", lambda: iter([1]), lambda batch: None)
    assert not lanes.running("late") and not lanes.activity


def test_a_cancelled_job_tells_when_its_worker_has_left(qtbot):
    """Until then it may write to what it works on: its last item comes after it was told to stop."""
    begun, release, written, left = threading.Event(), threading.Event(), [], []

    def work():
        yield 1
        begun.set()
        release.wait(10)
        written.append("late")
        yield 2

    lanes = Lanes()
    lanes.left.connect(lambda lane: left.append((lane, *written)))
    lanes.start("some", "", work, lambda batch: None)
    qtbot.waitUntil(begun.is_set)
    lanes.cancel("some")
    assert not lanes.running("some") and left == []
    release.set()
    qtbot.waitUntil(lambda: left == [("some", "late")])
    lanes.start("some", "", work, lambda batch: None)
    lanes.close()
    assert left == [("some", "late")]
