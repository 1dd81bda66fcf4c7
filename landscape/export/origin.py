"""The setup read back out of a picture, film or page that this program exported: each format has its own place for words."""

import html
import re
from collections.abc import Callable
from pathlib import Path

from landscape.errors import RecordError
from landscape.export.provenance import SETUP_KEY

MOST_TEXT = 1_000_000  # characters of a setup in a picture; more is no setup of ours
MOST_BYTES = 2**26  # of a file whose words are looked for
# What an exported file says first: the program and its version; its setup is on the lines that follow.
_WORDS = re.compile(r"\s*Landscape \S+\n(.*)", re.DOTALL)
# What a backslash and a letter stand for in a PDF's string (ISO 32000-1, 7.3.4.2).
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def read_setup(path: str | Path) -> str | None:
    """The TOML of the setup in a file written here (an ending of READERS); None if it has none.

    Nothing but the words is looked at. RecordError if the file can't be read or is not what its name says.
    """
    path = Path(path)
    read = READERS.get(path.suffix.lower(), _png)
    try:
        text = read(path)
    except OSError as error:
        raise RecordError(f"{path} can't be read: {error.strerror or error}") from None
    return text if text is not None and len(text) <= MOST_TEXT else None


def _png(path: Path) -> str | None:
    from PIL import Image, PngImagePlugin, UnidentifiedImageError

    try:
        with Image.open(path, formats=("PNG",)) as picture:
            if not isinstance(picture, PngImagePlugin.PngImageFile):
                return None
            text = picture.text.get(SETUP_KEY)
    except UnidentifiedImageError:
        raise RecordError(f"{path} is not a PNG picture, though its name says so") from None
    except (SyntaxError, ValueError, Image.DecompressionBombError) as error:  # Pillow's words for a damaged PNG
        raise RecordError(f"{path} is damaged: {error}") from None
    return None if text is None else str(text)


def _svg(path: Path) -> str | None:
    """From the description among the metadata; the XML is not parsed, so that no entity in it can grow."""
    found = re.search(rb"<dc:description>(.*?)</dc:description>", _bytes(path, b"<svg"), re.DOTALL)
    return found and _setup_in(html.unescape(found[1].decode("utf-8", "replace")))


def _pdf(path: Path) -> str | None:
    """From the literal string that is the document's subject."""
    found = re.search(rb"/Subject \(((?:[^\\)]|\\.)*)\)", _bytes(path, b"%PDF"), re.DOTALL)
    if not found:
        return None
    plain = re.sub(rb"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), found[1], flags=re.DOTALL)
    return _setup_in(plain.decode("utf-16" if plain.startswith(b"\xfe\xff") else "latin-1", "replace"))


def _gif(path: Path) -> str | None:
    """From the first comment (GIF89a specification, 1990): blocks of up to 255 bytes, each after its length."""
    content = _bytes(path, b"GIF8")
    at = content.find(b"!\xfe")
    if at < 0:
        return None
    at, text = at + 2, b""
    while at < len(content) and content[at] and len(text) <= MOST_TEXT:
        text += content[at + 1 : at + 1 + content[at]]
        at += 1 + content[at]
    return _setup_in(text.decode("utf-8", "replace"))


def _mp4(path: Path) -> str | None:
    """From the comment in the film's user data: a box "©cmt" that holds a box "data"."""
    content = _bytes(path, b"ftyp")
    at = content.find(b"\xa9cmt")
    if at < 0 or content[at + 8 : at + 12] != b"data":
        return None
    size = int.from_bytes(content[at + 4 : at + 8], "big")
    return _setup_in(content[at + 20 : at + 4 + size].decode("utf-8", "replace"))


def _html(path: Path) -> str | None:
    found = re.search(rb'name="generator" content="(.*?)"', _bytes(path, b"<html"), re.DOTALL)
    return found and _setup_in(html.unescape(found[1].decode("utf-8", "replace")))


def _setup_in(words: str) -> str | None:
    found = _WORDS.match(words)
    return found and found[1].strip() + "\n"


def _bytes(path: Path, mark: bytes) -> bytes:
    """The file, if it begins as its kind does."""
    if path.stat().st_size > MOST_BYTES:
        raise RecordError(f"{path} is larger than 64 MiB: open the run itself, or a picture of it")
    content = path.read_bytes()
    if mark not in content[:1024]:
        raise RecordError(f"{path} is not what its name says ({path.suffix})")
    return content


READERS: dict[str, Callable[[Path], str | None]] = {
    ".png": _png,
    ".svg": _svg,
    ".pdf": _pdf,
    ".gif": _gif,
    ".mp4": _mp4,
    ".html": _html,
}
