"""The terms of the glossary, as they stand in `terms.toml`, and how one is found."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from landscape.errors import SetupError

# Other words as short as these stand in nearly every sentence: they are found when asked for, not when met in a text.
SHORTEST_MENTION = 2


@dataclass(frozen=True)
class Term:
    """A word on screen: its sentence, formulae (HTML with sub, sup, b and i), and more about it.

    `also` are other words and symbols for it, `settings` the form's fields ("section.field") it explains, `see` other terms.
    """

    name: str
    sentence: str
    formulae: tuple[str, ...] = ()
    more: str = ""
    also: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    see: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """All that it is called."""
        return (self.name, *self.also)


@cache
def glossary() -> tuple[Term, ...]:
    """All terms, in the order in which one would tell of them."""
    text = files("landscape.glossary").joinpath("terms.toml").read_text(encoding="utf-8")
    return tuple(map(_term, tomllib.loads(text)["term"]))


def _term(entry: dict[str, Any]) -> Term:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Term(**fields)


def term_named(word: str) -> Term:
    """The term that is called so, whatever the case; SetupError, with the nearest ones, where there is none."""
    # A symbol is meant as it is written: b is not B.
    for alike in (lambda other: other == word, lambda other: other.casefold() == word.casefold()):
        found = next((term for term in glossary() if any(map(alike, term.words))), None)
        if found is not None:
            return found
    near = [term.name for term in searched(word)][:4]
    hint = f"did you mean {', '.join(near)}?" if near else "`landscape glossary` lists all terms"
    raise SetupError(f"the glossary does not know {word!r}; {hint}")


def of_setting(name: str) -> Term | None:
    """The term that explains a field of the setup, "section.field"."""
    return next((term for term in glossary() if name in term.settings), None)


def searched(query: str) -> list[Term]:
    """The terms in which every word of a query occurs: those called so first, then those that speak of it."""
    parts = query.casefold().split()

    def rank(term: Term) -> int:
        names = [word.casefold() for word in term.words]
        if " ".join(parts) in names:
            return 0
        if all(any(name.startswith(part) for name in names) for part in parts):
            return 1
        text = " ".join((*names, term.sentence.casefold(), term.more.casefold()))
        return 2 if all(part in text for part in parts) else 3

    ranked = [(rank(term), place, term) for place, term in enumerate(glossary())]
    return [term for at, _, term in sorted(ranked, key=lambda entry: entry[:2]) if at < 3]


def called(word: str) -> Term | None:
    """The term of which this is a name, whatever the case; None where there is none."""
    return next((term for term in glossary() if any(word.casefold() == other.casefold() for other in term.words)), None)


def mentioned(texts: Iterable[str]) -> Term | None:
    """The term that one of these texts speaks of: the first text that names one decides, and in it the first, longest name."""
    for text in texts:
        named = [(text.casefold().find(word.casefold()), -len(word), term) for word, term in _mentions(text)]
        if named:
            return min(named, key=lambda entry: entry[:2])[2]
    return None


def _mentions(text: str) -> list[tuple[str, Term]]:
    low = text.casefold()
    return [
        (word, term)
        for term in glossary()
        for word in term.words
        if len(word) >= SHORTEST_MENTION and re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", low)
    ]
