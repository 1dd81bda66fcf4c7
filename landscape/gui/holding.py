"""Which kept runs are in use: a run's folder is held by one window at a time, and no other window removes it or writes to it.

A lock file names the process that holds a folder; that of a process which is gone holds nothing any more.
"""

import shutil
from pathlib import Path

from PyQt6.QtCore import QLockFile

LOCK = "in-use.lock"


class Holding:
    """The folders that this window holds."""

    def __init__(self) -> None:
        self._locks: dict[Path, QLockFile] = {}

    def take(self, folder: Path) -> bool:
        """Hold a folder, if no other window does; whether it is held by this one now."""
        if folder in self._locks:
            return True
        lock = _lock(folder)
        if lock.tryLock(0):
            self._locks[folder] = lock
            return True
        # Where no lock can be written, nobody can hold anything: such a folder is nobody's.
        return lock.error() != QLockFile.LockError.LockFailedError

    def release(self) -> None:
        """Let go of all."""
        for lock in self._locks.values():
            lock.unlock()
        self._locks.clear()


def is_free(folder: Path) -> bool:
    """Whether no window holds a folder now."""
    lock = _lock(folder)
    free = lock.tryLock(0)
    lock.unlock()  # a file that is open can't be removed everywhere
    return free


def remove_free(folder: Path) -> bool:
    """Remove a run's folder unless a window holds it; whether it is gone."""
    if not is_free(folder):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _lock(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)  # a run may be looked at for days; only the end of its process lets go of it
    return lock
