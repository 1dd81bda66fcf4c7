"""A term as a page of HTML, for the window, and as plain text, for a terminal."""

import re
from collections.abc import Callable
from html import unescape

from landscape.glossary.glossary import Term

_LOW = str.maketrans("0123456789+−=()aeijklmnoprstux", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₗₘₙₒₚᵣₛₜᵤₓ")
_HIGH = str.maketrans("0123456789+−=()inT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵀ")


def as_html(term: Term, links: bool = True) -> str:
    """Name, sentence, formulae and more as rich text; with `links`, those to other terms are "term:name"."""
    parts = [f"<h3>{term.name}</h3>", f"<p>{term.sentence}</p>"]
    parts += [f'<p style="margin-left: 14px">{line}</p>' for line in term.formulae]
    if term.more:
        parts.append(f"<p>{term.more}</p>")
    if term.see and links:
        others = ", ".join(f'<a href="term:{name}">{name}</a>' for name in term.see)
        parts.append(f"<p>See also: {others}</p>")
    return "".join(parts)


def as_text(term: Term) -> list[str]:
    """The same as lines of plain text."""
    lines = [term.name, f"  {term.sentence}"]
    lines += [f"    {plain(line)}" for line in term.formulae]
    if term.more:
        lines.append(f"  {plain(term.more)}")
    if term.see:
        lines.append(f"  see also: {', '.join(term.see)}")
    return lines


def plain(formula: str) -> str:
    """HTML as plain text: what stands low or high in signs that do, where there are any for all of it, else _{…} or ^{…}."""

    def moved(table: dict[int, int], sign: str) -> Callable[[re.Match[str]], str]:
        def replace(match: re.Match[str]) -> str:
            inside = plain(match[1])
            if all(ord(letter) in table for letter in inside):
                return inside.translate(table)
            return f"{sign}{inside}" if len(inside) == 1 else f"{sign}{{{inside}}}"

        return replace

    # The innermost first: a pair that holds no other tag.
    text = formula
    for _ in range(3):
        text = re.sub(r"<sub>([^<]*)</sub>", moved(_LOW, "_"), text)
        text = re.sub(r"<sup>([^<]*)</sup>", moved(_HIGH, "^"), text)
    return unescape(re.sub(r"</?[bi]>", "", text))
