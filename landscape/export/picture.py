"""Pictures as files: PNG, SVG and PDF, each with the setup that made it."""

from pathlib import Path
from typing import Any

from landscape.errors import SetupError
from landscape.export.destination import check_destination
from landscape.export.provenance import SETUP_KEY, VERSION_KEY, Provenance
from landscape.writing import written_whole

ENDINGS = (".png", ".svg", ".pdf")
# Pixels, by what is added to a picture's name. On a printed page it has 300 dots an inch at 12.8 inches.
PRINTED = {"": 1600, "@2x": 3200, "-print": 3840}
LEAST_WIDTH, MOST_WIDTH = 200, 10_000  # pixels


def write_picture(
    figure: Any, path: str | Path, provenance: Provenance, *, width: int = 1600, transparent: bool = False
) -> Path:
    """Write a matplotlib Figure; the ending (.png, .svg, .pdf) chooses the format. Whole or not at all.

    `width` is that of a PNG in pixels; `transparent` leaves out the paper. A PNG carries the text chunks
    "landscape-setup" (TOML), "landscape-version" and "Software"; SVG and PDF carry the same in their metadata. Raises
    RecordError where the file can't be written.
    """
    path = check_destination(path, ENDINGS, "a picture")
    if not LEAST_WIDTH <= width <= MOST_WIDTH:
        raise SetupError(f"a picture is {LEAST_WIDTH} to {MOST_WIDTH:,} pixels wide, not {width:,}", "width")
    kind = path.suffix.lower()[1:]
    dots = width / float(figure.get_figwidth())
    metadata = _METADATA[kind](provenance)

    def write(partial: Path) -> None:
        import matplotlib

        # Text stays text; the same figure gives the same file.
        settings = {"svg.fonttype": "none", "svg.hashsalt": "landscape", "pdf.fonttype": 42}
        with matplotlib.rc_context(settings):
            paper = "none" if transparent else figure.get_facecolor()
            figure.savefig(partial, format=kind, dpi=dots, metadata=metadata, facecolor=paper)

    written_whole(path, write)
    return path


def _png(provenance: Provenance) -> dict[str, Any]:
    # The International text chunk holds UTF-8: a folder's name in the setup may have any letters.
    carried = {SETUP_KEY: provenance.setup} if provenance.setup else {}
    return {
        **carried,
        VERSION_KEY: provenance.version,
        "Software": provenance.software,
        "Title": provenance.title,
    }


def _svg(provenance: Provenance) -> dict[str, Any]:
    return {
        "Title": provenance.title,
        "Creator": provenance.software,
        "Description": provenance.as_text,
        "Date": None,
    }


def _pdf(provenance: Provenance) -> dict[str, Any]:
    return {
        "Title": provenance.title,
        "Creator": provenance.software,
        "Subject": provenance.as_text,
        "CreationDate": None,
    }


_METADATA = {"png": _png, "svg": _svg, "pdf": _pdf}
