"""What the window remembers between starts: taste and geometry, never results."""

import base64
import contextlib
import itertools
import json
import time
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import platformdirs

APP = "landscape"
RECENT_FILES = 8


@dataclass
class Settings:
    """Window and taste; a bad value in the file is ignored and its default taken."""

    theme: str = "dark"
    folder: str = field(default_factory=lambda: str(Path.home()))
    geometry: str = ""
    docks: str = ""
    view: str = "2d"
    recent: list[str] = field(default_factory=list)
    toured: bool = False
    colours: str = "viridis"

    @classmethod
    def load(cls) -> "Settings":
        """Read the settings file, or take the defaults."""
        settings = cls()
        try:
            found = json.loads(_file().read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return settings
        if isinstance(found, dict):
            for name in (f.name for f in fields(cls)):
                if isinstance(found.get(name), type(getattr(settings, name))):
                    setattr(settings, name, found[name])
        if settings.theme not in ("dark", "light"):
            settings.theme = "dark"
        if settings.view not in ("2d", "3d", "both"):
            settings.view = "2d"
        settings.recent = [name for name in settings.recent if isinstance(name, str)][:RECENT_FILES]
        return settings

    def remember(self, path: Path) -> None:
        """A file was opened: it is the first of the recent ones."""
        name = str(path.absolute())
        self.recent = [name, *(other for other in self.recent if other != name)][:RECENT_FILES]

    def tour_begins(self) -> bool:
        """Whether the tour is still to be shown; from now on it is not, in no window and however this one ends."""
        kept = Settings.load()
        first = not (self.toured or kept.toured)
        self.toured = kept.toured = True
        if first:
            kept.save()  # what else was changed in this window is its own until it closes
        return first

    def save(self) -> None:
        """Write the settings file; a folder that can't be written only costs the memory of taste."""
        self.toured = self.toured or Settings.load().toured  # another window may have shown it meanwhile
        try:
            _file().parent.mkdir(parents=True, exist_ok=True)
            _file().write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        except OSError:
            return


def _file() -> Path:
    return Path(platformdirs.user_config_dir(APP)) / "window.json"


def runs_folder() -> Path:
    """Where the window keeps its growing runs."""
    return Path(platformdirs.user_data_dir(APP)) / "runs"


def kept_runs(folder: Path) -> list[Path]:
    """The runs in that folder, the oldest first.

    What counts is when a record was last written: a folder's own time changes whenever a window asks whether it is in use.
    """
    if not folder.is_dir():
        return []
    written: list[tuple[float, str, Path]] = []
    for run in folder.iterdir():
        with contextlib.suppress(OSError):  # no run, or another window has just removed it
            written.append(((run / "manifest.json").stat().st_mtime, run.name, run))
    return [run for _, _, run in sorted(written)]


def new_run_folder(folder: Path) -> Path | None:
    """Make a folder of its own for a run that begins now; None where nothing can be written."""
    name = time.strftime("%Y-%m-%d %H-%M-%S")
    for number in itertools.count(1):
        place = folder / (name if number == 1 else f"{name} ({number})")
        try:
            place.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError:
            return None
        return place
    raise AssertionError("counting never ends")


def packed(state: bytes) -> str:
    """Bytes as text for the settings file."""
    return base64.b64encode(state).decode("ascii")


def unpacked(text: str) -> bytes:
    """The bytes of `packed`; nothing if the text is damaged."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
