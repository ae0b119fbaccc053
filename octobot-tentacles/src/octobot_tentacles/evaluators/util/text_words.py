# SPDX-License-Identifier: Apache-2.0
"""The words that TextAnalysis knows: written for news and posts about markets and crypto-currencies.

Weights go from -4 to 4 and were set by hand: 1 leans one way, 2 says so, 3 is strong, 4 leaves nothing open.
Words stand here in their base form where the usual endings make the others (see ``text_analysis.weight_of``).
"""

from __future__ import annotations

_WEIGHTED = {
    4.0: "skyrocket outstanding phenomenal",
    3.0: """
        amazing awesome best bullish boom breakthrough brilliant euphoria excellent excite explode fantastic
        incredible love moon mooning outperform parabolic perfect rally rocket soar superb surge thrive triumph
        wonderful 🚀 💎 🌕 🤩
    """,
    2.0: """
        accumulate achieve adopt adoption advantage applaud approve approval beat beautiful benefit better bounce
        bull buy climb confident confidence encourage endorse enthusiasm favorable favourable flourish gain glad
        good great grow growth happy hodl hope impress improve improvement innovate innovation jump leap legit
        lucrative nice optimism optimistic opportunity partnership pleased positive profit profitable prosper
        rebound recommend recover recovery reward rise robust secure smart solid strong strength strengthen
        succeed success successful thrilled uptrend upgrade upside uptick valuable victory win winner winning won
        grew rose risen undervalued 📈 🔥 😀 😃 😄 😁 😊 😍 👍 💪 🎉 🐂 🟢 ✅
    """,
    1.0: """
        able agree attract calm clear cheap comfortable easy efficient expand fair fast faster fun help inflow
        launch milestone new okay promise promising popular progress reach ready recovering reliable resilient
        safe save stable steady thank thanks trust useful welcome higher support up accumulation buyer 🙂 🙌
    """,
    -1.0: """
        abandon adjust avoid careful caution cautious challenge complain concern delay difficult doubt dull
        expensive halt hesitate illiquid lower outflow overvalued postpone pressure pullback problem resist
        retrace risk risky slow slowdown stagnate stuck tax tired uncertain uncertainty unclear unknown volatile
        wait warn warning seller investigate probe subpoena down 🙁 😕 😬
    """,
    -2.0: """
        accuse angry anxious attack bad ban bear blame breach broken bug burden correction criticism criticize
        criticise damage danger dangerous debt decline decrease deny deficit disappoint disappointment dip
        downside downtrend downgrade drop dump fail failure fake fall fell fallen fear fined fud illegal inflation
        lawsuit lose losing loss lost liquidate liquidation manipulate manipulation miss negative outage penalty
        pessimism pessimistic poor reject rejection sad sanction scare selloff sell selling shrink sink sank slide
        slip slump sue suffer suspect suspend trouble tumble ugly underperform unfair unhappy unsafe unstable
        upset victim violate vulnerable vulnerability weak weaken weakness worry wrong restrict crackdown 📉 😟 😢 😭
        😡 👎 🐻 🔴 ❌
    """,
    -3.0: """
        abysmal awful bearish capitulate capitulation crash crises crisis criminal default despair disaster dread
        exploit fraud fraudulent hack hacker hacked hate horrible insolvent insolvency meltdown nosedive panic
        plummet plunge ponzi recession rekt ruin scam scammer shitcoin steal stole stolen terrible theft toxic
        tragic worst worse worthless wipeout terrified 💀 🤮 🩸
    """,
    -4.0: "bankrupt bankruptcy catastrophe catastrophic collapse rugpull",
}
_WEIGHTED_PHRASES = {
    4.0: ["to the moon"],
    3.0: ["all time high", "all time highs", "golden cross", "bull run", "bull market", "record high", "short squeeze"],
    2.0: ["break out", "breaks out", "broke out", "buy the dip", "buying the dip", "higher high", "higher highs",
          "long term holder", "institutional demand", "rate cut", "diamond hands"],
    -2.0: ["sell off", "sells off", "sold off", "lower low", "lower lows", "rate hike", "paper hands",
           "resistance level", "profit taking", "long squeeze", "dead cat bounce"],
    -3.0: ["all time low", "all time lows", "bear market", "death cross", "record low", "exit scam", "bank run",
           "pump and dump"],
    -4.0: ["rug pull", "rug pulled", "goes to zero", "going to zero", "went to zero"],
}  # fmt: skip

_NEGATIONS = """
    not no never none nobody nothing neither nor without hardly barely scarcely cannot cant wont dont doesnt didnt isnt
    arent wasnt werent hasnt havent hadnt shouldnt wouldnt couldnt aint stop stops stopped lack lacks
"""
_DEGREES = {
    1.5: "absolutely completely enormously extremely hugely incredibly massive massively totally utterly",
    1.25: "big highly huge major most much really sharply significantly so strongly too very",
    0.6: "almost bit fairly kinda less little marginally mildly minor partly slight slightly small somewhat",
}

#: Word → weight.
WORDS: dict[str, float] = {word: weight for weight, words in _WEIGHTED.items() for word in words.split()}
#: Words in a row → weight; they count as one, whatever each of them says.
PHRASES: dict[tuple[str, ...], float] = {
    tuple(phrase.split()): weight for weight, phrases in _WEIGHTED_PHRASES.items() for phrase in phrases
}
#: What turns the words after it around.
NEGATIONS = frozenset(_NEGATIONS.split())
#: What makes the words after it say more or less.
DEGREES: dict[str, float] = {word: factor for factor, words in _DEGREES.items() for word in words.split()}
#: From here on a sentence says what it is about.
CONTRASTS = frozenset({"but", "however", "yet", "although", "nevertheless"})
