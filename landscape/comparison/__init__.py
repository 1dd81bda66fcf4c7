"""Models in use and side by side: verdicts, disagreements, lines between models, matched neurons."""

from landscape.comparison.comparison import Comparison, Entry, Pair, comparing
from landscape.comparison.falling import Fall, falling
from landscape.comparison.line import Line, Matched, falling_barrier, interpolate, interpolating
from landscape.comparison.matching import match_neurons
from landscape.comparison.outcome import OUTCOMES, disagreement_sentence, outcomes
from landscape.comparison.report import barrier_sentence, comparison_figures, model_figures, sentences
from landscape.comparison.seen import seen_sentence
from landscape.comparison.verdict import Verdict, judge, judging, probabilities

__all__ = [
    "OUTCOMES",
    "Comparison",
    "Entry",
    "Fall",
    "Line",
    "Matched",
    "Pair",
    "Verdict",
    "barrier_sentence",
    "comparing",
    "comparison_figures",
    "disagreement_sentence",
    "falling",
    "falling_barrier",
    "interpolate",
    "interpolating",
    "judge",
    "judging",
    "match_neurons",
    "model_figures",
    "outcomes",
    "probabilities",
    "seen_sentence",
    "sentences",
]
