"""The landscape on the plane through three models, drawn or as a run for the window; a part of `landscape compare`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.cli.console import follow
from landscape.errors import SetupError

if TYPE_CHECKING:
    from landscape.comparison import Comparison
    from landscape.data import Digits


def check_through(models: int, path: Path) -> None:
    """SetupError unless there are three models, RecordError where the file can't be written; before long work begins."""
    from landscape.export.destination import check_destination
    from landscape.export.picture import ENDINGS
    from landscape.run.archive import SUFFIX

    if models != 3:
        raise SetupError(f"a plane goes through three models, not {models}: name another, or leave --through out")
    check_destination(path, (*ENDINGS, SUFFIX), "the plane through the models")


def write_through(whole: "Comparison", digits: "Digits", source: str, path: Path) -> Path:
    """Write the plane through three compared models: a picture of its surface, or (.landscape) a run with it, for the window.

    `source` is where the digits come from, as a setup says it. Raises SetupError for models of different networks.
    """
    from landscape.run.archive import SUFFIX
    from landscape.run.gallery import hanging
    from landscape.run.landmark import keep_plane_through

    models = [(entry.name, entry.model.theta) for entry in whole.entries]
    unlike = [pair.no_line for pair in whole.pairs if pair.no_line]
    if unlike:
        raise SetupError(f"no plane through these models: {unlike[0]}")
    *_, hung = hanging(whole.entries[0].model.net, models, digits, source)
    run = hung.run
    try:
        kept = keep_plane_through(run, models)
        if path.suffix.lower() == SUFFIX:
            return run.save(path)
        for _ in follow(_drawing(run, kept, path), "evaluating the surface through the models"):
            pass
    finally:
        run.close()
    return path


def _drawing(run: Any, kept: Any, path: Path) -> Iterator[Any]:
    from landscape.export.map_figure import map_figure
    from landscape.export.picture import write_picture
    from landscape.export.provenance import Provenance
    from landscape.run.choice import KEPT
    from landscape.run.portrait import Extent, evaluating, portray

    portrait = portray(run, KEPT + kept.name)
    surface: Any = None
    for surface in evaluating(run, portrait, extent=Extent(*kept.extent)):
        yield surface
    write_picture(map_figure(run, portrait, surface), path, Provenance.of(run, f"The plane {kept.name}"))
