"""What `landscape data` tells of chosen digits: the pixel-similarity baseline, and what preprocessing makes of them."""

from pathlib import Path
from typing import Any

from landscape.data import Digits, pixel_similarity


def baseline(digits: Digits) -> tuple[list[str], dict[str, float]]:
    """How far the mean pictures alone tell the digits apart, in sentences and in figures."""
    found = pixel_similarity(digits)
    each = ", ".join(f"{100 * found[f'accuracy_{digit}']:.2f} % of the {digit}s" for digit in digits.classes)
    line = (
        f"pixel similarity (L1 distance to each class's mean picture) is right about {each}: {100 * found['mean']:.2f} % on "
        f"average, over {len(digits.test):,} test digits; the bar a learnt model must beat"
    )
    return [line], found


def stages(digits: Digits, steps: str, picture: Path | None) -> tuple[list[str], list[dict[str, Any]]]:
    """What every stage makes of the training digits, in sentences and in figures; and of some digits a picture."""
    from landscape.data.preprocessing import STEPS, checked_steps, fit_pipeline
    from landscape.export.stages_figure import write_stages

    names = checked_steps(steps.split(","))
    training = digits.train.pictures
    pipeline, _ = fit_pipeline(names, training.reshape(len(training), -1))
    lines, figures = [], []
    for count, stage in enumerate(pipeline.stages, start=1):
        images = pipeline.apply(training, count)
        kept = None if stage.components is None else stage.kept
        figures.append(
            {
                "stage": stage.name,
                "numbers": images.shape[1],
                "lowest": float(images.min()),
                "highest": float(images.max()),
                "mean": float(images.mean(dtype="f8")),
                "deviation": float(images.std(dtype="f8")),
                "variance_kept": kept,
            }
        )
        lines.append(
            "{stage}: {numbers} numbers a digit, {lowest:.3g} to {highest:.3g}, mean {mean:.3g}, standard deviation "
            "{deviation:.3g}".format(**figures[-1])
            + ("" if kept is None else f", {kept:.2%} of the variance is kept")
            + f". {STEPS[stage.name.partition(':')[0]].sentence}"
        )
    if picture is not None:
        lines.append(f"written: {write_stages(digits, names, picture)}")
    return lines, figures
