"""The setup that is chosen on the command line: a file or a preset, and what is changed in it."""

import re
from pathlib import Path
from typing import Any

from landscape.data import default_source
from landscape.errors import SetupError
from landscape.run import Run, Setup, run_of_checkpoints
from landscape.run.preset import PRESETS


def chosen_setup(name: str, data: str | None) -> Setup:
    """The setup of a file, a preset (any unmistakable part of its name) or the standard one, with the chosen digits."""
    if name.endswith(".toml") or Path(name).is_file():
        setup = Setup.load(name)
        chosen = "source" in setup.data.model_fields_set
    else:
        setup, chosen = _preset(name), False
    folder = data or (None if chosen else default_source())
    return setup if folder is None else with_digits(setup, folder)


def opened_run(path: Path, data: str | None = None) -> Run:
    """The run of a .landscape file, of the folder of a growing run, or of a folder of models, with the chosen digits."""
    models = path.is_dir() and not (path / "manifest.json").exists()
    run = run_of_checkpoints(path) if models else Run.load(path)
    if data is not None:
        run.setup = with_digits(run.setup, data)
    return run


def with_digits(setup: Setup, folder: str) -> Setup:
    """The setup with the digits of a folder (or "embedded" or "full" ones)."""
    source = folder if folder in ("embedded", "full") else str(Path(folder).expanduser().absolute())
    return setup.changed(data={"source": source})


def _preset(name: str) -> Setup:
    if not name:
        return Setup()
    found = [preset for preset in PRESETS.values() if name.casefold() in preset.name.casefold()]
    exact = [preset for preset in found if name.casefold() == preset.name.casefold()]
    if len(exact or found) != 1:
        what = "fits several presets" if found else "is neither a setup file nor a preset"
        raise SetupError(f"{name!r} {what}; the presets are: {'; '.join(PRESETS)}")
    return (exact or found)[0].setup


def changed_setup(setup: Setup, changes: list[str], epochs: float | None) -> Setup:
    """The setup with some settings changed, each written as section.field=value."""
    sections: dict[str, dict[str, Any]] = {} if epochs is None else {"descent": {"epochs": epochs}}
    for change in changes:
        field, equals, text = change.partition("=")
        section, dot, name = field.strip().partition(".")
        if not (equals and dot and section in Setup.model_fields and name in getattr(setup, section).model_dump()):
            raise SetupError(f"--set {change}: name a setting and its value, such as descent.learning_rate=0.3", field)
        sections.setdefault(section, {})[name] = _value(text.strip(), getattr(getattr(setup, section), name))
    return setup.changed(**sections) if sections else setup


def _value(text: str, before: Any) -> Any:
    """A value from the command line: lists are written 784,30,10 or 784-30-10; pydantic reads numbers and yes/no."""
    if isinstance(before, tuple):
        return [part for part in re.split(r"[\s,;-]+", text.strip("()[]")) if part]
    return text
