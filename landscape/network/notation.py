"""Formulas as text that is read, filled with numbers and computed: one truth for the eye and for the arithmetic.

A formula's expression is written in Python's own signs, such as "μ*v + g": it can be computed as it stands, shown in
symbols (μ·v + g) and shown with the numbers put in (0.9·0.12 + (−0.03)). Its names: a trailing _new is a prime
(the value after the step), _hat a hat, _t and _y a subscript.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

_TOKENS = re.compile(r"\*\*|[^\W\d]\w*|\d+(?:\.\d+)?|\S|\s+")
_SHOWN = {
    "**": "^",
    "*": "·",
    "-": "−",
    "sqrt": "√",
    "v_new": "v′",
    "m_new": "m′",
    "s_new": "s′",
    "θ_new": "θ′",
    "c_new": "c′",
    "m_hat": "m̂",
    "s_hat": "ŝ",
    "η_t": "ηₜ",
    "z_y": "zᵧ",
    "β1": "β₁",
    "β2": "β₂",
}
NEARLY = 0.999
_SUPERSCRIPTS = str.maketrans("0123456789-t", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵗ")
_FUNCTIONS: dict[str, Any] = {
    "sqrt": np.sqrt,
    "exp": np.exp,
    "ln": np.log,
    "tanh": np.tanh,
    "abs": np.abs,
    "sign": np.sign,
    "max": np.maximum,
    "step": lambda x: np.where(np.asarray(x) > 0, 1.0, 0.0),  # 1 where x is above 0, else 0
}


@dataclass(frozen=True)
class Formula:
    """One line of a calculation: the symbol that it defines, what that is in words, and the expression it equals."""

    symbol: str
    words: str
    expression: str

    def value(self, values: Mapping[str, Any]) -> Any:
        """The expression computed with these numbers, or with arrays of one shape."""
        return computed(self.expression, values)


def computed(expression: str, values: Mapping[str, Any]) -> Any:
    """An expression's value; `values` names numbers or arrays. Expressions are this program's own, never a user's."""
    return eval(expression, {"__builtins__": {}, **_FUNCTIONS}, dict(values))


def in_symbols(expression: str) -> str:
    """An expression as a book writes it: μ·v′ + g, η·m̂ / (√(ŝ) + ε)."""
    return _raised("".join(_SHOWN.get(token, token) for token in _TOKENS.findall(expression)))


def in_numbers(expression: str, values: Mapping[str, Any]) -> str:
    """An expression with the numbers put in for its names; those below zero and powers of ten stand in brackets."""
    tokens = _TOKENS.findall(expression)
    parts = []
    for token in tokens:
        if token in values:
            text = number(float(values[token]))
            parts.append(f"({text})" if len(tokens) > 1 and re.search("[−·]", text) else text)
        else:
            parts.append(_SHOWN.get(token, token))
    return _raised("".join(parts))


def number(value: float, digits: int = 6) -> str:
    """A number for people: so many significant digits, a true minus, powers of ten written out (1.5·10⁻⁷).

    Of one that is nearly 1, such as a saturated activation, also its distance from 1 has so many: 1 − a² hangs on that.
    """
    if not math.isfinite(value):
        return {math.inf: "∞", -math.inf: "−∞"}.get(value, "not a number")
    if NEARLY < abs(value) < 1:
        digits += math.floor(-math.log10(1 - abs(value)))
    text = f"{value + 0.0:.{digits}g}"  # + 0.0: no minus before a zero
    mantissa, _, exponent = text.partition("e")
    power = f"·10{str(int(exponent)).translate(_SUPERSCRIPTS)}" if exponent else ""
    return mantissa.replace("-", "−") + power


def symbol(name: str) -> str:
    """A name as a book writes it: v_new is v′."""
    return _SHOWN.get(name, name)


def _raised(text: str) -> str:
    """Powers as small raised figures: a^2 is a²."""
    return re.sub(r"\^(\d+|t)", lambda found: found[1].translate(_SUPERSCRIPTS), text)
