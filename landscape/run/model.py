"""Models as files: a network and its parameters, exchanged as safetensors or npz."""

import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape._version import __version__
from landscape.errors import LandscapeError, RecordError
from landscape.network import Network

# Far more than any model made here; a file that declares more is damaged or hostile.
MOST_BYTES = 2**30


def save_model(path: str | Path, net: Network, theta: NDArray, about: dict[str, str] | None = None) -> Path:
    """Write a model; the ending chooses the format (.safetensors or .npz). `about` becomes metadata, text by text."""
    path = Path(path)
    if not isinstance(theta, np.ndarray) or theta.dtype not in (np.float32, np.float64):
        kind = theta.dtype if isinstance(theta, np.ndarray) else type(theta).__name__
        raise RecordError(f"a model's parameters are an array of float32 or float64, not {kind}")
    if theta.shape != (net.P,):
        raise RecordError(f"a model of sizes {net.sizes} has {net.P:,} parameters, but {theta.shape} were given")
    if not np.isfinite(theta).all():
        raise RecordError("the parameters are not all finite numbers: such a model could not be read again")
    if path.suffix not in _WRITERS:
        raise RecordError(f"a model file ends in {' or '.join(_WRITERS)}, not {path.suffix or 'nothing'}: {path}")
    weights, biases = net.unpack(np.ascontiguousarray(theta))
    arrays: dict[str, NDArray] = {}
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        arrays |= {f"W{layer}": np.ascontiguousarray(W), f"b{layer}": np.ascontiguousarray(b)}
    facts = {"sizes": json.dumps(net.sizes), "activation": net.activation, "cost": net.cost}
    facts |= {"app": "landscape", "app_version": __version__} | (about or {})
    written_whole(path, lambda partial: _WRITERS[path.suffix](partial, arrays, facts))
    return path


def load_model(path: str | Path) -> tuple[Network, NDArray]:
    """Read a model file: the network and θ (P,)."""
    path = Path(path)
    if path.suffix not in _READERS:
        raise RecordError(f"a model file ends in {' or '.join(_READERS)}, not {path.suffix or 'nothing'}: {path}")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RecordError(f"{path} is larger than 1 GiB: that is no model of this program")
        arrays, facts = _READERS[path.suffix](path)
    except OSError as error:
        raise RecordError(f"{path} can't be read: {error.strerror or error}") from None
    except LandscapeError:
        raise
    except Exception as error:  # the format's own reader found it damaged, each in its own words
        raise RecordError(f"{path} is damaged or not a model file ({error}); ask for it again") from None
    return _assembled(path, arrays, facts)


def written_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside its place, bring it to the disk, and only then give it its name: whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
        os.close(handle)
        partial = Path(name)
        try:
            write(partial)
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
            partial.chmod(0o666 & ~_umask())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise RecordError(f"{path} can't be written: {error.strerror or error}; choose another folder") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _assembled(path: Path, arrays: dict[str, NDArray], facts: dict[str, str]) -> tuple[Network, NDArray]:
    try:
        net = Network(
            tuple(json.loads(facts["sizes"])), facts.get("activation", "relu"), facts.get("cost", "cross_entropy")
        )
        layers = range(1, len(net.sizes))
        theta = net.pack([arrays[f"W{i}"] for i in layers], [arrays[f"b{i}"] for i in layers])
    except (KeyError, TypeError, ValueError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise RecordError(f"{path} is not a model of this program: {reason}") from None
    if theta.dtype not in (np.float32, np.float64) or not np.isfinite(theta).all():
        raise RecordError(f"{path} holds parameters that are not finite numbers")
    return net, theta


def _write_safetensors(path: Path, arrays: dict[str, NDArray], facts: dict[str, str]) -> None:
    from safetensors.numpy import save_file

    save_file(arrays, path, metadata=facts)


def _read_safetensors(path: Path) -> tuple[dict[str, NDArray], dict[str, str]]:
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata() or {})  # noqa: SIM118


def _write_npz(path: Path, arrays: dict[str, NDArray], facts: dict[str, str]) -> None:
    with path.open("wb") as file:
        np.savez(file, **arrays, about=np.array(json.dumps(facts)))  # type: ignore[arg-type]


def _read_npz(path: Path) -> tuple[dict[str, NDArray], dict[str, str]]:
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
            raise RecordError(f"{path} would unpack to more than 1 GiB: that is no model of this program")
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    return arrays, json.loads(str(arrays.pop("about", "{}")))


_WRITERS = {".safetensors": _write_safetensors, ".npz": _write_npz}
_READERS = {".safetensors": _read_safetensors, ".npz": _read_npz}
