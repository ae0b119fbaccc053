# SPDX-License-Identifier: Apache-2.0
"""TextAnalysis: whether a text about markets sounds good or bad.

``docs/utilities.md`` describes the rules. The libraries that do this are either not kept (the last release of
vaderSentiment is of 2020) or models of hundreds of megabytes, and none of them knows that a rug pull is bad news.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from octobot_tentacles.evaluators.util.text_words import CONTRASTS, DEGREES, NEGATIONS, PHRASES, WORDS

#: The sum of all weights s becomes ``s / sqrt(s * s + SATURATION)``, as in C. Hutto, E. Gilbert, VADER, ICWSM 2014.
SATURATION = 15.0
#: "not good" is less bad than "bad" is.
NEGATED = -0.75
#: How many words before a word may turn it around, and how many may make it say more or less.
NEGATION_REACH, DEGREE_REACH = 5, 2
#: Words before and after the last "but" of a sentence.
BEFORE_CONTRAST, AFTER_CONTRAST = 0.5, 1.5
#: A WORD in capitals where others are not.
SHOUTED = 1.25
#: Each of up to three exclamation marks adds this part; a question says half.
EXCLAMATION, MOST_EXCLAMATIONS = 0.1, 3
ASKED = 0.5
#: What follows is as old as posts are long; nobody writes an opinion of this length.
LONGEST_TEXT = 100_000

_NOISE = re.compile(r"(?:https?://|www\.)\S+|@\w+")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_TOKEN = re.compile(r"[^\W\d_]+|[\U0001F300-\U0001FAFF\u2705\u274c]|[,;:()]")
#: No word reaches beyond these.
_LIMITS = CONTRASTS | set(",;:()")
_LONGEST_PHRASE = max(map(len, PHRASES))
#: Endings of words, and what stands in their place in the base form.
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"),
    ("ly", ""), ("ily", "y"), ("er", ""),
)  # fmt: skip


class TextAnalysis:
    """Tells whether a text about markets sounds good or bad."""

    @staticmethod
    def analyse(text: str) -> float:
        """In [-1, 1]: **above 0 for good news**, 0 for a text that says nothing either way.

        A note has the opposite sign, as negative notes mean buy: social evaluators turn it around.
        """
        clean = _NOISE.sub(" ", text[:LONGEST_TEXT].replace("\u2019", "'").replace("'", ""))
        shouts = not clean.isupper()
        total = math.fsum(_sentence_weight(sentence, shouts) for sentence in _SENTENCE.findall(clean))
        return total / math.sqrt(total * total + SATURATION)


def weight_of(word: str) -> float:
    """The weight of a word in small letters, or of its base form: ``crashed`` weighs as ``crash``."""
    if word in WORDS:
        return WORDS[word]
    if word in DEGREES or word in NEGATIONS:
        return 0.0
    return next((WORDS[base] for base in _bases(word) if base in WORDS), 0.0)


def _bases(word: str) -> Iterator[str]:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            base = word[: -len(ending)] + instead
            yield base
            if not instead and base[-1] == base[-2]:
                yield base[:-1]


def _sentence_weight(sentence: str, shouts: bool) -> float:
    tokens = _TOKEN.findall(sentence)
    words = [token.lower() for token in tokens]
    contrast = max((index for index, word in enumerate(words) if word in CONTRASTS), default=None)
    total = 0.0
    index = 0
    while index < len(words):
        weight, length = _weight_at(words, index)
        if weight:
            weight *= _factor(words, index)
            if shouts and tokens[index].isupper() and len(tokens[index]) > 1:
                weight *= SHOUTED
            if contrast is not None:
                weight *= AFTER_CONTRAST if index > contrast else BEFORE_CONTRAST
            total += weight
        index += length
    if "?" in sentence:
        return total * ASKED
    return total * (1.0 + EXCLAMATION * min(MOST_EXCLAMATIONS, sentence.count("!")))


def _weight_at(words: list[str], index: int) -> tuple[float, int]:
    """The weight of what stands there, and of how many words it is."""
    for length in range(_LONGEST_PHRASE, 1, -1):
        weight = PHRASES.get(tuple(words[index : index + length]))
        if weight is not None:
            return weight, length
    return weight_of(words[index]), 1


def _factor(words: list[str], index: int) -> float:
    """What the words before make of the one there."""
    factor = 1.0
    for distance, before in enumerate(reversed(words[max(0, index - NEGATION_REACH) : index]), 1):
        if before in _LIMITS:
            break
        if before in NEGATIONS:
            factor *= NEGATED
        elif distance <= DEGREE_REACH:
            factor *= DEGREES.get(before, 1.0)
    return factor
