"""Models in use and side by side: verdicts, disagreements, lines between models, matched neurons."""

from landscape.comparison.comparison import Comparison, Entry, Pair, comparing
from landscape.comparison.line import Line, Matched, falling_barrier, interpolate, interpolating
from landscape.comparison.matching import match_neurons
from landscape.comparison.verdict import Verdict, judge, judging, probabilities

__all__ = [
    "Comparison",
    "Entry",
    "Line",
    "Matched",
    "Pair",
    "Verdict",
    "comparing",
    "falling_barrier",
    "interpolate",
    "interpolating",
    "judge",
    "judging",
    "match_neurons",
    "probabilities",
]
