"""A run's diary: one page for any browser, without a network, that tells what was tried, what came of it and how to repeat it."""

import base64
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.data.embedded import asset
from landscape.errors import RecordError
from landscape.export import caption
from landscape.export.destination import check_destination
from landscape.export.loss_scale import LossScale, loss_text, surface_colours
from landscape.export.provenance import Provenance
from landscape.export.scene import Scene
from landscape.export.style import start_colour
from landscape.run import Run
from landscape.run.notes import notes_of
from landscape.run.portrait import Portrait
from landscape.surface import Surface
from landscape.writing import written_whole

ENDINGS = (".html",)
FINDINGS = "findings"  # what was tried next, in the run's `about`: a list of sentences
WIDTH = 1280  # pixels of a picture
MOST_ACROSS = 61  # cells of the surface that turns
MOST_FRAMES = 120  # frames of its paths
SHADES, MOST_SHADES = 64, 1000  # between the surface's lowest and highest place; in all
HIGHEST_BALL = 1.3  # what is far above the box stands a little above it


@dataclass(frozen=True)
class Written:
    """How much of the diary is drawn; the file is there when `done` is 1."""

    path: Path
    done: float


def writing_diary(
    run: Run, portrait: Portrait, surface: Surface, path: str | Path, *, scale: str = "log", colours: str = "viridis"
) -> Iterator[Written]:
    """Write a run's diary: one .html file under 3 MB that loads nothing from elsewhere.

    Closing the generator leaves no file. Raises RecordError where it can't be written or the run has not taken a step,
    SetupError where run, portrait and surface do not belong together.
    """
    path = check_destination(path, ENDINGS, "a diary")
    scene = Scene.of(run, portrait, surface)
    if scene.frames < 2:
        raise RecordError("the run has only its starts: there is nothing to tell before the first step")
    return _writing(scene, path, scale, colours)


def _writing(scene: Scene, path: Path, scale: str, colours: str) -> Iterator[Written]:
    from landscape.export.curves_figure import curves_figure
    from landscape.export.map_figure import map_figure
    from landscape.export.relief_figure import relief_figure

    parts = scene.run, scene.portrait, scene.surface
    pictures: list[str] = []
    figures: tuple[tuple[Callable[[], Any], str], ...] = (
        (
            lambda: map_figure(*parts, scale=scale, colours=colours),
            "The surface from above, with the paths of all starts",
        ),
        (
            lambda: relief_figure(*parts, scale=scale, colours=colours),
            "The surface in relief, every ball at its true loss",
        ),
        (lambda: curves_figure(scene.run), "Loss and accuracy over the steps"),
    )
    for number, (figure, words) in enumerate(figures):
        yield Written(path, 0.3 * number)
        pictures.append(_picture(figure(), words, scene.run))
    page = _page(scene, pictures, scale, colours)

    def write(partial: Path) -> None:
        partial.write_text(page, encoding="utf-8")

    written_whole(path, write)
    yield Written(path, 1.0)


def _page(scene: Scene, pictures: list[str], scale: str, colours: str) -> str:
    from landscape.export.relief_drawing import colour_scale, height_scale

    run = scene.run
    provenance = Provenance.of(run)
    above, relief, curves = pictures
    heights = height_scale(scale, scene)
    shades = colour_scale(scale, scene.surface, heights.high)
    measure = scene.measure
    ends = f"The first colour is {measure.title()} {loss_text(shades.low)}, the last {loss_text(shades.high)}"
    manner = ", with logarithmic heights" if heights.kind == "log" else ""
    data = json.dumps(turning_scene(scene, scale, colours), allow_nan=False).replace("<", "\\u003c")
    sections = (
        ("My notes", _notes(run)),
        ("What was set", _settings(run)),
        ("The landscape", above + relief),
        (
            "Turn it yourself",
            '<canvas id="landscape" tabindex="0" aria-label="The surface in 3D: drag or use the arrow keys to turn it">'
            '</canvas><p><input id="time" type="range" min="0" aria-label="Step"> <span id="step"></span></p>'
            '<p class="faint">Drag to turn, wheel to zoom, arrow keys too. Balls stand at their true loss, paths behind '
            f"a hill show through it. {ends}{manner}.</p>",
        ),
        ("Curves", curves),
        ("The starts", _starts(scene)),
        ("Best so far", _best(run)),
        ("What was tried next", _tried(run)),
        ("What the picture can and can't show", _honesty(scene)),
        ("How to repeat it", _repeat(provenance)),
    )
    body = "\n".join(f"<h2>{escape(title)}</h2>\n{words}" for title, words in sections if words)
    css, script = (asset(name).read_text(encoding="utf-8") for name in ("diary.css", "diary.js"))
    about = escape(provenance.as_text, quote=True)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<meta name="generator" content="{about}">\n'
        f"<title>A descent and its landscape</title>\n<style>\n{css}</style>\n</head>\n<body>\n"
        f'<h1>A descent and its landscape</h1>\n<p class="faint">{escape(caption.subject(scene))}</p>\n{body}\n'
        f'<script type="application/json" id="scene">{data}</script>\n<script>\n{script}</script>\n</body>\n</html>\n'
    )


def turning_scene(scene: Scene, scale: str, colours: str = "viridis") -> dict[str, Any]:
    """What the page's script draws: heights and paths in a box of sides up to 1, None where a loss is not finite."""
    from landscape.export.relief_drawing import height_scale

    surface = scene.surface
    rows, columns = (
        np.unique(np.linspace(0, size - 1, min(size, MOST_ACROSS)).round().astype(int))
        for size in surface.heights.shape
    )
    heights = height_scale(scale, scene)
    lengths = np.array([np.ptp(surface.a), np.ptp(surface.b)]) * np.sqrt(np.diag(surface.plane.gram))
    sides = lengths / lengths.max()
    frames = np.unique(np.linspace(0, scene.frames - 1, min(scene.frames, MOST_FRAMES)).round().astype(int))
    low, spans = np.array([surface.a[0], surface.b[0]]), np.array([np.ptp(surface.a), np.ptp(surface.b)])
    places = ((scene.shadows[frames] - low) / spans - 0.5) * sides  # (f, K, 2)
    balls = np.minimum(heights.place(scene.losses[frames]), HIGHEST_BALL)
    points = np.concatenate([places, balls[..., None]], axis=-1)
    shown = np.minimum(heights.place(surface.heights[np.ix_(rows, columns)]), 1.0)
    return {
        "heights": _plain(shown),
        "turn": _turn(shown, sides),
        "sides": sides.tolist(),
        "palette": _palette(scale, surface, heights, colours),
        "paths": [{"colour": start_colour(start), "points": _plain(points[:, start])} for start in range(scene.K)],
        "steps": scene.steps[frames].tolist(),
    }


def _palette(scale: str, surface: Surface, heights: LossScale, colours: str) -> list[list[int]]:
    """The colour at every height of the box, from its floor up: all colours are between the surface's lowest and highest."""
    from matplotlib import colormaps

    from landscape.export.relief_drawing import colour_scale

    shades = colour_scale(scale, surface, heights.high)
    first, last = heights.place([shades.low, shades.high])
    count = min(MOST_SHADES, int(np.ceil(SHADES / (last - first))))
    shares = np.clip((np.linspace(0, 1, count) - first) / (last - first), 0, 1)
    return [[round(255 * part) for part in colormaps[surface_colours(surface, colours)](share)[:3]] for share in shares]


def _turn(heights: NDArray, sides: NDArray) -> float:
    """How far to turn the box at first (radians): nearly so that the surface rises away from the eye."""
    rows, columns = heights.shape
    across, along = np.meshgrid(np.linspace(-1, 1, columns) * sides[0], np.linspace(-1, 1, rows) * sides[1])
    known = np.nan_to_num(heights, nan=1.0)
    return round(float(np.arctan2((known * across).sum(), (known * along).sum())) + 0.4, 3)


def _plain(values: NDArray) -> list:
    """Rows of numbers in four digits, None for what is not finite."""
    return [[round(value, 4) if np.isfinite(value) else None for value in row] for row in values.tolist()]


def _picture(figure: Any, words: str, run: Run) -> str:
    from landscape.export.picture import write_picture

    with tempfile.TemporaryDirectory(prefix="landscape-diary-") as folder:
        data = write_picture(figure, Path(folder) / "p.png", Provenance.of(run), width=WIDTH).read_bytes()
    return f'<img alt="{escape(words)}" src="data:image/png;base64,{base64.b64encode(data).decode()}">\n'


def _notes(run: Run) -> str:
    notes = notes_of(run).strip()
    return f'<p class="notes">{escape(notes)}</p>' if notes else ""


def _tried(run: Run) -> str:
    findings = run.about.get(FINDINGS, ())
    findings = [findings] if isinstance(findings, str) else list(findings)
    return "<ul>" + "".join(f"<li>{escape(str(each))}</li>" for each in findings) + "</ul>" if findings else ""


def _settings(run: Run) -> str:
    rows = []
    for name in type(run.setup).model_fields:
        section = getattr(run.setup, name)
        for field, about in type(section).model_fields.items():
            value = getattr(section, field)
            if run.setup.heeds(f"{name}.{field}") and value not in (None, ""):
                rows.append([name, about.title or field, _text(value)])
    layers = " + ".join(f"{count:,}" for count in run.net.parameter_counts)
    count = f"<p>{run.net.P:,} parameters ({layers} layer by layer).</p>"
    return count + _table(("", "Setting", "Value"), rows)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _starts(scene: Scene) -> str:
    run, portrait = scene.run, scene.portrait
    accuracy = run.figure("validation_accuracy")
    rows = []
    for start, info in enumerate(run.starts):
        stop = run.stops[start]
        length = float(np.linalg.norm(run.thetas[scene.frames - 1, start]))
        off = 100 * float(portrait.off_plane[-1, start]) / length if length else float("nan")
        rows.append(
            [
                info.name,
                loss_text(float(scene.losses[0, start])),
                loss_text(float(scene.losses[-1, start])),
                f"{100 * float(accuracy[scene.frames - 1, start]):.1f} %",
                caption.share_text(float(portrait.coverage[start])) if np.isfinite(portrait.coverage[start]) else "–",
                f"{off:.1f} %",
                stop.sentence if stop else "all its epochs",
            ]
        )
    colours = [start_colour(start) for start in range(run.K)]
    heads = ("Start", "First loss", "Last loss", "Validation accuracy", "Plane holds", "Off plane, of ‖θ‖", "It went")
    return _table(heads, rows, range(1, 6), colours)


def _best(run: Run) -> str:
    best = run.best
    if best is None:
        return "<p>No start ever had a finite loss.</p>"
    times = len(run.new_best_steps) - 1
    return (
        f"<p>Loss {loss_text(best.loss)} ({100 * best.accuracy:.1f} % of the training digits right, "
        f"{100 * best.validation_accuracy:.1f} % of the validation digits), found by “{escape(best.start_name)}” at step "
        f"{best.step:,} of {run.last_step:,}, epoch {best.epoch:.2f}. A new best was found {times:,} times on the way.</p>"
    )


def _honesty(scene: Scene) -> str:
    sentences = (
        caption.coverage_sentence(scene),
        caption.loss_sentence(scene),
        caption.lowest_sentence(scene),
        caption.angle_sentence(scene.portrait.plane),
    )
    return "<ul>" + "".join(f"<li>{escape(each)}</li>" for each in sentences if each) + "</ul>"


def _repeat(provenance: Provenance) -> str:
    return (
        f"<p>Save the text below as setup.toml and run <code>landscape train setup.toml</code> ({provenance.software}). All "
        f"seeds are in it: the same setup on the same machine gives the same run (its name: {provenance.run_name}).</p>"
        f"<pre>{escape(provenance.setup)}</pre>"
    )


def _table(heads: tuple[str, ...], rows: list[list[str]], numbers: Any = (), colours: Any = ()) -> str:
    def cells(tag: str, row: Any, dot: str = "") -> str:
        kinds = [' class="number"' if column in numbers else "" for column in range(len(row))]
        texts = [
            f"<{tag}{kind}>{dot if not i else ''}{escape(t)}</{tag}>" for i, (kind, t) in enumerate(zip(kinds, row))
        ]
        return f"<tr>{''.join(texts)}</tr>\n"

    dots = [f'<span class="dot" style="background:{colour}"></span>' for colour in colours] or [""] * len(rows)
    body = "".join(cells("td", row, dot) for row, dot in zip(rows, dots))
    return f"<table>\n<thead>{cells('th', heads)}</thead>\n<tbody>\n{body}</tbody>\n</table>\n"
