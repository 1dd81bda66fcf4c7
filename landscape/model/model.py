"""Models as files: the ending chooses the format, and every format comes down to the same layers and facts."""

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from landscape._version import __version__
from landscape.errors import LandscapeError, RecordError
from landscape.model import nielsen_file, npz_file, pickle_file, safetensors_file
from landscape.model.layers import MOST_BYTES, Layers, RefusedError, assembled, checksum, printable
from landscape.network import Network
from landscape.writing import written_whole

FORMATS = {
    ".safetensors": safetensors_file,
    ".npz": npz_file,
    ".json": nielsen_file,
    ".pkl": pickle_file,
    ".pickle": pickle_file,
}
_OWN_FACTS = ("sizes", "activation", "cost", "dtype", "checksum")


@dataclass(frozen=True, eq=False)
class Model:
    """A network, its parameters θ (P,), and what its file says about them, text by text.

    `assumed` names what the file does not say ("activation", "cost") and was taken for granted.
    """

    net: Network
    theta: NDArray
    about: dict[str, str] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()

    @property
    def preprocess(self) -> tuple[str, ...]:
        """The steps that pictures went through before this model saw them; scaling, if the file does not say."""
        return tuple(map(str, self._list("preprocessing", ["scale"])))

    @property
    def classes(self) -> tuple[int, ...]:
        """The digits that the outputs stand for; if the file does not say, all ten, or 3 and 7 for one or two outputs."""
        outputs = self.net.sizes[-1]
        if "classes" not in self.about and outputs not in (1, 2, 10):
            raise RecordError(
                f"the model tells {outputs} classes apart, and its file does not say which digits; name them (--classes)"
            )
        classes = self._list("classes", list(range(10)) if outputs == 10 else [3, 7])
        if not all(isinstance(digit, int) for digit in classes) or len(classes) != max(2, outputs):
            raise RecordError(
                f"the model has {outputs} outputs, but its file says that they stand for {printable(str(classes))}"
            )
        return tuple(classes)

    def _list(self, name: str, default: list) -> list:
        try:
            found = json.loads(self.about[name]) if name in self.about else default
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list):
            raise RecordError(f"the model's file says {printable(self.about[name])} as its {name}: a list is wanted")
        return found


def save_model(path: str | Path, net: Network, theta: NDArray, about: dict[str, str] | None = None) -> Path:
    """Write a model, whole or not at all; the ending chooses the format.

    .safetensors and .npz hold W1 (n_in, n_out), b1, W2, …; .json is Nielsen's; .pkl is a dict of lists of arrays.
    `about` becomes metadata, text by text, beside the network's own.
    """
    path = Path(path)
    if not isinstance(theta, np.ndarray) or theta.dtype not in (np.float32, np.float64):
        kind = theta.dtype if isinstance(theta, np.ndarray) else type(theta).__name__
        raise RecordError(f"a model's parameters are an array of float32 or float64, not {kind}")
    if theta.shape != (net.P,):
        raise RecordError(f"a model of sizes {net.sizes} has {net.P:,} parameters, but {theta.shape} were given")
    if not np.isfinite(theta).all():
        raise RecordError("the parameters are not all finite numbers: such a model could not be read again")
    if theta.nbytes > MOST_BYTES:
        raise RecordError(f"the parameters take {theta.nbytes:,} bytes: a model file has at most {MOST_BYTES:,}")
    form = FORMATS[_checked_ending(path)]
    facts = _facts(net, theta, about or {})
    layers = Layers(*net.unpack(np.ascontiguousarray(theta)))

    def write(partial: Path) -> None:
        try:
            form.write(partial, layers, facts)
        except RefusedError as error:
            raise RecordError(f"{path} {error}") from None

    written_whole(path, write)
    return path


def load_model(path: str | Path) -> tuple[Network, NDArray]:
    """Read a model file: the network and θ (P,). See `read_model`."""
    model = read_model(path)
    return model.net, model.theta


def read_model(path: str | Path, activation: str | None = None, cost: str | None = None) -> Model:
    """Read a model of this program, a PyTorch state_dict in safetensors or npz, Nielsen's JSON, or a plain pickle.

    Nothing in the file is run, and nothing is believed before it is checked. `activation` and `cost` serve files that
    don't say theirs. Raises RecordError with the reason where there is no model to be had.
    """
    path = Path(path)
    form = FORMATS[format_of(path) or _checked_ending(path)]
    try:
        if path.stat().st_size > MOST_BYTES + 2**20:
            raise RefusedError(f"is larger than {MOST_BYTES:,} bytes: that is no model of this program")
        layers, facts = form.read(path)
        chosen = {
            name: word for name, word in (("activation", activation), ("cost", cost)) if word and name not in facts
        }
        net, theta, assumed = assembled(layers, facts | chosen)
    except RefusedError as error:
        raise RecordError(f"{path} {error}") from None
    except OSError as error:
        raise RecordError(f"{path} can't be read: {error.strerror or error}") from None
    except MemoryError:
        raise RecordError(f"{path} asks for more memory than there is: it is damaged or no model") from None
    except LandscapeError as error:
        raise RecordError(f"{path} is not a model of this program: {error}") from None
    except Exception as error:  # the format's own reader found it damaged, each in its own words
        raise RecordError(f"{path} is damaged or not a model file ({_words(error)}); ask for it again") from None
    return Model(net, theta, {name: text for name, text in facts.items() if name not in _OWN_FACTS}, assumed)


def format_of(path: str | Path) -> str | None:
    """The ending (of FORMATS) whose format a file is in, whatever its name: by its first bytes, else by its name.

    None for anything else. Raises RecordError for a PyTorch checkpoint, which is a program in disguise.
    """
    path = Path(path)
    named = path.suffix.lower() if path.suffix.lower() in FORMATS else None
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:  # whoever reads it says why it can't be read
        return named
    if head.startswith(b"PK\3\4"):
        return _zipped(path, named)
    if head[8:9] == b"{" and 2 <= int.from_bytes(head[:8], "little") <= MOST_BYTES:
        return ".safetensors"
    if head[:1] == b"\x80" and head[1:2] <= b"\5":
        return named if named in (".pkl", ".pickle") else ".pkl"
    return ".json" if head.lstrip().startswith(b"{") else named


def _zipped(path: Path, named: str | None) -> str | None:
    """What a zip is: arrays, a PyTorch checkpoint, or something else."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return named
    if any(name.endswith("/data.pkl") for name in names):
        raise RecordError(
            f"{path} is a PyTorch checkpoint, which can run code when it is opened; save it as safetensors instead "
            "(safetensors.torch.save_file(model.state_dict(), name))"
        )
    return ".npz" if names and all(name.endswith(".npy") for name in names) else named


def _facts(net: Network, theta: NDArray, about: dict[str, str]) -> dict[str, str]:
    for name, text in about.items():
        if not isinstance(name, str) or not isinstance(text, str):
            raise RecordError(f"what is said about a model is text by name, not {name!r}: {text!r}")
    facts = about | {"sizes": json.dumps(net.sizes), "activation": net.activation, "cost": net.cost}
    facts |= {"dtype": theta.dtype.name, "app": "landscape", "app_version": __version__}
    return facts | {"checksum": checksum(theta, facts)}


def _checked_ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise RecordError(f"a model file ends in {' or '.join(FORMATS)}, not {path.suffix or 'nothing'}: {path}")
    return ending


def _words(error: Exception) -> str:
    """What a format's reader says, on one line and not without end."""
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= 200 else words[:197] + "…"
