// SPDX-License-Identifier: Apache-2.0
// Everything on the page but the charts and the behaviour of tables.

function byId(id) {
  return document.getElementById(id);
}

function drawHero(report) {
  const { performance, span, data } = report.summary;
  const series = data.map((one) => `${one.symbol} ${one.time_frame}`).join(", ") || "No candles";
  const market = performance.reference_market;
  const details = [
    `${day(span.start_time)} to ${day(span.end_time)}`,
    plural(span.candles, "candle"),
    ...new Set(data.map((one) => one.exchange_name).filter(Boolean)),
  ];
  byId("hero").append(
    element(
      "div",
      { class: "hero-main" },
      element("h1", {}, series),
      element("p", { class: "lede" }, details.join("  ·  ")),
      element("p", { class: `figure ${signClass(performance.profit)}` }, percent(performance.profit_percent, true)),
      element("p", { class: "from-to" }, `${money(performance.start_value)} became `, element("b", {}, `${money(performance.end_value)} ${market}`), verdict(performance)),
    ),
    comparison(performance),
  );
}

function verdict(performance) {
  const { profit_percent: own, buy_and_hold_percent: held } = performance;
  if (own === null || held === null) return ".";
  const points = grouped(Math.abs(own - held), 1, 1);
  return Math.abs(own - held) < 0.05 ? ", the same as buying and holding." : `, ${points} points ${own > held ? "ahead of" : "behind"} buying and holding.`;
}

function comparison(performance) {
  const market = performance.reference_market;
  const rows = [
    ["This run", Number(performance.end_value), performance.profit_percent, "own"],
    ["Buy and hold", performance.buy_and_hold_value === null ? null : Number(performance.buy_and_hold_value), performance.buy_and_hold_percent, "held"],
  ].filter(([, value]) => value !== null);
  const start = Number(performance.start_value);
  const largest = Math.max(start, ...rows.map(([, value]) => value)) || 1;
  const bars = rows.map(([name, value, change, kind]) => {
    const fill = element("i", { class: `fill ${kind}` });
    fill.style.width = `${Math.max(0.5, (value / largest) * 100)}%`;
    const mark = element("i", { class: "start-mark", title: "start value" });
    mark.style.left = `${Math.min(99.6, (start / largest) * 100)}%`;
    return element(
      "div",
      { class: "compare-row" },
      element("div", { class: "compare-text" }, element("span", {}, name), element("span", { class: signClass(change) }, percent(change, true))),
      element("div", { class: "track" }, fill, mark),
      element("div", { class: "compare-value" }, `${money(value)} ${market}`),
    );
  });
  return element("div", { class: "compare card", role: "group", "aria-label": "End value beside buy and hold" }, ...bars, element("p", { class: "note" }, "The line marks the starting value."));
}

function drawNotices(report) {
  const { portfolio_differences: differences, unvalued_assets: unvalued, remarks, trades } = report.summary;
  const notices = remarks.map((text) => ["warn", `${text}.`]);
  if (report.resampled_seconds) {
    notices.push(["", `There are more candles than a page can show: charts show them joined to ${duration(report.resampled_seconds)} each. All figures and tables come from the full series.`]);
  }
  if (!trades.fills) notices.push(["", "This run made no trade. The curves show the starting portfolio held as it was."]);
  if (unvalued.length) notices.push(["warn", `${unvalued.join(", ")}: no traded symbol gives a price, counted as 0.`]);
  for (const [asset, change] of Object.entries(differences)) {
    notices.push(["warn", `The run's final portfolio holds ${change} ${asset} that its fills do not explain. Please report this.`]);
  }
  byId("notices").append(...notices.map(([kind, text]) => element("p", { class: `notice ${kind}` }, text)));
}

function drawTiles(report) {
  const { performance, risk, trades } = report.summary;
  const market = performance.reference_market;
  const recovered = risk.drawdown_end_time === null ? "not recovered" : `recovered ${day(risk.drawdown_end_time)}`;
  const tiles = [
    ["Profit", money(performance.profit, true), market, signClass(performance.profit)],
    ["A year", percent(performance.annual_percent, true), performance.annual_percent === null ? "needs 30 days of data" : "compounded", signClass(performance.annual_percent)],
    ["Max drawdown", risk.max_drawdown_percent ? percent(-risk.max_drawdown_percent) : percent(risk.max_drawdown_percent), risk.max_drawdown_percent === null ? "no candles" : risk.drawdown_low_time === null ? "never below its high" : `low ${day(risk.drawdown_low_time)}, ${recovered}`, risk.max_drawdown_percent ? "down" : ""],
    ["Sharpe", ratio(risk.sharpe), `Sortino ${ratio(risk.sortino)}`],
    ["Win rate", percent(trades.win_rate_percent, false, 1), `${whole(trades.wins)} of ${plural(trades.closed, "closed trade")}`],
    ["Profit factor", ratio(trades.profit_factor), trades.closed ? `average trade ${money(trades.average_profit, true)}, held ${duration(trades.average_held_seconds)}` : "no closed trade"],
    ["Exposure", percent(risk.exposure_percent, false, 1), `in the market ${percent(risk.time_in_market_percent, false, 1)} of the time`],
    ["Fees paid", money(performance.fees), market],
    ["Trades", whole(trades.fills), `${whole(trades.buys)} buys, ${whole(trades.sells)} sells`],
    ["Orders", whole(trades.orders), Object.entries(trades.orders_by_status).map(([status, count]) => `${whole(count)} ${status}`).join(", ") || "none"],
    ["Best, worst trade", trades.closed ? money(trades.best_profit, true) : NOTHING, trades.closed ? money(trades.worst_profit, true) : ""],
    ["Still open", money(trades.open_profit, true), plural(report.summary.open_positions.length, "position"), signClass(trades.open_profit)],
  ];
  byId("tiles").append(
    ...tiles.map(([name, value, note, kind = ""]) =>
      element("div", { class: "tile" }, element("h3", {}, name), element("p", { class: `value ${kind}` }, value), element("p", { class: "note" }, note)),
    ),
  );
}

function drawBand(report) {
  const { band, performance } = report.summary;
  if (!band || band.worlds.length < 2) {
    byId("band").remove();
    return;
  }
  const market = performance.reference_market;
  byId("band-lede").textContent = `Candles do not say in which order they reached their prices. Believing what costs most, what is likely and what helps most, this run ended between ${money(band.lowest_value)} and ${money(band.highest_value)} ${market} (${percent(band.lowest_profit_percent, true)} to ${percent(band.highest_profit_percent, true)}).`;
  const names = ["Fill rule", "End value", "Profit", "Max drawdown", "Trades", "Win rate", "Ambiguous candles", "Stops jumped over"];
  const rows = band.worlds.map((world) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, world.fill_rule),
      ...[
        `${money(world.end_value)} ${market}`,
        percent(world.profit_percent, true),
        percent(world.max_drawdown_percent),
        whole(world.fills),
        percent(world.win_rate_percent, false, 1),
        whole(world.ambiguous_candles),
        whole(world.gap_through_stops),
      ].map((text) => element("td", {}, text)),
    ),
  );
  const head = element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name)));
  byId("band-box").append(element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
  if (band.shares_random) {
    byId("band-box").append(element("p", {}, "Tentacles drew from Python\u2019s random, which these accounts share: where trading modes do, each account may differ from its run alone."));
  }
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function drawMonths(report) {
  const returns = report.summary.monthly_returns;
  if (!returns.length) {
    byId("months-box").append(element("p", { class: "empty" }, "No candles, no months."));
    return;
  }
  const years = new Map();
  for (const { year, month, percent: change } of returns) {
    if (!years.has(year)) years.set(year, new Array(12).fill(null));
    years.get(year)[month - 1] = change;
  }
  const sizes = returns.map((one) => Math.abs(one.percent)).sort((a, b) => a - b);
  const strong = Math.max(1, sizes[Math.floor(sizes.length * 0.9)]);
  const cell = (change) => {
    if (change === null) return element("td", {});
    const made = element("td", { class: `month ${signClass(Math.abs(change) < 0.05 ? 0 : change)}` }, element("span", {}, percent(change, true, 1).replace(" %", "")));
    made.style.setProperty("--strength", `${Math.min(80, Math.round((Math.abs(change) / strong) * 80))}%`);
    return made;
  };
  const rows = [...years].map(([year, months]) => {
    const total = (months.reduce((product, change) => product * (1 + (change ?? 0) / 100), 1) - 1) * 100;
    return element("tr", {}, element("th", { scope: "row" }, String(year)), ...months.map(cell), element("td", { class: `total ${signClass(total)}` }, percent(total, true, 1)));
  });
  const head = element("tr", {}, element("th", {}), ...MONTHS.map((name) => element("th", { scope: "col" }, name)), element("th", { scope: "col" }, "Year"));
  byId("months-box").append(element("table", { class: "months" }, element("thead", {}, head), element("tbody", {}, ...rows)));
}

function drawTrades(report, jumpTo) {
  const number = (text) => (text === null ? null : Number(text));
  const side = (fill) => element("span", { class: `side ${fill.side}` }, fill.side);
  const several = new Set(report.fills.map((fill) => fill.symbol)).size > 1;
  const columns = [
    { label: "Time, UTC", value: (fill) => fill.time, render: (fill) => moment(fill.time) },
    ...(several ? [{ label: "Symbol", value: (fill) => fill.symbol, render: (fill) => fill.symbol }] : []),
    { label: "Side", value: (fill) => fill.side, render: side },
    { label: "Amount", numeric: true, value: (fill) => number(fill.quantity), render: (fill) => amount(fill.quantity) },
    { label: "Price", numeric: true, value: (fill) => number(fill.price), render: (fill) => amount(fill.price) },
    { label: "Cost", numeric: true, minor: true, value: (fill) => number(fill.cost), render: (fill) => money(fill.cost) },
    { label: "Fee", numeric: true, minor: true, value: (fill) => number(fill.fee), render: (fill) => `${amount(fill.fee)} ${fill.feeAsset ?? ""}` },
    { label: "Profit", numeric: true, value: (fill) => number(fill.profit), render: (fill) => element("span", { class: signClass(fill.profit) }, fill.profit === null ? "" : money(fill.profit, true)) },
    { label: "Profit, %", numeric: true, value: (fill) => fill.percent, render: (fill) => element("span", { class: signClass(fill.percent) }, fill.percent === null ? "" : percent(fill.percent, true)) },
  ];
  const filters = [
    ["All", () => true],
    ["Buys", (fill) => fill.side === "buy"],
    ["Sells", (fill) => fill.side === "sell"],
    ["Won", (fill) => Number(fill.profit) > 0],
    ["Lost", (fill) => Number(fill.profit) < 0],
  ];
  const onChoose = (fill) => {
    if (!report.series.length) return;
    jumpTo(fill);
    byId("chart").scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth", block: "start" });
  };
  new DataTable({ box: byId("trades-box"), controls: byId("trades-controls"), name: "trades", columns, rows: report.fills, filters, onChoose, empty: "No order was filled in this run." });
}

const ORDER_MONEY = new Set(["quantity", "price", "stop_price", "filled_quantity", "average_price"]);
const ORDER_MINOR = new Set(["order_id", "reason", "tag", "fees", "closing_time"]);

function drawOrders(report) {
  const { columns: names, rows } = report.orders;
  const columns = names.map((name, i) => {
    const isTime = name.endsWith("_time");
    const numeric = ORDER_MONEY.has(name);
    const shown = (cell) => (isTime ? moment(cell) : numeric ? amount(cell) : String(cell).replaceAll("_", " "));
    return {
      label: label(name.replace("_time", "")) + (isTime ? ", UTC" : ""),
      numeric,
      minor: ORDER_MINOR.has(name),
      value: (row) => (row[i] !== null && (numeric || isTime) ? Number(row[i]) : row[i]),
      render: (row) => (row[i] === null ? "" : name === "side" ? element("span", { class: `side ${String(row[i]).toLowerCase()}` }, String(row[i]).toLowerCase()) : shown(row[i])),
    };
  });
  const at = names.indexOf("status");
  const statuses = at < 0 ? [] : [...new Set(rows.map((row) => row[at]))].filter((status) => status !== null).sort();
  const filters = statuses.length > 1 ? [["All", () => true], ...statuses.map((status) => [label(String(status).toLowerCase()), (row) => row[at] === status])] : [];
  new DataTable({ box: byId("orders-box"), controls: byId("orders-controls"), name: "orders", columns, rows, filters, empty: "No order was created in this run." });
}

function pairs(list) {
  return element("dl", { class: "pairs" }, ...list.map(([name, value, kind]) => element("div", {}, element("dt", {}, name), element("dd", { class: kind ?? "" }, value))));
}

function drawData(report) {
  const cards = report.summary.data.map((one) => {
    const flag = (count) => (count ? "flag" : "fine");
    const list = [
      ["Candles", whole(one.candles)],
      ["From", moment(one.start_time)],
      ["To", moment(one.end_time)],
      ["Rows read", whole(one.rows_read)],
      ["Gaps", one.gaps ? `${whole(one.gaps)}, ${plural(one.missing, "candle")} missing` : "none", flag(one.gaps)],
      ["Duplicate rows", one.duplicates ? `${whole(one.duplicates)}, dropped` : "none", flag(one.duplicates)],
      ["Without volume", one.zero_volume ? whole(one.zero_volume) : "none", flag(one.zero_volume)],
      ["Incomplete, dropped", one.incomplete ? whole(one.incomplete) : "none", flag(one.incomplete)],
      ["Derived from", one.derived_from ?? "nothing: as read"],
      ["Source", one.source || NOTHING, "long"],
      ["SHA-256", one.sha256 || NOTHING, "long mono"],
    ];
    return element("div", { class: "card data-card" }, element("h3", {}, `${one.symbol} ${one.time_frame}`), pairs(list), ...one.remarks.map((text) => element("p", { class: "note" }, text)), gapList(report, one));
  });
  if (!cards.length) cards.push(element("p", { class: "card empty" }, "No candles were given to this run."));
  byId("data-box").append(...cards);
  if (report.inputs.length) byId("data-box").append(element("details", { class: "card" }, element("summary", {}, "Inputs as recorded by the run"), ...report.inputs.map((input) => settingsTable(input))));
}

function gapList(report, one) {
  const series = report.series.find((each) => each.symbol === one.symbol);
  if (!series || !series.gaps.length) return null;
  const items = series.gaps.map(([start, end, missing]) => element("li", {}, `${moment(start)} to ${moment(end)}`, element("span", {}, ` ${plural(missing, "candle")}`)));
  const more = one.gaps - series.gaps.length;
  return element("details", {}, element("summary", {}, `All gaps, none was filled in`), element("ul", { class: "gaps" }, ...items), more > 0 ? element("p", { class: "note" }, `and ${whole(more)} more`) : null);
}

function flatten(value, path = []) {
  if (value === null || typeof value !== "object") return [[path.join(" › "), value === null ? NOTHING : String(value)]];
  const entries = Array.isArray(value) && value.every((item) => item === null || typeof item !== "object") ? null : Object.entries(value);
  if (!entries) return [[path.join(" › "), value.map(String).join(", ") || "none"]];
  if (!entries.length) return [[path.join(" › "), "none"]];
  return entries.flatMap(([key, item]) => flatten(item, [...path, Array.isArray(value) ? String(Number(key) + 1) : label(key)]));
}

function settingsTable(settings) {
  const rows = flatten(settings).filter(([path]) => path).map(([path, value]) => element("tr", {}, element("th", { scope: "row" }, path), element("td", {}, value)));
  return element("table", { class: "settings" }, element("tbody", {}, ...rows));
}

function drawSettings(report) {
  const empty = !Object.keys(report.settings).length;
  byId("settings-box").append(empty ? element("p", { class: "empty" }, "The run recorded no settings.") : settingsTable(report.settings));
}

function drawFoot(report) {
  const { run_seconds: seconds, candles_per_second: rate } = report.timings;
  const parts = ["Made by OctoBot"];
  if (typeof seconds === "number") parts.push(`run in ${grouped(seconds, 2, 2)} s`);
  if (typeof rate === "number") parts.push(`${whole(rate)} candles a second`);
  byId("made").textContent = `${parts.join(", ")}. All times are UTC.`;
}
