"""What hostile files are made of: objects that would run something when unpickled, and archives written by hand."""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable

import numpy as np

MARKER = "a-file-ran-code"


class Payload:
    """Unpickling it would run something."""

    def __init__(self, function: Callable, *arguments: object) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple:
        return self.function, self.arguments


PAYLOADS = [
    Payload(os.system, f"touch {MARKER}"),
    Payload(open, MARKER, "w"),
    Payload(eval, f"open({MARKER!r}, 'w')"),
    Payload(exec, f"open({MARKER!r}, 'w')"),
    Payload(os.mkdir, MARKER),
    Payload(__import__, "antigravity"),
    Payload(np.save, MARKER, np.zeros(1)),
    Payload(getattr, str, "format"),
    Payload(bytearray, 2**40),
    Payload(range, 2**62),
]


def members(good: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def signed(content: dict[str, bytes]) -> dict[str, bytes]:
    """The members with hashes that fit, as a hostile author would write them."""
    if "manifest.json" not in content:
        return content
    manifest = json.loads(content["manifest.json"])
    hashes = {name: hashlib.sha256(part).hexdigest() for name, part in content.items() if name in manifest["sha256"]}
    return content | {"manifest.json": json.dumps(manifest | {"sha256": hashes}).encode()}


def zipped(content: dict[str, bytes], compression: int = zipfile.ZIP_STORED, zeros: int = 0) -> bytes:
    """A zip of members; so many zeros follow in the last of them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression, compresslevel=1) as archive:
        for name, part in content.items():
            with archive.open(name, "w") as member:
                member.write(part)
                for _ in range(zeros // 2**20 if part is list(content.values())[-1] else 0):
                    member.write(bytes(2**20))
    return buffer.getvalue()
