"""What the tests of the lab share."""

import time
from collections.abc import Iterator

from landscape import cores


def longest_gap(work: Iterator[object], seconds: float) -> float:
    """The most processor seconds, of all cores together, from one result of a work to the next; `work` is closed.

    Watched for so many processor seconds, which a loaded machine does not stretch. As in the window and in commands, BLAS has
    one thread.
    """
    worst = 0.0
    with cores.single_threaded_blas():
        begun = first = time.process_time()
        for _ in work:
            now = time.process_time()
            worst = max(worst, now - begun)
            if now - first > seconds:
                break
            begun = time.process_time()
    work.close()  # type: ignore[attr-defined]
    return worst
