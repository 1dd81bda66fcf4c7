"""Reads bad copies of a file, one after the other, under a limit of memory, and tells how each ended: as JSON on stdout.

Usage: reader.py GOOD FOLDER SCRATCH. Run in a process of its own, so that a crash is seen, and code that a file runs
hurts nobody.
"""

import hashlib
import json
import os
import re
import resource
import shutil
import sys
import time
from dataclasses import fields
from pathlib import Path

from landscape.data.idx import read_images
from landscape.errors import DataError, RecordError, SetupError
from landscape.export.origin import read_setup
from landscape.lab.plain import to_plain
from landscape.lab.random_search import Trial
from landscape.lab.record import read_found
from landscape.lab.search_record import opened_record
from landscape.model import read_model
from landscape.run import Run, Setup
from landscape.run.kept_plane import kept_planes
from landscape.run.notes import notes_of
from landscape.run.opening import PICTURES, kind_of

MOST_BYTES = 300 * 2**20
FORBIDDEN = ("os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen", "socket.connect", "ctypes.dlopen")
GOOD: list[Path] = []
violations: list[str] = []


def content(path: Path) -> list:
    """All that matters in a file, so that two files can be compared."""
    if path.suffix == ".vtp":
        return [kind_of(path)]  # given out, never read
    if path.suffix in (".idx", ".gz"):
        return [hashlib.sha256(read_images(path)).hexdigest()]
    if path.suffix == ".jsonl":
        return [opened_search(path)]
    if path.suffix == ".found":
        return [json.dumps(to_plain(read_found(path).result))]
    if path.suffix == ".toml":
        return [Setup.load(path)]
    if path.suffix in PICTURES:
        text = read_setup(path)
        return [text and Setup.from_toml(text, f"the setup in {path}")]
    if path.suffix != ".landscape":
        model = read_model(path)
        return [model.net, model.theta.astype("f8").tobytes()]
    run = Run.load(path)
    found = [
        run.setup,
        run.starts,
        run.stops,
        run.plane.origin.tobytes(),
        run.batch_losses.tobytes(),
        run.thetas.tobytes(),
    ]
    found.append(notes_of(run))
    found += [run.figure(name).tobytes() for name in ("step", "epoch", "loss", "accuracy", "smoothed_loss")]
    for kept in kept_planes(run):
        found += [
            kept.name,
            kept.choice,
            kept.plane.labels,
            *(v.tobytes() for v in (kept.plane.origin, kept.plane.u, kept.plane.v)),
        ]
    run.close()
    return found


def opened_search(path: Path) -> list:
    """The trials in the record of a search, of which the settings are known; read from a copy, since it is tidied."""
    settings = json.loads(GOOD[0].read_text(encoding="utf-8").splitlines()[0])["search"]
    copied = Path.cwd() / path.name
    shutil.copyfile(path, copied)
    try:
        return opened_record(copied, settings, tuple(field.name for field in fields(Trial)))
    finally:
        copied.unlink()


def watch(event: str, arguments: tuple) -> None:
    if event in FORBIDDEN:
        violations.append(f"{event} {arguments}")
    elif event == "open" and isinstance(arguments[0], str) and isinstance(arguments[2], int):
        writes = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and not Path(arguments[0]).resolve().is_relative_to(Path.cwd()):
            violations.append(f"open {arguments[0]}")


def ending(path: Path, good: list) -> str:
    try:
        return "equal" if content(path) == good else "different"
    except (RecordError, SetupError, DataError) as error:
        sentence = str(error)
        clear = path.name in sentence and "\n" not in sentence and 20 < len(sentence) < 700
        return "refused" if clear else f"unclear: {sentence[:500]}"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"[:500]


def main() -> None:
    good_file, folder, scratch = (Path(word) for word in sys.argv[1:])
    os.chdir(scratch)
    GOOD.append(good_file)
    good = [] if good_file.suffix == ".vtp" else content(good_file)
    assert good != [None], f"{good_file} carries nothing"
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MOST_BYTES, size + MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(watch)
    endings = {}
    for path in sorted(folder.iterdir()):
        begun = time.process_time()
        end = ending(path, good)
        endings[path.name] = [end, time.process_time() - begun]
    left = sorted(str(entry) for entry in scratch.iterdir())
    # Not ru_maxrss: that is at least what the parent had when it began this process.
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
    json.dump({"endings": endings, "violations": violations, "left": left, "peak": peak}, sys.stdout)


if __name__ == "__main__":
    main()
