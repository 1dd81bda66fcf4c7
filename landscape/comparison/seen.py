"""Whether models have learnt from the digits they are judged by: those that ship with the app are MNIST's training digits."""

import tomllib
from collections.abc import Sequence

from landscape.data import Digits
from landscape.model import Model


def seen_sentence(models: Sequence[tuple[str, Model]], digits: Digits) -> str:
    """Which of some named models have seen these digits' test and validation sets, by what their files say; or nothing.

    The digits that ship with the app are 5,000 of MNIST's 60,000 training digits. So whoever learnt from MNIST's own
    files has seen them, and is judged fairly by the full MNIST's test digits alone.
    """
    names = [name for name, model in models if digits.shipped and _learnt_elsewhere(model)]
    if not names:
        return ""
    return (
        f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'} learnt from MNIST's training file, where the built-in "
        "digits come from, too: these accuracies flatter. The full MNIST's test digits are a fair test."
    )


def _learnt_elsewhere(model: Model) -> bool:
    """Whether a model's file names other digits than those that ship with the app as those it has learnt from."""
    try:
        data = tomllib.loads(model.about.get("setup", "")).get("data", {})
    except tomllib.TOMLDecodeError:
        return False
    source = data.get("source", "embedded") if isinstance(data, dict) else "embedded"
    return source != "embedded"
