# SPDX-License-Identifier: Apache-2.0
"""Turns a request into what will run, refusing what cannot before anything starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from octobot.backtesting.data import DEFAULT_EXCHANGE, find_funding, on_time_frames, read_files, shortest_of
from octobot.backtesting.feeds import find_feeds
from octobot.backtesting.request import BacktestRequest
from octobot.backtesting.sources import CandleSources
from octobot.backtesting.tradable import check_tradable
from octobot.tentacles import ActiveTentacles, load_active_tentacles
from octobot_commons.configuration import Profile, find_profile, load_profile
from octobot_commons.constants import CONFIG_WILDCARD
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, ProfileError, did_you_mean
from octobot_commons.symbols import parse_symbol
from octobot_commons.time_frame_manager import get_seconds, sort_time_frames
from octobot_evaluators.constants import STRATEGIES_REQUIRED_TIME_FRAME
from octobot_trading.history import CandleSeries, FundingSeries


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a run needs; ``series`` are in order of symbol, then of time frame, shortest first."""

    request: BacktestRequest
    profile: Profile
    tentacles: ActiveTentacles
    exchange_name: str
    symbols_by_cryptocurrency: dict[str, list[str]]
    time_frames: list[TimeFrames]
    series: list[CandleSeries]
    #: Where recorded service feeds are, None where nobody listens to any.
    feeds: Path | None = None
    #: The series of each other exchange, where the trading mode compares exchanges.
    other_venues: dict[str, list[CandleSeries]] = field(default_factory=dict)
    #: The funding rates of contracts on the first exchange, as far as they were recorded.
    funding: list[FundingSeries] = field(default_factory=list)
    #: Whether the account is one of contracts.
    trades_contracts: bool = False

    @property
    def start_time(self) -> float:
        """When the clock starts."""
        earliest = min(float(series.open_times[0]) for series in self.series)
        return earliest if self.request.start_time is None else self.request.start_time

    @property
    def end_time(self) -> float:
        """When the last candle closes."""
        return max(float(series.close_times[-1]) for series in self.series)

    def all_series(self) -> list[CandleSeries]:
        """The series of every exchange, those of the first one first."""
        return [*self.series, *(one for of_venue in self.other_venues.values() for one in of_venue)]

    def settings(self) -> dict[str, Any]:
        """What the run was made with, ready for JSON."""
        request = self.request
        return {
            "profile": self.profile.profile_id,
            "exchange": self.exchange_name,
            "other_exchanges": [*self.other_venues],
            "symbols": [symbol for symbols in self.symbols_by_cryptocurrency.values() for symbol in symbols],
            "time_frames": [time_frame.value for time_frame in self.time_frames],
            "start_time": request.start_time,
            "end_time": request.end_time,
            "seed": request.seed,
            "fill_rules": [rule.value for rule in request.fill_rules],
            "path": request.path,
            "feeds": None if self.feeds is None else str(self.feeds),
            "configuration": self.profile.to_dict(),
        }


def make_plan(request: BacktestRequest) -> Plan:
    """Load the profile, its tentacles and the candles.

    Raises:
        UserInputError: one of them cannot be used; says which and what to do.
    """
    profile = load_profile(find_profile(request.profile))
    tentacles = load_active_tentacles(profile)
    feeds = find_feeds(request.feeds, profile, tentacles)
    exchanges = _exchanges(profile, tentacles)
    files = read_files(request.data, request.symbols, compares_exchanges=len(exchanges) > 1)
    given = files.candles
    symbols = _symbols(request, profile, given)
    trades_contracts = check_tradable(profile, tentacles, exchanges[0], symbols)
    sources = CandleSources(profile, exchanges, given, request.seed)
    found = {symbol: sources.of_first(symbol) for symbol in symbols}
    time_frames = _time_frames(request, profile, tentacles) or _shortest_common(found)
    series = _on_time_frames(request, found, time_frames)
    others = {
        name: _on_time_frames(
            request, {symbol: sources.of_other(symbol, name, first) for symbol, first in found.items()}, time_frames
        )
        for name in exchanges[1:]
    }
    for of_exchange in (series, *others.values()):
        _check_span(request, of_exchange)
    by_cryptocurrency = _by_cryptocurrency(profile, symbols)
    plan = Plan(request, profile, tentacles, exchanges[0], by_cryptocurrency, time_frames, series, feeds, others)
    if not trades_contracts:
        return plan
    return replace(plan, trades_contracts=True, funding=_funding(plan, symbols, files.funding))


def _funding(plan: Plan, symbols: Sequence[str], given: Sequence[FundingSeries]) -> list[FundingSeries]:
    """Given rates, else stored ones, of the time that is replayed; those of the files only where files are given."""
    found = [one for one in given if one.symbol in symbols]
    if not plan.request.data:
        stored = (find_funding(symbol, plan.exchange_name) for symbol in symbols)
        found = [one for one in stored if one is not None]
    return [one for one in (each.slice(plan.start_time, plan.end_time) for each in found) if len(one)]


def _exchanges(profile: Profile, tentacles: ActiveTentacles) -> list[str]:
    """Where the profile trades: on its first exchange, on all of them where its trading mode compares them."""
    enabled = [*profile.enabled_exchanges()] or [DEFAULT_EXCHANGE]
    mode = tentacles.trading_mode
    if not mode.compares_exchanges(profile.tentacles_setup):
        return enabled[:1]
    if len(enabled) < 2:
        raise ProfileError(
            f"{mode.get_name()} compares exchanges, and profile {profile.profile_id} enables {enabled[0]} alone",
            file=profile.path,
            field="config.exchanges",
            remedy="enable a second one in profile.json",
        )
    return enabled


def _on_time_frames(
    request: BacktestRequest, found: Mapping[str, Sequence[CandleSeries]], time_frames: Sequence[TimeFrames]
) -> list[CandleSeries]:
    series: list[CandleSeries] = []
    for available in found.values():
        shortest = shortest_of(available, time_frames) if request.path else []
        series += on_time_frames(available, [*shortest, *time_frames], request.end_time)
    return series


def _symbols(request: BacktestRequest, profile: Profile, given: Sequence[CandleSeries]) -> list[str]:
    in_files = list(dict.fromkeys(series.symbol for series in given))
    wanted = list(dict.fromkeys(str(parse_symbol(symbol)) for symbol in request.symbols))
    for symbol in wanted:
        if given and symbol not in in_files:
            raise DataError(
                f"the given files hold no candles of {symbol}",
                field="--symbol",
                remedy=did_you_mean(symbol, in_files, f"they hold {', '.join(in_files)}"),
            )
    if wanted or in_files:
        return wanted or in_files
    pairs = list(dict.fromkeys(pair for own in profile.symbols_by_cryptocurrency().values() for pair in own))
    if not pairs or CONFIG_WILDCARD in pairs:
        raise ProfileError(
            f"profile {profile.profile_id} names no pair to trade" if not pairs else "a backtest needs named pairs",
            file=profile.path,
            field="crypto-currencies",
            remedy="name pairs in profile.json, or give --symbol or --data",
        )
    return pairs


def _time_frames(request: BacktestRequest, profile: Profile, tentacles: ActiveTentacles) -> list[TimeFrames]:
    setup = profile.tentacles_setup
    if request.time_frames:
        for strategy in tentacles.strategies:
            values = [time_frame.value for time_frame in sort_time_frames(set(request.time_frames))]
            setup.get_config(strategy)[STRATEGIES_REQUIRED_TIME_FRAME] = values
    asked = {
        time_frame
        for strategy in tentacles.strategies
        for time_frame in strategy.get_required_time_frames(profile, setup)
    }
    return sort_time_frames(asked) if tentacles.strategies else sort_time_frames(request.time_frames)


def _shortest_common(found: Mapping[str, Sequence[CandleSeries]]) -> list[TimeFrames]:
    """What a trading mode without strategies runs on: the shortest candles that every symbol has."""
    shortest = (min((one.time_frame for one in available), key=get_seconds) for available in found.values())
    return [max(shortest, key=get_seconds)]


def _check_span(request: BacktestRequest, series: Sequence[CandleSeries]) -> None:
    for one in series:
        traded = one if request.start_time is None else one.slice(request.start_time, None)
        if not len(traded):
            raise DataError(
                f"no candle of {one.symbol} {one.time_frame.value} lies between --start and --end",
                file=one.source,
                remedy="choose a span that the data covers; `octobot data list` shows it",
            )


def _by_cryptocurrency(profile: Profile, symbols: Sequence[str]) -> dict[str, list[str]]:
    """Each symbol under the name its profile gives its base, else under the base itself."""
    names = {pair: name for name, pairs in profile.symbols_by_cryptocurrency().items() for pair in pairs}
    by_name: dict[str, list[str]] = {}
    for symbol in symbols:
        by_name.setdefault(names.get(symbol, parse_symbol(symbol).base), []).append(symbol)
    return by_name
