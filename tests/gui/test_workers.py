"""Threads that wait for work."""

import threading

from landscape.gui.workers import READY, Workers


def test_works_run_beside_each_other_on_threads_that_are_used_again(qapp):
    workers = Workers()
    met = threading.Barrier(READY + 2)  # more works at a time than there are threads at first
    idents = []

    def work():
        idents.append(threading.get_ident())
        met.wait(30)

    for _ in range(READY + 1):
        workers.begin(work)
    met.wait(30)
    assert len(set(idents)) == READY + 1
    for _ in range(20):
        done = threading.Event()
        workers.begin(lambda done=done: (idents.append(threading.get_ident()), done.set()))
        assert done.wait(30)
    assert len(set(idents)) <= READY + 2
    workers.end()


def test_the_end_waits_for_what_is_being_done_and_leaves_no_thread(qapp):
    workers = Workers()
    begun, release, ended = threading.Event(), threading.Event(), []

    def work():
        begun.set()
        release.wait(30)
        ended.append(True)

    workers.begin(work)
    assert begun.wait(30)
    threading.Timer(0.05, release.set).start()
    workers.end()
    assert ended == [True]
    assert not [thread for thread in threading.enumerate() if thread.name == "landscape-job"]
