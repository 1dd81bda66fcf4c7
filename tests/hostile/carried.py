"""Bad copies of what is no model: setups and results in words, MNIST's own files, and a run's notes."""

import gzip
import json
import pickle
import random
import struct
import zlib
from collections.abc import Iterator

from tests.hostile.ingredients import PAYLOADS, members, zipped


def words_copies(good: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Bad copies of what carries a setup or a result in words: swollen, nested, of other kinds, with numbers out of bounds."""
    yield "empty", b""
    yield "a folder's worth of zeros", bytes(20_000_000)
    yield "not UTF-8", b"\xff\xfe" * 5000
    yield "UTF-16", good.decode("latin-1").encode("utf-16")
    yield "twice", good + good
    for opening in (b"[", b"{", b"<", b"(", b'{"a":', b"[[", b"a.", b"a = [", b"\\", b"!\xfe\xff", b"&#x1F600;"):
        for number in (1000, 300_000):
            yield f"{opening!r} {number} times", opening * number
            yield f"{opening!r} {number} times in front", opening * number + good
            middle = len(good) // 2
            yield f"{opening!r} {number} times inside", good[:middle] + opening * number + good[middle:]
    for old, new in HOSTILE_WORDS:
        if old in good:
            yield f"{old!r} is {new[:30]!r}", good.replace(old, new, 1)
    for payload in PAYLOADS:
        yield "a pickle", pickle.dumps(payload)


HOSTILE_WORDS = [
    (b"784", b"9" * 5000),
    (b"784", b"-1"),
    (b"784", b"1e400"),
    (b"784", b"4294967296"),
    (b"embedded", b"/etc/passwd"),
    (b"embedded", b"../../.."),
    (b"embedded", b"http://localhost/x"),
    (b'"shape": [', b'"shape": [99999999999, '),
    (b'"shape": [', b'"shape": [-1, '),
    (b'"dtype": "<f8"', b'"dtype": "|O"'),
    (b'"dtype": "<f8"', b'"dtype": "V1000000000"'),
    (b'"steps": ', b'"steps": 9999999999'),
    (b'"step": ', b'"step": -'),
    (b'"values": [', b'"values": [[[1]], '),
    (b'"format": 1', b'"format": "1"'),
    (b'"format": 1', b'"format": 99'),
]


def idx_copies(good: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Bad copies of a file of MNIST's pictures, gzipped or not: headers that lie, other kinds of file, and bombs."""
    zipped_ = good.startswith(b"\x1f\x8b")
    plain = gzip.decompress(good) if zipped_ else good
    count = struct.unpack(">I", plain[4:8])[0]

    def packed(content: bytes) -> bytes:
        return gzip.compress(content, 1, mtime=0) if zipped_ else content

    numbers = (0, 1, 27, 29, 2049, 2**16, 2**31, 2**32 - 1)
    for field_, values in (
        (0, (*numbers, 0x03080000)),
        (4, (*numbers, count - 1, count + 1, 2 * count, 300_000, 300_001)),
        (8, numbers),
        (12, numbers),
    ):
        for value in values:
            if value != struct.unpack(">I", plain[field_ : field_ + 4])[0]:
                lying = plain[:field_] + struct.pack(">I", value) + plain[field_ + 4 :]
                yield f"byte {field_} says {value}", packed(lying)
    for length in range(17):
        yield f"cut at {length}", packed(plain[:length])
    for number, payload in enumerate(PAYLOADS):
        yield f"payload {number}", packed(pickle.dumps(payload))
    yield "a page", packed(b"<!DOCTYPE html><title>Sign in</title>")
    yield "a zip", packed(zipped({"train-images-idx3-ubyte": plain}))
    yield "packed twice", gzip.compress(packed(good), mtime=0)
    yield "two of them", good + good
    yield "something after it", packed(plain + b"x")
    black = struct.pack(">4I", 2051, 300_000, 28, 28)
    yield "a bomb that holds what it says", gzip_of_zeros(black, 300_000 * 784)
    yield "a bomb", gzip_of_zeros(black, 300_000 * 784 + 10**8)
    yield "a bomb with too many digits", gzip_of_zeros(struct.pack(">4I", 2051, 10**6, 28, 28), 10**6)


def gzip_of_zeros(head: bytes, zeros: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(head)]
    parts += [packer.compress(bytes(2**20)) for _ in range(zeros // 2**20)]
    return b"".join([*parts, packer.compress(bytes(zeros % 2**20)), packer.flush()])


def notes_copies(good: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Bad copies of a run with notes: what stands in their place, and the manifest around them in pieces."""
    content = members(good)
    manifest = json.loads(content["manifest.json"])

    def noted(about: object) -> bytes:
        return zipped(content | {"manifest.json": json.dumps(manifest | {"about": about}).encode()})

    deep: object = "deep"
    for _ in range(900):
        deep = [deep]
    signs = [
        "\0",
        "\n",
        "\r\n",
        "\u202e",
        "\ufeff",
        "\ud800",
        "\x1b[2J",
        "<script>alert(1)</script>",
        "&amp;",
        "{{7*7}}",
        "%s%n",
        "\\N{DIGIT ONE}",
    ]
    for number in (1, 1000, 100_000):
        for sign in signs:
            yield f"{sign!r} {number} times", noted({"notes": sign * number})
    wrong = [None, True, 0, -1, 1e308, 10**4000, [], {}, ["a"] * 10**5, {"a": {}}, [[[]]], deep]
    for value in wrong:
        yield f"notes are {str(value)[:20]}", noted({"notes": value})
        yield f"about is {str(value)[:20]}", noted(value)
        yield f"findings are {str(value)[:20]}", noted({"notes": "mine", "findings": value})
    yield "swollen", noted({"notes": "x" * 20_000_000})
