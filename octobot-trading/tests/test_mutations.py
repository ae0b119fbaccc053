# SPDX-License-Identifier: Apache-2.0
"""Plants one bug at a time into a copy of this package and has the property tests find it.

Bugs planted into the twins, in test_candle_ring.py and test_book.py, show the same within seconds.
"""

from __future__ import annotations

from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]
if not (PACKAGE.parent / ".ci" / "mutations.py").exists() or not (PACKAGE / "src").exists():
    pytest.skip("bugs are planted in a clone of the repository", allow_module_level=True)

import order_mutants  # noqa: E402
from mutants import BOOK, BUILDER, FRAME, RING, ROWS, SIDE  # noqa: E402 - the module above may not be there
from mutants import MUTANTS as DATA_MUTANTS  # noqa: E402
from mutations import Checked, Mutant, reason_not_to_build, run, sound_copy, source_of, survivors  # noqa: E402

MUTANTS = [*DATA_MUTANTS, *order_mutants.ORDER_MUTANTS]
_MATCHING = ("exchanges/test_matching.py", "exchanges/test_intrabar_paths.py")
_ORDERS = ("exchanges/test_order_types.py", "exchanges/test_refused_orders.py", "exchanges/test_account.py",
           "personal_data", "test_order_worlds.py")  # fmt: skip
TESTS = {
    RING: ("exchange_data/test_candle_ring.py",),
    **dict.fromkeys((BUILDER, FRAME), ("exchange_data/test_candle_builder.py",)),
    **dict.fromkeys((BOOK, SIDE, ROWS), ("exchange_data/test_book.py", "exchange_data/test_order_book.py")),
    **dict.fromkeys((order_mutants.MATCHING, order_mutants.HEAP, order_mutants.INTRABAR), _MATCHING),
    **dict.fromkeys({mutant.file for mutant in order_mutants.ORDER_MUTANTS if mutant.file.endswith(".py")}, _ORDERS),
}
# A bug that was found need not be made small; it is found again in the next run.
QUICK = """
from hypothesis import Phase, settings
quick = settings(derandomize=True, deadline=None, phases=[Phase.generate], report_multiple_bugs=False)
settings.register_profile("quick", quick)
settings.load_profile("quick")
"""
WHERE = """
from octobot_trading.exchange_data.ohlcv import _candle_ring, candle_builder
from octobot_trading.exchange_data.order_book import _book
from octobot_trading.exchanges.simulated import _matching, account
print(_candle_ring.__file__, candle_builder.__file__, _book.__file__, _matching.__file__, account.__file__)
"""


def check(folder: Path, mutant: Mutant) -> Checked:
    tests = [f"tests/{name}" for name in TESTS[mutant.file]]
    return run(folder, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=line", *tests)


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """A copy without a bug, which passes."""
    reason = reason_not_to_build()
    if reason is not None:
        pytest.skip(reason)
    folder = sound_copy(PACKAGE, tmp_path / "original", QUICK, WHERE)
    for mutant in {mutant.file: mutant for mutant in MUTANTS}.values():
        checked = check(folder, mutant)
        assert checked.returncode == 0, checked.stdout
    return folder


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_text_to_replace_is_there_once(mutant: Mutant) -> None:
    assert source_of(PACKAGE, mutant).read_text().count(mutant.text) == 1
    assert mutant.text != mutant.replacement


@pytest.mark.long
def test_every_planted_bug_is_found(original: Path, tmp_path: Path) -> None:
    alive = survivors(original, tmp_path, MUTANTS, check)
    assert not alive, "\n".join(alive)
