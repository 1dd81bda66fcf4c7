"""Pictures as files: PNG, SVG and PDF, each with the setup that made it; and the setup read back out of a PNG."""

from pathlib import Path
from typing import Any

from landscape.errors import RecordError, SetupError
from landscape.export.destination import check_destination
from landscape.export.provenance import SETUP_KEY, VERSION_KEY, Provenance
from landscape.writing import written_whole

ENDINGS = (".png", ".svg", ".pdf")
LEAST_WIDTH, MOST_WIDTH = 200, 10_000  # pixels
MOST_TEXT = 1_000_000  # characters of a setup in a picture; more is no setup of ours


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


def read_setup(path: str | Path) -> str | None:
    """The TOML of the setup in a PNG written here; None if the picture has none. RecordError if it can't be read."""
    from PIL import Image, PngImagePlugin, UnidentifiedImageError

    try:
        with Image.open(path, formats=("PNG",)) as picture:
            if not isinstance(picture, PngImagePlugin.PngImageFile):
                return None
            text = picture.text.get(SETUP_KEY)
    except UnidentifiedImageError:
        raise RecordError(f"{path} is not a PNG picture: only those carry a setup that can be opened") from None
    except OSError as error:
        raise RecordError(f"{path} can't be read: {error.strerror or error}") from None
    except (SyntaxError, ValueError, Image.DecompressionBombError) as error:  # Pillow's words for a damaged PNG
        raise RecordError(f"{path} is damaged: {error}") from None
    return str(text) if text is not None and len(text) <= MOST_TEXT else None


def _png(provenance: Provenance) -> dict[str, Any]:
    # The International text chunk holds UTF-8: a folder's name in the setup may have any letters.
    return {
        SETUP_KEY: provenance.setup,
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
