"""Commands about files and models: what is in one, what a model says about digits, and two or three of them compared."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landscape.cli.choice import opened_run, with_digits
from landscape.cli.console import follow, report
from landscape.cli.options import Data, Json
from landscape.cli.sources import chosen_classes
from landscape.cli.summary import best_lines, run_figures, run_lines
from landscape.cli.through import check_through, write_through
from landscape.errors import SetupError

if TYPE_CHECKING:
    from landscape.comparison import Comparison, Pair, Verdict
    from landscape.data import Digits
    from landscape.model import Model
    from landscape.network import ExampleCosts

SETS = {"training": "train", "validation": "validation", "test": "test"}

Activation = Annotated[
    str | None,
    typer.Option(help="Activation of hidden neurons, for files that don't say: relu, sigmoid, tanh or linear."),
]
Cost = Annotated[str | None, typer.Option(help="Cost, for files that don't say theirs.")]
Classes = Annotated[str | None, typer.Option(help="The digits that the outputs stand for, such as 3,7.")]


def info(
    file: Annotated[Path, typer.Argument(help="A run, a model, a folder of models or a setup.")],
    as_json: Json = False,
) -> None:
    """Show what is in a file: a run, a model or a setup."""
    from landscape.comparison import model_figures
    from landscape.model import read_model
    from landscape.run import Setup

    if file.suffix == ".toml":
        setup = Setup.load(file)
        report([setup.to_toml().rstrip()], {"kind": "setup", **setup.model_dump(mode="json")}, as_json)
    elif file.suffix == ".landscape" or file.is_dir():
        run = opened_run(file)
        report([*run_lines(run), *best_lines(run)], {"kind": "run", **run_figures(run)}, as_json)
    else:
        model = read_model(file)
        report(_model_lines(model), {"kind": "model", **model_figures(model)}, as_json)


def classify(
    model: Annotated[Path, typer.Argument(help="A model file: .safetensors, .npz, .json (Nielsen's) or .pkl.")],
    data: Data = None,
    which: Annotated[str, typer.Option("--set", help="Digits: training, validation or test.")] = "test",
    classes: Classes = None,
    activation: Activation = None,
    cost: Cost = None,
    wrong: Annotated[int, typer.Option(min=0, help="How many of the wrong ones to name, the costliest first.")] = 10,
    as_json: Json = False,
) -> None:
    """Let a model classify digits: accuracy, which digits it takes for which, and its costliest mistakes."""
    import numpy as np

    from landscape.comparison import judge, model_figures, seen_sentence
    from landscape.data import a_digit
    from landscape.model import read_model
    from landscape.network import ExampleCosts

    if which not in SETS:
        raise SetupError(f"the set {which!r} is unknown; choose one of {', '.join(SETS)}")
    found = read_model(model, activation, cost)
    digits = _digits(found, data, classes)
    split = getattr(digits, SETS[which])
    verdict = judge(found.net, found.theta, split.images, split.labels)
    costs = ExampleCosts(
        verdict.losses, np.array(digits.classes)[verdict.labels], np.array(digits.classes)[verdict.guesses]
    )
    mistakes = [_mistake(verdict, digits, split.index, at) for at in verdict.wrong[:wrong].tolist()]
    lines = [
        *_model_lines(found),
        f"{len(split):,} {which} digits ({digits.source}): accuracy {verdict.accuracy:.2%}, loss {verdict.loss:.4f}",
        *filter(None, [seen_sentence([("the model", found)], digits)]),
        *_confusion_lines(verdict, digits.classes),
        costs.sentence,
        *(["the costliest mistakes:"] if mistakes else []),
        *(f"  {which} {m['index']}: {a_digit(m['truth'])} taken for {a_digit(m['guess'])} "
          f"(sure to {m['sure']:.1%}, loss {m['loss']:.3f})" for m in mistakes),
    ]  # fmt: skip
    figures = {
        "model": model,
        **model_figures(found),
        "set": which,
        "digits": digits.source,
        "examples": len(split),
        "accuracy": verdict.accuracy,
        "loss": verdict.loss,
        "classes": list(digits.classes),
        "confusion": verdict.confusion.tolist(),
        "wrong": verdict.wrong.tolist(),
        "mistakes": mistakes,
        "costs": _cost_figures(costs),
    }
    report(lines, figures, as_json)


def compare(
    models: Annotated[list[Path], typer.Argument(metavar="A B [C]", help="Two or three model files.")],
    data: Data = None,
    classes: Classes = None,
    activation: Activation = None,
    cost: Cost = None,
    points: Annotated[int, typer.Option(min=2, max=1001, help="Points on the lines between the models.")] = 51,
    picture: Annotated[Path | None, typer.Option("--picture", help="A picture to draw: .png, .svg or .pdf.")] = None,
    film: Annotated[
        Path | None,
        typer.Option("--film", help="A film (.gif, .mp4): the barrier falls as B's neurons are matched to A's."),
    ] = None,
    through: Annotated[
        Path | None,
        typer.Option(
            "--through", help="Of three models: a picture of the plane through them, or a .landscape with it."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare models: sizes, accuracies, disagreements, and the barrier between them before and after matching neurons."""
    from landscape.comparison import comparing, comparison_figures, seen_sentence
    from landscape.data import default_source
    from landscape.model import read_model
    from landscape.run import Setup
    from landscape.run.opening import told_apart

    if not 2 <= len(models) <= 3:
        raise SetupError(f"compare takes two or three models, not {len(models)}")
    _check_places(picture, film)
    if through is not None:
        check_through(len(models), through)
    found = [(name, read_model(path, activation, cost)) for name, path in zip(told_apart(models), models, strict=True)]
    digits = [_digits(model, data, classes) for _, model in found]
    *_, whole = follow(comparing(found, digits, points), "comparing")
    figures = comparison_figures(whole, digits[0].source)
    figures["models"] = [row | {"file": path} for row, path in zip(figures["models"], models)]
    lines = [*_table_lines(figures["models"]), *filter(None, [seen_sentence(found, digits[0])])]
    lines += [line for pair in whole.pairs for line in _pair_lines(whole, pair)]
    if picture is not None:
        from landscape.export.comparison_figure import write_comparison

        test = digits[0].test.pictures
        written = write_comparison(whole, picture, test, digits[0].classes, digits=digits[0].source)
        lines.append(f"written: {written}")
    if film is not None:
        _film_barrier(whole, digits[0], film, points)
        lines.append(f"written: {film}")
    if through is not None:
        source = data or default_source() or "embedded"
        lines.append(f"written: {write_through(whole, digits[0], with_digits(Setup(), source).data.source, through)}")
    report(lines, figures | {"picture": picture, "film": film, "through": through}, as_json)


def _check_places(picture: Path | None, film: Path | None) -> None:
    """Before long work begins: nobody waits for a file that has nowhere to go."""
    from landscape.export.destination import check_destination
    from landscape.export.film import check_film_place
    from landscape.export.picture import ENDINGS as PICTURES

    if picture is not None:
        check_destination(picture, PICTURES, "a picture")
    if film is not None:
        check_film_place(film)


def _film_barrier(whole: "Comparison", digits: "Digits", path: Path, points: int) -> None:
    """The film of the first two models."""
    from landscape.comparison import falling
    from landscape.export.barrier_film import filming_barrier

    pair = whole.pairs[0]
    one, other = (whole.entries[place] for place in (pair.a, pair.b))
    if pair.no_line:
        raise SetupError(f"no film of {one.name} and {other.name}: {pair.no_line}")
    sets = {"train": digits.train, "test": digits.test}
    falls = follow(falling(one.model.net, one.model.theta, other.model.theta, sets, points), "matching neurons")
    for _ in follow(filming_barrier(list(falls), path, (one.name, other.name)), "filming"):
        pass


def _digits(model: "Model", data: str | None, classes: str | None) -> "Digits":
    from landscape.data import default_source, load_digits

    chosen: Any = chosen_classes(classes) or model.classes
    if len(chosen) != max(2, model.net.sizes[-1]):
        raise SetupError(f"the model tells {max(2, model.net.sizes[-1])} classes apart, but {len(chosen)} are named")
    source = default_source() if data is None else None if data == "embedded" else data
    return load_digits(source, chosen, model.preprocess)


def _model_lines(model: "Model") -> list[str]:
    net = model.net
    sizes = "-".join(map(str, net.sizes))
    lines = [f"a model {sizes}, {net.activation}, {net.cost}: {net.P:,} parameters, {model.theta.dtype}"]
    if model.assumed:
        lines.append(f"its file does not say its {' and '.join(model.assumed)}: taken for granted here")
    short = [f"{name} {text}" for name, text in sorted(model.about.items()) if len(text) <= 60 and text.isprintable()]
    return [*lines, *([", ".join(short)] if short else [])]


def _cost_figures(costs: "ExampleCosts") -> dict[str, Any]:
    """What the mean hides: how the costs of single digits spread, and what each class costs."""
    import numpy as np

    counts, edges = costs.histogram()
    return {
        "mean": costs.mean,
        "median": float(np.median(costs.losses)),
        "share_of_costliest": {"hundredth": costs.share_of_costliest(0.01), "tenth": costs.share_of_costliest(0.1)},
        "histogram": {"counts": counts.tolist(), "edges": edges.tolist(), "shares": costs.shares(edges).tolist()},
        "classes": [asdict(each) for each in costs.classes],
    }


def _confusion_lines(verdict: "Verdict", classes: tuple[int, ...]) -> list[str]:
    lines = [
        "which digits (rows) are taken for which (columns):",
        "     " + "".join(f"{digit:>6}" for digit in classes),
    ]
    return lines + [
        f"{digit:>5}" + "".join(f"{count or '·':>6}" for count in row)
        for digit, row in zip(classes, verdict.confusion.tolist())
    ]


def _mistake(verdict: "Verdict", digits: "Digits", index: Any, at: int) -> dict[str, Any]:
    guess = int(verdict.guesses[at])
    return {
        "index": at,
        "mnist_index": int(index[at]),
        "truth": digits.classes[int(verdict.labels[at])],
        "guess": digits.classes[guess],
        "sure": float(verdict.probabilities[at, guess]),
        "loss": float(verdict.losses[at]),
    }


def _table_lines(rows: list[dict[str, Any]]) -> list[str]:
    head = ("model", "layers", "parameters", "training", "validation", "test accuracy")
    cells = [
        (row["name"], "-".join(map(str, row["sizes"])), f"{row['parameters']:,}",
         *(f"{row[f'{which}_accuracy']:.2%}" for which in SETS))
        for row in rows
    ]  # fmt: skip
    widths = [max(map(len, column)) for column in zip(head, *cells)]
    return ["  ".join(word.ljust(width) for word, width in zip(line, widths)).rstrip() for line in (head, *cells)]


def _pair_lines(whole: "Comparison", pair: "Pair") -> list[str]:
    names = f"{whole.entries[pair.a].name} and {whole.entries[pair.b].name}"
    examples = len(whole.entries[pair.a].verdicts["test"].labels)
    lines = [f"{names} disagree on {len(pair.disagreements):,} of {examples:,} test digits"]
    if pair.no_line:
        return [*lines, f"no line between {names}: {pair.no_line}"]
    for which, words in (("train", "training"), ("test", "test")):
        before, after = pair.before[which], pair.after[which]
        falls = f"{before.accuracy_barrier:.2%}, {after.accuracy_barrier:.2%}"
        lines.append(
            f"barrier between {names} on {words} digits: {before.barrier:.4f} as they are, "
            f"{after.barrier:.4f} with neurons matched (accuracy falls by {falls})"
        )
    return lines
