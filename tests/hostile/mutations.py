"""Two hundred bad copies of a good file, the same ones every time: damaged, cut off, mis-shaped, swollen and hostile."""

import io
import json
import pickle
import random
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from tests.hostile.carried import idx_copies, notes_copies, words_copies
from tests.hostile.ingredients import MARKER, PAYLOADS, members, signed, zipped

COPIES = 200


def copies(kind: str, good: bytes) -> Iterator[tuple[str, bytes]]:
    """COPIES bad copies of a file of a kind (its ending), each with what was done to it."""
    chance = random.Random(f"{kind} gone bad")
    special = list(SPECIAL[kind](good, chance))
    assert 60 <= len(special) <= 120, len(special)
    yield from special
    blind = [flipped, flipped, cut, spliced]
    for number in range(COPIES - len(special)):
        damage = blind[number % len(blind)]
        yield f"{damage.__name__} {number}", damage(good, chance)


def place(good: bytes, chance: random.Random) -> int:
    """A place in a file: often in its first or last bytes, where formats say what they are."""
    near = min(len(good), 600)
    return chance.choice([chance.randrange(near), len(good) - 1 - chance.randrange(near), chance.randrange(len(good))])


def flipped(good: bytes, chance: random.Random) -> bytes:
    content = bytearray(good)
    for _ in range(chance.choice([1, 1, 1, 2, 8])):
        content[place(good, chance)] ^= 1 << chance.randrange(8)
    return bytes(content)


def cut(good: bytes, chance: random.Random) -> bytes:
    return good[: place(good, chance)]


def spliced(good: bytes, chance: random.Random) -> bytes:
    """A stretch taken out, doubled, zeroed, or put elsewhere."""
    first, second = sorted((place(good, chance), place(good, chance)))
    stretch = good[first:second][:4096]
    after = first + len(stretch)
    return chance.choice(
        [
            good[:first] + good[after:],
            good[:after] + stretch + good[after:],
            good[:first] + bytes(len(stretch)) + good[after:],
            good[:first] + stretch[::-1] + good[after:],
            stretch + good,
        ]
    )


FULL_OF_NAN = 7


def wrong_shapes(array: np.ndarray) -> list[np.ndarray]:
    return [
        array[:-1],
        array[..., :-1],
        array.reshape(-1),
        array[None],
        array[:0],
        np.concatenate([array, array]),
        array.astype(np.complex64),
        np.full(array.shape, np.nan, np.float32),
        np.full(array.shape, "text"),
        np.array(7.0, np.float32),
    ]


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def declaring(shape: str, dtype: str = "<f4", version: int = 1) -> bytes:
    """A .npy file that declares a shape and holds nearly nothing."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header = header.ljust(-(-(len(header) + 11) // 64) * 64) + b"\n"
    size = struct.pack("<H", len(header)) if version == 1 else struct.pack("<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + size + header + bytes(64)


GIANT = [
    declaring("(1000000000000,)"),
    declaring("(4000000000, 4000000000)"),
    declaring("(-1,)"),
    declaring("(4, 10)", "<f8"),
    declaring("(4, 10)", "|V1000000000"),
    declaring("(3,)", "|O"),
    declaring("(" + "1, " * 40 + ")"),
    declaring("(" * 3000 + ")" * 3000),
    declaring("__import__('os').system('touch " + MARKER + "')"),
    declaring("(2,)", version=3),
    b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + b" " * 100,
    b"\x93NUMPY\x09\x00",
]


def zip_copies(good: bytes, chance: random.Random, first: str, texts: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Bad copies of a zip of .npy members: `first` is an array that matters, `texts` are its texts."""
    content = members(good)
    arrays = [name for name in content if name.endswith(".npy") and name != "about.npy"]
    for name in dict.fromkeys([first, *chance.sample(arrays, 1), *(name for name in arrays if "kept" in name)]):
        array = np.load(io.BytesIO(content[name]))
        for number, wrong in enumerate(wrong_shapes(array)):
            if name.startswith(("W", "b", "kept")) or number != FULL_OF_NAN:  # a run that has left the numbers is a run
                yield f"wrong shape {number} of {name}", zipped(signed(content | {name: npy(wrong)}))
    for number, giant in enumerate(GIANT):
        yield f"giant {number}", zipped(signed(content | {first: giant}))
    for number, payload in enumerate(PAYLOADS):
        yield f"payload {number}", zipped(signed(content | {first: npy(np.array([payload], object))}))
    inner = good
    for depth in range(3):
        yield f"nested {depth}", zipped({"inner.zip": inner})
        yield f"nested in {first} {depth}", zipped(signed(content | {first: inner}))
        inner = zipped({"inner.npz": inner}, zipfile.ZIP_DEFLATED)
    others = {name: part for name, part in content.items() if name != first}
    bomb = zipped(others | {first: declaring("(80000000,)")}, zipfile.ZIP_DEFLATED, zeros=320_000_000)
    yield "bomb", bomb
    yield "bomb in a bomb", zipped(content | {first: bomb}, zipfile.ZIP_DEFLATED)
    yield "bomb among texts", zipped(content | dict.fromkeys(texts, b" " * 20_000_000), zipfile.ZIP_DEFLATED)
    for name in ("../escaped.npy", "/tmp/landscape-escaped.npy", "a/../../escaped.npy", "..\\escaped.npy", "C:\\x.npy"):
        yield f"leading to {name}", zipped(content | {name: content[first]})
        without = {other: part for other, part in content.items() if other != first}
        yield f"moved to {name}", zipped(without | {name: content[first]})
    for name in (first, *texts):
        yield f"without {name}", zipped({other: part for other, part in content.items() if other != name})
        yield f"empty {name}", zipped(content | {name: b""})
        yield f"not UTF-8 {name}", zipped(content | {name: b"\xff\xfe" * 50})
    yield from lying_directories(good)


def lying_directories(good: bytes) -> Iterator[tuple[str, bytes]]:
    """The zip's directory says another size, method or place than is true."""
    at = good.index(b"PK\x01\x02")
    for offset, value in ((20, 2**32 - 1), (24, 2**32 - 1), (24, 2**31), (42, 2**32 - 2), (42, at)):
        yield f"directory {offset} {value}", good[: at + offset] + struct.pack("<I", value) + good[at + offset + 4 :]
    for method in (1, 8, 12, 14, 99):
        yield f"method {method}", good[: at + 10] + struct.pack("<H", method) + good[at + 12 :]
    for flag in (1, 1 << 5, 1 << 6, 1 << 11):
        yield f"flag {flag}", good[: at + 8] + struct.pack("<H", flag) + good[at + 10 :]


def run_copies(good: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    yield from zip_copies(good, chance, "thetas.npy", ("manifest.json", "setup.toml"))
    content = members(good)
    manifest = json.loads(content["manifest.json"])
    for name, value in (("starts", []), ("starts", [{}] * 10**5), ("stops", None), ("stride", -1), ("format", {}),
                        ("engine", "os.system"), ("frames", 10**9), ("frames", -1), ("plane", [[]]), ("about", "x")):  # fmt: skip
        yield f"manifest {name}", zipped(content | {"manifest.json": json.dumps(manifest | {name: value}).encode()})
    yield "manifest nested", zipped(content | {"manifest.json": b"[" * 200_000})
    swollen = b"[data]\nclasses = [3, 7]\n[network]\nsizes = [784, 4096, 4096, 4096, 4096, 2]\n"
    yield "setup swollen", zipped(signed(content | {"setup.toml": swollen}))
    yield "setup of another network", zipped(content | {"setup.toml": swollen})


def npz_copies(good: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    yield from zip_copies(good, chance, "W1.npy", ("about.npy",))


def safetensors_copies(good: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    size = struct.unpack("<Q", good[:8])[0]
    header, data = json.loads(good[8 : 8 + size]), good[8 + size :]

    def rewritten(header: object, data: bytes = data, declared: int | None = None) -> bytes:
        text = header if isinstance(header, bytes) else json.dumps(header).encode()
        return struct.pack("<Q", len(text) if declared is None else declared) + text + data

    for number in (0, 1, 2**20, 2**40, 2**63, 2**64 - 1, size - 1, size + 1):
        yield f"header of {number}", rewritten(header, declared=number)
    for name in [name for name in header if name != "__metadata__"]:
        tensor = header[name]
        begin, end = tensor["data_offsets"]
        shapes = [
            [],
            [0],
            [2**40],
            [2**32, 2**32, 2**32],
            [-1],
            [1.5],
            tensor["shape"][::-1],
            [*tensor["shape"], 1],
            [end - begin],
        ]
        for shape in shapes:
            yield f"{name} of shape {shape}", rewritten(header | {name: tensor | {"shape": shape}})
        for offsets in ([begin, 2**50], [2**63, 2**63 + 4], [end, begin], [0, 0], [begin + 4, end + 4], [begin]):
            yield f"{name} at {offsets}", rewritten(header | {name: tensor | {"data_offsets": offsets}})
        for dtype in ("F64", "BOOL", "U8", "BF16", "F8_E4M3", "X", 5):
            yield f"{name} of {dtype}", rewritten(header | {name: tensor | {"dtype": dtype}})
        yield f"without {name}", rewritten({other: part for other, part in header.items() if other != name})
    for value in (
        5,
        [],
        {"sizes": 5},
        {"sizes": "[" * 100_000},
        {"sizes": "[1e400]", "activation": "relu"},
        {"a" * 10**6: "b"},
    ):
        yield f"metadata {str(value)[:20]}", rewritten(header | {"__metadata__": value})
    yield "nested header", rewritten(b"[" * 100_000)
    yield from foreign_contents()


def json_copies(good: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    content = json.loads(good)
    values = [None, 5, "text", [], {}, [[]], [[[1.0]]], [[["a"]]], [[[None]]], [[[1e308, 1e308]]], [[[10**400]]]]
    for name in content:
        for number, value in enumerate(values):
            yield f"{name} as value {number}", json.dumps(content | {name: value}).encode()
        yield f"without {name}", json.dumps({other: part for other, part in content.items() if other != name}).encode()
    for layer in (0, 1):
        matrix = content["weights"][layer]
        for wrong in (matrix[:-1], [row[:-1] for row in matrix], [*matrix[:-1], matrix[-1][:-1]], [matrix], matrix[0]):
            weights = [wrong if other == layer else content["weights"][other] for other in (0, 1)]
            yield f"weights {layer} mis-shaped", json.dumps(content | {"weights": weights}).encode()
    for text in (
        b"[" * 10**6,
        b'{"a":' * 10**5,
        b'"' + b"a" * 10**6,
        b"1" * 10**6,
        b"-" * 10**5,
        b"NaN",
        b"\xff\xfe",
        b"",
    ):
        yield "a text of its own", text
    yield "a number of a million digits", good.replace(b'"sizes": [', b'"sizes": [' + b"9" * 10**6 + b", ")
    yield from foreign_contents()


def foreign_contents() -> Iterator[tuple[str, bytes]]:
    for number, payload in enumerate(PAYLOADS):
        yield f"payload {number}", pickle.dumps(payload)
    yield "a bomb", zipped({"W1.npy": b""}, zipfile.ZIP_DEFLATED, zeros=20_000_000)


def pickle_copies(good: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    content = pickle.loads(good)
    for number, payload in enumerate(PAYLOADS):
        for protocol in (0, 2, 5):
            yield f"payload {number} in {protocol}", pickle.dumps(payload, protocol)
        yield f"payload {number} beside the weights", pickle.dumps(content | {"about": {"a": payload}})
        yield f"payload {number} among the weights", pickle.dumps(content | {"weights": [payload]})
    for layer in (0, 1):
        for number, wrong in enumerate(wrong_shapes(content["weights"][layer])):
            weights = [wrong if other == layer else content["weights"][other] for other in (0, 1)]
            yield f"wrong shape {number} of {layer}", pickle.dumps(content | {"weights": weights})
    row = [0.0] * 10_000
    yield "a row a million times", pickle.dumps(content | {"weights": [[row] * 10**6]})
    doubled: list = []
    for _ in range(60):
        doubled = [doubled, doubled]
    yield "doubled sixty times", pickle.dumps(content | {"weights": doubled, "biases": doubled})
    yield "an array many times", pickle.dumps([np.zeros((1000, 1000)), np.zeros(1000)] * 64)
    yield "itself", pickle.dumps(endless())
    yield from RAW_PICKLES.items()


def endless() -> list:
    inner: list = []
    inner.extend([inner, inner])
    return inner


_ARRAY = b"cnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"
_FLOATS = b"cnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb"
RAW_PICKLES = {
    "giant frame": b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7fN.",
    "giant byte array": b"\x80\x05\x96\x00\x00\x00\x00\x40\x00\x00\x00.",
    "giant bytes": b"\x80\x04\x8e\x00\x00\x00\x00\x00\x01\x00\x00.",
    "giant text": b"\x80\x04\x8d\x00\x00\x00\x00\x00\x01\x00\x00.",
    "giant integer": b"\x8b\xff\xff\xff\x7f.",
    "giant memory": b"Nr\xff\xff\xff\xff.",
    "giant memory in words": b"Np99999999999\n.",
    "giant array": _ARRAY + b"(I1\n(I100000000000\nt" + _FLOATS + b"I00\nS''\ntb.",
    "giant by wrapping around": _ARRAY + b"(I1\n(I4294967296\nI4294967296\nt" + _FLOATS + b"I00\nS''\ntb.",
    "persistent": b"Pperson\n.",
    "extension": b"\x82\x01.",
    "codec": b"c_codecs\nencode\n(S'a'\nS'hex'\ntR.",
    "attributes": b"cnumpy\ndtype\n(N(S'__setstate__'\nNdtb.",
    "marks": b"(" * 500_000 + b".",
    "lists": b"]" * 200_000 + b"a" * 199_999 + b".",
    "many numbers": b"](" + b"K\x00" * 3_000_000 + b"e.",
}  # fmt: skip


SPECIAL: dict[str, Callable[[bytes, random.Random], Iterator[tuple[str, bytes]]]] = {
    ".landscape": run_copies,
    ".safetensors": safetensors_copies,
    ".npz": npz_copies,
    ".json": json_copies,
    ".pkl": pickle_copies,
    **dict.fromkeys((".toml", ".png", ".svg", ".pdf", ".gif", ".mp4", ".html", ".found"), words_copies),
    **dict.fromkeys((".jsonl", ".vtp"), words_copies),
    **dict.fromkeys((".idx", ".gz"), idx_copies),
    ".notes.landscape": notes_copies,
}


def in_order(good: bytes) -> bytes:
    """The same safetensors file with its header sorted: as it is written, its order changes from run to run."""
    size = struct.unpack("<Q", good[:8])[0]
    header = json.dumps(json.loads(good[8 : 8 + size]), sort_keys=True).encode()
    header = header.ljust(-(-len(header) // 8) * 8)
    return struct.pack("<Q", len(header)) + header + good[8 + size :]


def main() -> None:
    """Write the copies of a good file into a folder. Usage: mutations.py GOOD FOLDER."""
    good = Path(sys.argv[1])
    what = {}
    whole = in_order(good.read_bytes()) if good.suffix == ".safetensors" else good.read_bytes()
    kind = "".join(good.suffixes)
    for number, (name, content) in enumerate(copies(kind, whole)):
        path = Path(sys.argv[2]) / f"{number:03}{kind}"
        path.write_bytes(content)
        what[path.name] = name
    json.dump(what, sys.stdout)


if __name__ == "__main__":
    main()
