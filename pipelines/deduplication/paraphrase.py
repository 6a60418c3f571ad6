"""Recognises two translations of one article: they share little, but everywhere and in one order."""

from typing import Final, NamedTuple

from shopwire.pipelines.deduplication.similarity import Spread, measure_spread
from shopwire.pipelines.deduplication.text_features import TextFeatures
from shopwire.pipelines.nlp.quantities import find_quantities, measure_number_agreement

# Two translations of one text: of about the same length, with short runs of equal words, everywhere
# and in the same order.
PARAPHRASE_CONTAINMENT: Final = {3: 0.04, 5: 0.10}
LENGTH_RATIO: Final = 0.75
MAX_RUN: Final = 4
MIN_RUNS: Final = 5
MIN_REACH: Final = 0.6
MIN_ORDER: Final = 0.7
# Fewer runs, which reports of one event have by chance, are enough where they are nearly everywhere.
FEW_RUNS: Final = 10
FEW_RUNS_REACH: Final = 0.85
# The share of equal numbers at least. Fewer than two numbers, which translators write as words, say nothing;
# of many nearly all are in both translations, and half of them in two reports of one event.
MIN_FACTS: Final = 0.5
FEW_NUMBERS: Final = 2
MIN_MANY_FACTS: Final = 0.66
MANY_NUMBERS: Final = 6


class PlainText(NamedTuple):
    """A text and its features."""

    text: str
    features: TextFeatures


def measure_paraphrase(one: PlainText, other: PlainText, containment: float) -> Spread | None:
    """Return where two texts share shingles if they say the same in other words, else None.

    `containment` is the smaller one of the two.
    """
    lengths = sorted((len(one.features.sequence), len(other.features.sequence)))
    least = PARAPHRASE_CONTAINMENT.get(one.features.size, 1.0)
    if containment < least or lengths[0] < LENGTH_RATIO * lengths[1]:
        return None
    spread = measure_spread(one.features, other.features)
    if (
        spread.runs < MIN_RUNS
        or spread.run > MAX_RUN
        or spread.reach < MIN_REACH
        or spread.order < MIN_ORDER
        or (spread.runs < FEW_RUNS and spread.reach < FEW_RUNS_REACH)
    ):
        return None
    numbers = [find_quantities(text.text) for text in (one, other)]
    fewest = min(map(len, numbers))
    needed = MIN_MANY_FACTS if fewest >= MANY_NUMBERS else MIN_FACTS
    if fewest >= FEW_NUMBERS and measure_number_agreement(*numbers) < needed:
        return None
    return spread
