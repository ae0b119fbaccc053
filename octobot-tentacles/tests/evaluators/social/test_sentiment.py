# SPDX-License-Identifier: Apache-2.0
"""CryptoNewsEvaluator and RedditForumEvaluator: good texts buy, bad texts sell, and the last hours count together."""

from __future__ import annotations

from typing import Any

import pytest

from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.social.crypto_news import CryptoNewsEvaluator
from octobot_tentacles.evaluators.social.reddit_forum import RedditForumEvaluator
from octobot_tentacles.evaluators.social.sentiment import LIFETIME, MOST_TEXTS, RecentNotes, text_note
from octobot_tentacles.evaluators.util.text_analysis import TextAnalysis

GOOD, BAD, NEUTRAL = (
    "Bitcoin soars to a record high!",
    "Exchange hacked, users fear a collapse.",
    "Block 800000 was found.",
)


def post(title: str, text: str = "", subreddit: str = "Bitcoin") -> dict[str, Any]:
    return {"subreddit": subreddit, "title": title, "text": text}


def test_good_texts_buy_and_titles_count_half() -> None:
    assert text_note(GOOD, "") == text_note(GOOD, " \n") == -TextAnalysis.analyse(GOOD) < -0.5
    assert text_note(BAD, "") > 0.5
    assert str(text_note(NEUTRAL, "")) == "0.0"
    assert text_note(GOOD, BAD) == pytest.approx(-(TextAnalysis.analyse(GOOD) + TextAnalysis.analyse(BAD)) / 2)


@pytest.mark.parametrize(
    ("title", "note"),
    [
        ("Bitcoin soars to a record high!", -0.86),
        ("Exchange hacked, users fear a collapse.", 0.92),
        ("Best rally ever, to the moon", -0.93),
        ("How do I store coins?", 0.0),
        ("I fear a crash", 0.79),
    ],
)
def test_the_examples_of_the_pages(title: str, note: float) -> None:
    assert text_note(title, "") == pytest.approx(note, abs=0.005)


def test_the_mean_of_what_still_counts() -> None:
    recent = RecentNotes()
    assert recent.mean_with(0.0, -1.0) == -1.0
    assert recent.mean_with(LIFETIME - 1.0, 0.0) == -0.5
    assert recent.mean_with(LIFETIME, 1.0) == 0.5, "the first is over"
    for _ in range(MOST_TEXTS):
        last = recent.mean_with(LIFETIME, 0.25)
    assert last == 0.25, "of more the newest count"


@pytest.mark.parametrize(("title", "sign"), [(GOOD, -1), (BAD, 1), (NEUTRAL, 0)], ids=["buy", "sell", "neutral"])
async def test_news_are_about_the_whole_market(listen: Any, title: str, sign: int) -> None:
    listener = await listen(CryptoNewsEvaluator, [(1.0, {"title": title})])
    assert listener.notes == [(1.0, None, text_note(title, ""))]
    note = listener.notes[0][2]
    assert (note > 0) - (note < 0) == sign


async def test_news_of_other_languages_do_not_count(listen: Any) -> None:
    events = [(0.0, {"title": GOOD}), (1.0, {"title": BAD, "language": "fr"}), (2.0, {"title": BAD, "language": "en"})]
    listener = await listen(CryptoNewsEvaluator, events, language="FR ")
    assert listener.notes == [(1.0, None, text_note(BAD, ""))]
    assert listener.evaluators[0].feed_config == {"languages": ["fr"]}


async def test_news_of_the_last_hours_count_together(listen: Any) -> None:
    good, bad = text_note(GOOD, ""), text_note(BAD, "")
    listener = await listen(CryptoNewsEvaluator, [(0.0, {"title": GOOD}), (5.0, {"title": BAD}), (6.0, {"title": BAD})])
    assert [note for _, _, note in listener.notes] == pytest.approx([good, (good + bad) / 2, bad])
    assert listener.counts_at(11.9) == pytest.approx(bad)
    assert listener.counts_at(12.0) is None


@pytest.mark.parametrize(("title", "sign"), [(GOOD, -1), (BAD, 1), (NEUTRAL, 0)], ids=["buy", "sell", "neutral"])
async def test_posts_are_about_the_crypto_currency_of_their_subreddit(listen: Any, title: str, sign: int) -> None:
    events = [
        (1.0, post(title, subreddit="bitcoin")),
        (2.0, post(title, BAD, "Ethereum")),
        (3.0, post(title, "", "dogs")),
    ]
    listener = await listen(RedditForumEvaluator, events)
    assert listener.notes == [(1.0, "Bitcoin", text_note(title, "")), (2.0, "Ethereum", text_note(title, BAD))]
    note = listener.notes[0][2]
    assert (note > 0) - (note < 0) == sign
    assert listener.counts_at(6.9, "Bitcoin") == note
    assert listener.counts_at(7.0, "Bitcoin") is None


async def test_subreddits_of_the_settings(listen: Any) -> None:
    entries = [
        {"crypto-currency": "bitcoin", "subreddits": ["r/BitcoinMarkets", "btc"]},
        {"crypto-currency": "Bitcoin", "subreddits": ["Bitcoin"]},
        {"crypto-currency": "Monero", "subreddits": ["Monero"]},
    ]
    events = [
        (float(index), post(GOOD, "", name)) for index, name in enumerate(("btc", "BITCOIN", "monero", "ethereum"))
    ]
    listener = await listen(RedditForumEvaluator, events, **{"crypto-currencies": entries})
    assert [hours for hours, _, _ in listener.notes] == [0.0, 1.0]
    asked = [each.feed_config for each in listener.evaluators]
    assert asked == [{"subreddits": ["BitcoinMarkets", "btc", "Bitcoin"]}, {"subreddits": []}]


@pytest.mark.parametrize(
    ("evaluator", "good", "malformed"),
    [
        (CryptoNewsEvaluator, {"title": GOOD}, {}),
        (CryptoNewsEvaluator, {"title": GOOD}, {"title": ""}),
        (CryptoNewsEvaluator, {"title": GOOD}, {"title": GOOD, "language": "english"}),
        (CryptoNewsEvaluator, {"title": GOOD}, {"title": GOOD, "text": None}),
        (CryptoNewsEvaluator, {"title": GOOD}, GOOD),
        (RedditForumEvaluator, post(GOOD), {"title": GOOD}),
        (RedditForumEvaluator, post(GOOD), {"subreddit": "Bitcoin"}),
        (RedditForumEvaluator, post(GOOD), {"subreddit": 5, "title": GOOD}),
        (RedditForumEvaluator, post(GOOD), None),
    ],
)
async def test_an_event_of_another_shape_leaves_no_note(
    listen: Any, caplog: Any, evaluator: type, good: Any, malformed: Any
) -> None:
    listener = await listen(evaluator, [(0.0, good), (1.0, malformed)])
    about = () if evaluator is CryptoNewsEvaluator else ("Bitcoin",)
    assert listener.notes[-1][0] == 0.0
    assert listener.failures == len(listener.evaluators)
    assert "an event is no" in caplog.text
    assert listener.counts_at(1.0, *about) is None


@pytest.mark.parametrize(
    ("evaluator", "settings", "match"),
    [
        (CryptoNewsEvaluator, {"language": "english"}, r"language: 'english' is no code of a language \(write its two"),
        (CryptoNewsEvaluator, {"language": 5}, "language: expected text"),
        (RedditForumEvaluator, {"crypto-currencies": [{}]}, r"crypto-currencies\[0\].crypto-currency: a name is empty"),
        (
            RedditForumEvaluator,
            {"crypto-currencies": [{"crypto-currency": "Bitcoin", "subreddits": ["r/"]}]},
            r"crypto-currencies\[0\].subreddits: a name is empty",
        ),
        (
            RedditForumEvaluator,
            {"crypto-currencies": [{"crypto-currency": "Bitcoin", "subreddits": "Bitcoin"}]},
            r"crypto-currencies\[0\].subreddits: expected a list of text",
        ),
    ],
)
def test_unusable_settings_are_refused(make_evaluator: Any, evaluator: type, settings: Any, match: str) -> None:
    with pytest.raises(SettingError, match=match):
        make_evaluator(evaluator, **settings)


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    assert make_evaluator(CryptoNewsEvaluator).specific_config == {"language": "en"}
    assert make_evaluator(RedditForumEvaluator).specific_config == {
        "crypto-currencies": [
            {"crypto-currency": "Bitcoin", "subreddits": ["Bitcoin"]},
            {"crypto-currency": "Ethereum", "subreddits": ["ethereum"]},
        ]
    }
