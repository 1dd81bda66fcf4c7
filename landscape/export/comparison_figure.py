"""A comparison as one picture: what the models are, the lines between them, and digits that they disagree on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from landscape.comparison import Comparison, Pair, barrier_sentence, outcomes
from landscape.comparison.line import Line
from landscape.export.picture import write_picture
from landscape.export.provenance import Provenance
from landscape.export.sheet import Sheet
from landscape.export.style import START_COLOURS, style_of

WIDTH, HEIGHT = 12.8, 8.4  # inches
LETTERS = "ABC"
AS_THEY_ARE, MATCHED = START_COLOURS[0], START_COLOURS[5]
COLUMNS = {"layers": 3.6, "parameters": 6.1, "training": 7.3, "validation": 8.5, "test": 9.6, "test loss": 10.8}
DIGIT, GAP = 0.52, 0.14  # inches
LEFT, RIGHT = 0.95, 0.3
WIDEST_WITHOUT_KEY = 6.0  # inches: in a narrower plot the key would lie on the lines


def comparison_figure(
    whole: Comparison, pictures: NDArray, classes: Sequence[int], *, style: str = "light", digits: str = ""
) -> Any:
    """A matplotlib Figure of a comparison; `pictures` (n, 28, 28) are the test digits, `digits` says where they come from."""
    sheet = Sheet(WIDTH, HEIGHT, style_of(style))
    names = [entry.name for entry in whole.entries]
    sheet.write(0.45, HEIGHT - 0.5, f"{len(names)} models compared", 16, fontweight="bold")
    sheet.write(0.45, HEIGHT - 0.8, f"Digits: {digits}" if digits else "", 10.5, faint=True)
    top = _table(sheet, whole, HEIGHT - 1.2) - 0.45
    width = (WIDTH - LEFT - RIGHT - 0.85 * (len(whole.pairs) - 1)) / len(whole.pairs)
    for number, pair in enumerate(whole.pairs):
        _column(sheet, whole, pair, LEFT + number * (width + 0.85), top, width, pictures, classes)
    return sheet.figure


def write_comparison(
    whole: Comparison,
    path: str | Path,
    pictures: NDArray,
    classes: Sequence[int],
    *,
    style: str = "light",
    digits: str = "",
) -> Path:
    """Write that picture; the ending (.png, .svg, .pdf) chooses the format."""
    figure = comparison_figure(whole, pictures, classes, style=style, digits=digits)
    return write_picture(figure, path, of_models([entry.name for entry in whole.entries]))


def of_models(names: Sequence[str]) -> Provenance:
    """The provenance of what was made from models alone: no setup brings it back."""
    return Provenance("", title=f"Models compared: {', '.join(names)}")


def _table(sheet: Sheet, whole: Comparison, top: float) -> float:
    for words, place in {"model": 0.45, **COLUMNS}.items():
        sheet.write(place, top, words, 10, faint=True)
    for letter, entry in zip(LETTERS, whole.entries):
        top -= 0.28
        net = entry.model.net
        accuracies = [f"{entry.verdicts[which].accuracy:.2%}" for which in ("train", "validation", "test")]
        sizes = f"{'-'.join(map(str, net.sizes))} {net.activation}"
        cells = [sizes, f"{net.P:,}", *accuracies, f"{entry.verdicts['test'].loss:.4f}"]
        sheet.write(0.45, top, f"{letter}  {_short(entry.name, 34)}", 11, fontweight="bold")
        for words, place in zip(cells, COLUMNS.values()):
            sheet.write(place, top, words, 11)
    return top


def _column(
    sheet: Sheet,
    whole: Comparison,
    pair: Pair,
    left: float,
    top: float,
    width: float,
    pictures: NDArray,
    classes: Sequence[int],
) -> None:
    a, b = LETTERS[pair.a], LETTERS[pair.b]
    sheet.write(left, top, f"{a} and {b}", 12.5, fontweight="bold")
    words = max(3.0, width)
    under = sheet.paragraph(left, top - 0.1, words, barrier_sentence(pair, LETTERS, "train"), 9.5)
    bottom = 2.25
    room = (under - 0.25 - bottom - 0.55) / 2
    if pair.before and pair.after:
        for row, quantity in enumerate(("loss", "accuracy")):
            place = bottom + (1 - row) * (room + 0.55)
            _lines(sheet, pair, quantity, (left, place, width, room), last=row == 1)
    _disagreements(sheet, whole, pair, left, width, pictures, classes)


def _lines(sheet: Sheet, pair: Pair, quantity: str, box: tuple[float, float, float, float], last: bool) -> None:
    axes = dressed(sheet, sheet.axes(*box))
    for lines, colour, words in ((pair.before, AS_THEY_ARE, "as they are"), (pair.after, MATCHED, "neurons matched")):
        for which, manner in (("train", "-"), ("test", (0, (4, 2)))):
            line = lines[which]
            label = f"{words}: barrier {line.barrier:.3g}" if which == "train" and quantity == "loss" else None
            axes.plot(line.t, getattr(line, quantity), color=colour, linewidth=1.9, linestyle=manner, label=label)
    axes.set_ylabel(quantity, color=sheet.style.ink, fontsize=10)
    axes.margins(x=0.01)
    ends_named(axes, LETTERS[pair.a], LETTERS[pair.b], sheet.style.ink)
    if quantity == "loss" and box[2] > WIDEST_WITHOUT_KEY:
        axes.legend(labelcolor=sheet.style.ink, fontsize=9, facecolor=sheet.style.paper, edgecolor=sheet.style.grid)
    if last:
        sheet.write(box[0], box[1] - 0.42, "solid: training digits · dashed: test digits", 9, faint=True)
        if box[2] <= WIDEST_WITHOUT_KEY:
            for place, words, colour in ((0, "as they are", AS_THEY_ARE), (1.1, "neurons matched", MATCHED)):
                sheet.write(box[0] + place, box[1] - 0.58, words, 9, fontweight="bold", color=colour)


def _disagreements(
    sheet: Sheet, whole: Comparison, pair: Pair, left: float, width: float, pictures: NDArray, classes: Sequence[int]
) -> None:
    found = outcomes(whole, pair)
    one, other = (whole.entries[place].verdicts["test"] for place in (pair.a, pair.b))
    a, b = LETTERS[pair.a], LETTERS[pair.b]
    sheet.write(left, 1.42, f"{len(found['all']):,} test digits guessed differently", 10.5, fontweight="bold")
    counts = f"{a} right {len(found['a_right']):,} · {b} right {len(found['b_right']):,}"
    sheet.write(left, 1.2, f"{counts} · both wrong {len(found['both_wrong']):,}", 9.5, faint=True)
    for place, index in enumerate(found["all"][: int((width + GAP) / (DIGIT + GAP))].tolist()):
        x = left + place * (DIGIT + GAP)
        axes = sheet.axes(x, 0.55, DIGIT, DIGIT)
        axes.imshow(pictures[index], cmap="gray_r", vmin=0, vmax=255)
        axes.set_axis_off()
        guesses = [classes[int(verdict.guesses[index])] for verdict in (one, other)]
        centre: dict[str, Any] = {"ha": "center"}
        sheet.write(x + DIGIT / 2, 0.4, f"is {classes[int(one.labels[index])]}", 8.5, faint=True, **centre)
        sheet.write(x + DIGIT / 2, 0.24, f"{a} {guesses[0]} · {b} {guesses[1]}", 8, **centre)


def dressed(sheet: Sheet, axes: Any) -> Any:
    """Axes in the sheet's colours, with a grid."""
    axes.set_facecolor(sheet.style.paper)
    axes.grid(True, color=sheet.style.grid, linewidth=0.6)
    axes.tick_params(colors=sheet.style.ink, labelsize=9, length=3)
    for spine in axes.spines.values():
        spine.set_color(sheet.style.grid)
    return axes


def ends_named(axes: Any, a: str, b: str, ink: str) -> None:
    """The ends of the line by the models' names, and how far it is in between."""
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], labels=[a, "¼", "½", "¾", b], color=ink)


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def line_range(lines: Sequence[Line], quantity: str = "loss") -> tuple[float, float]:
    """A range that holds all lines, with room above and below."""
    values = [float(value) for line in lines for value in getattr(line, quantity)]
    room = 0.06 * (max(values) - min(values)) or 0.01
    return min(values) - room, max(values) + room
