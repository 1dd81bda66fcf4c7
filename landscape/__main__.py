"""Where the program begins: the window, at once, or a command."""

import os
import sys

# The names in `landscape.cli.commands`, known here so that the window need not wait for the command line to be loaded.
COMMANDS = (
    *("demo", "train", "surface", "export", "data", "info", "classify", "compare", "presets"),
    *("check", "lr-range", "search", "read", "noise", "restarts", "curvature", "race", "glossary", "by-hand", "line"),
    *("step", "weights", "rescale"),
)
NEEDED_LIBRARIES = "libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libdbus-1-3"


def main(argv: list[str] | None = None) -> int:
    """Run the program with these arguments and return its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    wish = window_wish(arguments)
    if wish is None:
        from landscape.cli.commands import run_command

        return run_command(arguments)
    return open_window(*wish)


def window_wish(arguments: list[str]) -> tuple[list[str], str | None] | None:
    """The files to open and the data folder, if the arguments ask for the window; None if they are a command."""
    files: list[str] = []
    folder = None
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--data" and rest:
            folder = rest.pop(0)
        elif word.startswith("--data="):
            folder = word.removeprefix("--data=")
        elif word.startswith("-") or (word in COMMANDS and not files):
            return None
        elif word.endswith((".landscape", ".toml")) or os.path.exists(word):  # noqa: PTH110  (pathlib loads slower)
            files.append(word)
        else:
            return None
    return files, folder


def open_window(files: list[str], folder: str | None) -> int:
    """Open the window, or say in one line why there is none."""
    if folder is not None:
        os.environ["LANDSCAPE_DATA"] = folder
    for file in files:
        if not os.path.exists(file):  # noqa: PTH110
            return _refuse(f"{file} does not exist")
    if not has_display():
        return _refuse(
            "there is no display to open the window on; `landscape demo --out DIR` does the same work without"
        )
    try:
        from landscape.gui.app import main as run_window
    except ImportError as error:
        if not (error.name or "").startswith("PyQt6") and "cannot open shared object" not in str(error):
            raise
        return _refuse(
            f"the window can't be opened: {error}; on Debian or Ubuntu install what it needs with "
            f"`apt-get install {NEEDED_LIBRARIES}`"
        )
    return run_window([sys.argv[0]], files)


def has_display() -> bool:
    """Whether a window could be seen, or was asked for all the same (QT_QPA_PLATFORM)."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _refuse(reason: str) -> int:
    sys.stderr.write(f"landscape: {reason}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
