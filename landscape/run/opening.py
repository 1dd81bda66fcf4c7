"""What a path is that somebody wants opened, and the setup that goes on from a model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landscape.data import folder as mnist
from landscape.errors import RecordError
from landscape.model import FORMATS, Model, format_of, read_model
from landscape.run.archive import SUFFIX
from landscape.run.checkpoints import checkpoint_files
from landscape.run.setup import Setup

# A picture, film or page of this program may carry the setup that it was made with.
PICTURES = (".png", ".svg", ".pdf", ".gif", ".mp4", ".html")


def kind_of(path: str | Path) -> str:
    """What is at a path: "run", "setup", "picture", "model", a folder of "checkpoints", or one of MNIST's "digits".

    By the name's ending, and where that says nothing by the first bytes. Raises RecordError with what can be opened.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if path.is_dir():
        return _kind_of_folder(path)
    if not path.exists():
        raise RecordError(f"there is no file {path}")
    if ending == SUFFIX:
        return "run"
    if ending == ".toml":
        return "setup"
    if ending in PICTURES:
        return "picture"
    if format_of(path) is not None:
        return "model"
    raise RecordError(
        f"{path.name} is nothing that this program opens; it opens runs ({SUFFIX}), setups (.toml), models "
        f"({', '.join(FORMATS)}), exported pictures ({', '.join(PICTURES)}) and folders of models"
    )


def _kind_of_folder(path: Path) -> str:
    if (path / "manifest.json").exists():
        return "run"
    if all(mnist.find(path, file.name) for file in mnist.FILES):
        return "digits"
    if checkpoint_files(path):
        return "checkpoints"
    raise RecordError(
        f"the folder {path} holds neither models ({', '.join(FORMATS)}) nor MNIST's four files nor a run of this program"
    )


def models_among(paths: Sequence[Path]) -> list[Path]:
    """Several paths, all of them model files; raises RecordError naming the first that is none."""
    for path in paths:
        if kind_of(path) != "model":
            raise RecordError(f"{path.name} is no model: several files at once are models to compare or to play")
    return list(paths)


def told_apart(paths: Sequence[Path]) -> list[str]:
    """What to call each of some files: its name, and where another of them has the same one, its folder before it."""
    names = {path.absolute(): path.name for path in paths}
    taken = list(names.values())
    return [
        path.name if taken.count(path.name) == 1 else f"{path.absolute().parent.name}/{path.name}" for path in paths
    ]


def setup_from_model(setup: Setup, path: str | Path, model: Model | None = None) -> Setup:
    """The setup with the network, classes and preprocessing of a model file, whose parameters a descent begins from."""
    model = model or read_model(path)
    net = model.net
    network: dict[str, Any] = {"sizes": net.sizes, "activation": net.activation, "cost": net.cost}
    network["weights"] = str(Path(path).absolute())  # found from anywhere, also by a saved run
    return setup.changed(data={"classes": model.classes, "preprocess": model.preprocess}, network=network)
