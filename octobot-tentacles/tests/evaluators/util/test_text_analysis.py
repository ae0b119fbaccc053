# SPDX-License-Identifier: Apache-2.0
"""TextAnalysis: headlines, hand-worked sums, and what holds for every text."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.evaluators.util.text_analysis import SATURATION, TextAnalysis, weight_of
from octobot_tentacles.evaluators.util.text_words import CONTRASTS, DEGREES, NEGATIONS, PHRASES, WORDS

words = st.sampled_from(
    [*WORDS, *NEGATIONS, *DEGREES, *CONTRASTS, *map(" ".join, PHRASES), "bitcoin", "!", "?", ",", "."]
)
texts = st.lists(words, max_size=30).map(" ".join)


def result_of(weights: float) -> float:
    return weights / math.sqrt(weights * weights + SATURATION)


@pytest.mark.parametrize(
    "text",
    [
        "Bitcoin soars to a new all-time high",
        "SEC approves spot ether ETF",
        "BTC 🚀🚀🚀",
        "Institutional demand keeps growing, analysts are optimistic",
        "Not bad at all",
        "Miners stop selling",
    ],
)
def test_good_news_is_above_zero(text: str) -> None:
    assert TextAnalysis.analyse(text) > 0.3


@pytest.mark.parametrize(
    "text",
    [
        "Exchange hacked: millions stolen",
        "Bitcoin drops 5% as investors fear a recession",
        "Another rug pull, I lost everything",
        "SEC sues Binance",
        "I don't think this is a good idea",
        "I don\u2019t think this is a good idea",
    ],
)
def test_bad_news_is_below_zero(text: str) -> None:
    assert TextAnalysis.analyse(text) < -0.3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "The price is 42,000 USDT.",
        "12345 !!! ???",
        "Der Kurs steigt",
        "https://crash.example/panic @crashbot",
    ],
)
def test_what_says_nothing_is_zero(text: str) -> None:
    assert TextAnalysis.analyse(text) == 0.0


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("A gain", 2.0),
        ("A gain and a crash", 2.0 - 3.0),
        ("gains. Gained. Gaining", 6.0),
        ("very good", 2.0 * 1.25),
        ("slightly good", 2.0 * 0.6),
        ("not good", 2.0 * -0.75),
        ("not very good", 2.0 * 1.25 * -0.75),
        ("never without success", 2.0 * 0.75 * 0.75),
        ("no, good", 2.0),
        ("not one two three four six good", 2.0),
        ("good!", 2.0 * 1.1),
        ("good!!!!!!", 2.0 * 1.3),
        ("good?", 2.0 * 0.5),
        ("good?\ngood", 2.0 * 0.5 + 2.0),
        ("A GOOD day", 2.0 * 1.25),
        ("A GOOD DAY", 2.0),
        ("good but risky", 2.0 * 0.5 - 1.0 * 1.5),
        ("a bear market", -3.0),
        ("Not bad, but the hack is a catastrophe!", (0.75 - 7.0 * 1.5) * 1.1),
    ],
)
def test_hand_worked_sums(text: str, weights: float) -> None:
    assert TextAnalysis.analyse(text) == pytest.approx(result_of(weights))


@pytest.mark.parametrize(
    ("word", "base"),
    [("crashed", "crash"), ("crashes", "crash"), ("losing", "lose"), ("dropped", "drop"), ("rallies", "rally"),
     ("rallied", "rally"), ("surged", "surge"), ("happily", "happy"), ("stronger", "strong"), ("badly", "bad")],
)  # fmt: skip
def test_other_forms_weigh_as_their_base_form(word: str, base: str) -> None:
    assert weight_of(word) == WORDS[base] != 0


@pytest.mark.parametrize("word", ["bitcoin", "fairly", "stopped", "a", "", "sing", "the", "les", "king"])
def test_words_without_a_weight(word: str) -> None:
    assert weight_of(word) == 0.0


@given(texts | st.text())
def test_bounds(text: str) -> None:
    assert -1.0 <= TextAnalysis.analyse(text) <= 1.0


# A mark at the beginning would belong to the sentence before.
sentences = texts.filter(lambda text: not set("!?") & set(text))


@given(sentences, sentences)
def test_sentences_come_in_any_order(one: str, other: str) -> None:
    # marks without a word before them belong to the sentence before
    result = TextAnalysis.analyse(f"It {one}.\nIt {other}.")
    assert TextAnalysis.analyse(f"It {other}.\nIt {one}.") == pytest.approx(result, abs=1e-12)


@given(st.text(alphabet="bcdfghjk ,.;!?0123456789\n"))
def test_unknown_words_say_nothing(text: str) -> None:
    assert TextAnalysis.analyse(text) == 0.0


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_its_sign_and_a_not_turns_it_around(word: str) -> None:
    plain, negated = TextAnalysis.analyse(f"it is {word}"), TextAnalysis.analyse(f"it is not {word}")
    assert plain * WORDS[word] > 0
    assert plain * negated < 0
    assert abs(negated) < abs(plain)


def test_no_list_contradicts_another() -> None:
    assert not set(WORDS) & (NEGATIONS | set(DEGREES) | CONTRASTS)
    assert all(TextAnalysis.analyse(" ".join(phrase)) * weight > 0 for phrase, weight in PHRASES.items())


def test_long_texts_take_no_longer_than_their_first_part() -> None:
    part = "good " * 20_000
    assert TextAnalysis.analyse(part) == TextAnalysis.analyse(part + "crash " * 20_000) > 0.99
