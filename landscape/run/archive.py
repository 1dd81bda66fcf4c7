"""A run as one file: a zip of its setup, its manifest and its plain arrays.

Nothing in it is ever executed, and nothing is believed before it is checked: names, sizes and shapes first.
"""

import json
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from landscape.errors import LandscapeError, RecordError
from landscape.plane import Plane
from landscape.run import kept_plane
from landscape.run.model import written_whole
from landscape.run.run import FORMAT, FRAME_FIGURES, START_FIGURES, Run
from landscape.run.setup import Setup

SUFFIX = ".landscape"
ARRAYS = (*FRAME_FIGURES, *START_FIGURES, "thetas", "states", "batch_losses", "plane")
MEMBERS = ("setup.toml", "manifest.json", *(f"{name}.npy" for name in ARRAYS))
MOST_BYTES = 2**36


def save_run(run: Run, path: Path) -> Path:
    """Write a run as a .landscape file: whole or not at all."""
    if path.suffix != SUFFIX:
        path = path.with_name(path.name + SUFFIX)

    def write(partial: Path) -> None:
        run.write_manifest()
        # The arrays hardly shrink, and stored members can be copied at the speed of the disk.
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            kept = [name for name in kept_plane.MEMBERS if (run.folder / name).exists()]
            for name in (*MEMBERS, *kept):
                archive.write(run.folder / name, name)

    written_whole(path, write)
    return path


def load_run(path: Path) -> Run:
    """Open a .landscape file (its arrays are laid out in a temporary folder) or the folder of a growing run."""
    if path.is_dir():
        return _opened(path, path)
    folder = Path(tempfile.mkdtemp(prefix="landscape-"))
    try:
        _unpack(path, folder)
        run = _opened(folder, path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    run.own_folder()
    return run


def _unpack(path: Path, folder: Path) -> None:
    try:
        _copy_members(path, folder)
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, OSError) and error.strerror:
            raise RecordError(f"{path} can't be read: {error.strerror}") from None
        raise RecordError(
            f"{path} is not a whole run file ({error}); it may be cut off: copy or save it again"
        ) from None


def _copy_members(path: Path, folder: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        found = {member.filename: member for member in archive.infolist()}
        missing = [name for name in MEMBERS if name not in found]
        if missing:
            raise RecordError(f"{path} is not a run of this program: it has no {missing[0]}")
        wanted = [*MEMBERS, *(name for name in kept_plane.MEMBERS if name in found)]
        total = sum(found[name].file_size for name in wanted)
        stored = sum(found[name].compress_size for name in wanted)
        if total > MOST_BYTES or total > 1000 * max(stored, 1) or total > shutil.disk_usage(folder).free:
            raise RecordError(f"{path} would unpack to {total:,} bytes: that is more than fits, or than is believable")
        for name in wanted:  # only these names: a path in the archive can lead nowhere else
            with archive.open(found[name]) as source, (folder / name).open("wb") as target:
                shutil.copyfileobj(source, target, 2**20)


def _opened(folder: Path, named: Path) -> Run:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        _check_manifest(manifest, named)
        setup = Setup.from_toml((folder / "setup.toml").read_text(encoding="utf-8"), f"the setup in {named}")
        shapes = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False).shape for name in ARRAYS}
        net, K = setup.build_network(), len(manifest["starts"])
        if shapes["plane"] != (3, net.P) or shapes["thetas"][1:] != (K, net.P) or shapes["loss"][1:] != (K,):
            raise RecordError(f"{named} does not fit together: its arrays have other sizes than its setup")
        words = manifest.get("plane", {})
        first, second = words.get("labels", ("u", "v"))
        origin, u, v = np.load(folder / "plane.npy", allow_pickle=False)
        plane = Plane(origin, u, v, kind=str(words.get("kind", "custom")), labels=(str(first), str(second)))
        run = Run(folder, setup, manifest, plane)
    except OSError as error:
        raise RecordError(f"{named} can't be read: {error.strerror or error}") from None
    except LandscapeError as error:
        raise RecordError(str(error)) from None
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, EOFError) as error:
        # numpy's own words on a file that is no plain array end in advice to run what is in it
        reason = "one of its arrays is not a plain array" if "pickle" in str(error) else error
        raise RecordError(f"{named} is damaged: {reason}") from None
    if run.frames == 0:
        raise RecordError(f"{named} holds no complete frame: there is nothing to show")
    try:
        kept_plane.kept_planes(run)
    except RecordError as error:
        raise RecordError(f"{named}: {error}; ask for it again, or save it anew") from None
    return run


def _check_manifest(manifest: Any, named: Path) -> None:
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise RecordError(f"{named} is not a run of this program")
    if manifest["format"] > FORMAT:
        raise RecordError(
            f"{named} was written by a newer version (file format {manifest['format']}, this program reads up to {FORMAT}); "
            "update the program to open it"
        )
    if manifest["engine"] not in ("fast", "plain"):
        raise RecordError(f"{named} was made by the engine {manifest['engine']!r}, which this program does not have")
    if not manifest["starts"] or len(manifest["stops"]) != len(manifest["starts"]) or manifest["stride"] < 1:
        raise RecordError(f"{named} is damaged: its manifest contradicts itself")
