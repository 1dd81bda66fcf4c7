"""A run as one file: a zip of its setup, its manifest and its plain arrays.

Nothing in it is ever executed, and nothing is believed before it is checked: names, sizes and shapes first.
"""

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from landscape.errors import LandscapeError, RecordError
from landscape.model.npz_file import declared
from landscape.plane import Plane
from landscape.run import kept_plane
from landscape.run.run import CHECKPOINTS, FORMAT, FRAME_FIGURES, START_FIGURES, Run
from landscape.run.setup import Setup
from landscape.writing import written_whole

SUFFIX = ".landscape"
GROWING = (*FRAME_FIGURES, *START_FIGURES, "thetas", "states", "batch_losses")
ARRAYS = (*GROWING, "plane")
TEXTS = ("setup.toml", "manifest.json")
MEMBERS = (*TEXTS, *(f"{name}.npy" for name in ARRAYS))
MOST_BYTES = 2**36
MOST_TEXT = 2**22
# What the lab has found about a run: a record for every experiment, which only the lab reads.
LAB_RECORD = "lab_{}.json"
LAB_RECORDS = re.compile(r"lab_[a-z-]{1,40}\.json")
MOST_RECORDS, MOST_RECORD = 32, 2**25
# Members are stored as they are; somebody may have packed them again, but numbers of a descent hardly shrink.
MOST_EXPANSION = 100
ENGINES = ("fast", "plain", CHECKPOINTS)


def save_run(run: Run, path: Path) -> Path:
    """Write a run as a .landscape file: whole or not at all."""
    if path.suffix != SUFFIX:
        path = path.with_name(path.name + SUFFIX)

    written_whole(path, lambda partial: _write_members(run, partial))
    return path


def _write_members(run: Run, partial: Path) -> None:
    frames = run.frames  # taken once: the run may be growing, and its file holds what was whole at this moment
    run.write_manifest()
    manifest = json.loads((run.folder / "manifest.json").read_text(encoding="utf-8"))
    hashes: dict[str, str] = {}
    others = ["setup.toml", "plane.npy", *(name for name in kept_plane.MEMBERS if (run.folder / name).exists())]
    others += sorted(path.name for path in run.folder.iterdir() if LAB_RECORDS.fullmatch(path.name))[:MOST_RECORDS]
    # The arrays hardly shrink, and stored members can be copied at the speed of the disk.
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for member in (*others, *(f"{name}.npy" for name in GROWING)):
            with archive.open(member, "w", force_zip64=True) as file:
                target = _Hashing(file)
                if member in others:
                    target.write((run.folder / member).read_bytes())
                else:
                    run.copy_array(member.removesuffix(".npy"), frames, target.write)
            hashes[member] = target.sha256.hexdigest()
        archive.writestr("manifest.json", json.dumps(manifest | {"frames": frames, "sha256": hashes}, indent=1))


class _Hashing:
    """A file to write to that knows the hash of what was written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.sha256 = file, hashlib.sha256()

    def write(self, content: bytes) -> None:
        self.sha256.update(content)
        self._file.write(content)


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
    except LandscapeError:
        raise
    except Exception as error:  # the zip's reader found it damaged, in one of a dozen ways
        if isinstance(error, OSError) and error.strerror:
            raise RecordError(f"{path} can't be read: {error.strerror}") from None
        raise RecordError(
            f"{path} is not a whole run file ({_words(error)}); it may be cut off: copy or save it again"
        ) from None


def _words(error: Exception) -> str:
    """What a reader says, on one line and not without end."""
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= 200 else words[:197] + "…"


def _copy_members(path: Path, folder: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        found = {member.filename: member for member in archive.infolist()}
        missing = [name for name in MEMBERS if name not in found]
        if missing:
            raise RecordError(f"{path} is not a run of this program: it has no {missing[0]}")
        records = [name for name in found if LAB_RECORDS.fullmatch(name)]
        if len(records) > MOST_RECORDS or any(found[name].file_size > MOST_RECORD for name in records):
            raise RecordError(f"{path} holds more of the lab's records, or larger ones, than this program writes")
        wanted = [*MEMBERS, *(name for name in kept_plane.MEMBERS if name in found), *records]
        total = sum(found[name].file_size for name in wanted)
        stored = sum(found[name].compress_size for name in wanted)
        if total > MOST_BYTES or total > MOST_EXPANSION * max(stored, 1) or total > shutil.disk_usage(folder).free:
            raise RecordError(f"{path} would unpack to {total:,} bytes: that is more than fits, or than is believable")
        if max(found[name].file_size for name in TEXTS) > MOST_TEXT:
            raise RecordError(f"{path} has a setup or manifest of more than {MOST_TEXT:,} bytes: that is no run")
        hashes: dict[str, str] = {}
        for name in wanted:  # only these names: a path in the archive can lead nowhere else
            with archive.open(found[name]) as source, (folder / name).open("wb") as target:
                hashing = _Hashing(target)
                shutil.copyfileobj(source, hashing, 2**20)
                hashes[name] = hashing.sha256.hexdigest()
    _check_hashes(folder, hashes, path)


def _check_hashes(folder: Path, found: dict[str, str], named: Path) -> None:
    """Files of earlier versions say no hashes."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    said = manifest.get("sha256") if isinstance(manifest, dict) else None
    for name, digest in said.items() if isinstance(said, dict) else ():
        if found.get(name) != digest:
            raise RecordError(f"{named} was changed after it was saved: its {name} is not the one that was written")


def _opened(folder: Path, named: Path) -> Run:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        _check_manifest(manifest, named)
        setup = Setup.from_toml((folder / "setup.toml").read_text(encoding="utf-8"), f"the setup in {named}")
        shapes = {name: _shape(folder / f"{name}.npy", growing=folder == named) for name in ARRAYS}
        for name in kept_plane.ARRAYS:
            if (folder / name).exists():
                _shape(folder / name, growing=False)
        if "frames" in manifest and folder != named:
            _check_lengths(manifest["frames"], shapes, named)
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
    except MemoryError:
        raise RecordError(f"{named} asks for more memory than there is: it is damaged") from None
    except LandscapeError as error:
        raise RecordError(str(error) if str(named) in str(error) else f"{named} is damaged: {error}") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, EOFError, RecursionError) as error:
        raise RecordError(f"{named} is damaged: {_words(error)}") from None
    if len(run.batch_losses) < run.last_step:
        raise RecordError(f"{named} is damaged: the losses of some of its steps are missing")
    if run.frames == 0:
        raise RecordError(f"{named} holds no complete frame: there is nothing to show")
    try:
        kept_plane.kept_planes(run)
    except RecordError as error:
        raise RecordError(f"{named}: {error}; ask for it again, or save it anew") from None
    return run


def _shape(path: Path, growing: bool) -> tuple[int, ...]:
    """The shape that an array declares, checked before anything believes it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        return declared(file, path.name, size, growing)[0]


def _check_lengths(frames: Any, shapes: dict[str, tuple[int, ...]], named: Path) -> None:
    """A file holds whole frames only; the folder of a run that was killed may have begun one more."""
    short = [name for name in GROWING if name != "batch_losses" and shapes[name][0] != frames]
    if short:
        raise RecordError(
            f"{named} is damaged: it should hold {frames} frames, but {short[0]} has {shapes[short[0]][0]}"
        )


def _check_manifest(manifest: Any, named: Path) -> None:
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise RecordError(f"{named} is not a run of this program")
    if manifest["format"] > FORMAT:
        raise RecordError(
            f"{named} was written by a newer version (file format {manifest['format']}, this program reads up to {FORMAT}); "
            "update the program to open it"
        )
    if manifest["engine"] not in ENGINES:
        raise RecordError(f"{named} was made by the engine {manifest['engine']!r}, which this program does not have")
    if not manifest["starts"] or len(manifest["stops"]) != len(manifest["starts"]) or manifest["stride"] < 1:
        raise RecordError(f"{named} is damaged: its manifest contradicts itself")
