// SPDX-License-Identifier: Apache-2.0
// One chart of three panes over one time axis: price with volume and fills, equity beside buy and hold, drawdown.

const PANES = [6, 2.3, 1.6];
const RANGES = [["1W", 7], ["1M", 30], ["3M", 91], ["1Y", 365]];

function themeColors() {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  const names = ["ink", "muted", "line", "grid", "surface", "up", "down", "buy", "sell", "accent", "hold", "warn", "volume-up", "volume-down", "accent-soft", "down-soft"];
  return Object.fromEntries(names.map((name) => [name, color(name)]));
}

class ReportChart {
  constructor(box, report) {
    this.box = box;
    this.report = report;
    this.colors = themeColors();
    this.markers = new FillMarkers(this.colors);
    this.candles = [];
    this.build();
    this.buildLegends();
    this.bindKeys();
  }

  build() {
    const lib = LightweightCharts;
    const fine = shortestStep(this.report) < 86400;
    this.chart = lib.createChart(this.box, {
      autoSize: true,
      layout: { fontSize: 11, panes: { enableResize: true }, attributionLogo: true },
      localization: { locale: "en-US", timeFormatter: (time) => moment(time) },
      timeScale: { timeVisible: fine, secondsVisible: false, minBarSpacing: 0.001, enableConflation: true, rightOffset: 0 },
      handleScale: { mouseWheel: false, axisPressedMouseMove: true, pinch: true },
      handleScroll: { mouseWheel: false, pressedMouseMove: true, horzTouchDrag: true, vertTouchDrag: false },
    });
    this.price = this.chart.addSeries(lib.CandlestickSeries, { priceLineVisible: false, lastValueVisible: true }, 0);
    this.volume = this.chart.addSeries(lib.HistogramSeries, { priceScaleId: "volume", priceFormat: { type: "volume" }, priceLineVisible: false, lastValueVisible: false }, 0);
    this.volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    this.price.priceScale().applyOptions({ scaleMargins: { top: 0.12, bottom: 0.18 } });
    const plain = { priceLineVisible: false, lastValueVisible: true };
    const wholePercent = { type: "custom", minMove: 0.01, formatter: (value) => percent(-value, false, 1).replace("-", MINUS) };
    const valueFormat = { type: "custom", minMove: 0.0000000001, formatter: (value) => money(value) };
    this.hold = this.chart.addSeries(lib.LineSeries, { ...plain, lineWidth: 1, priceFormat: valueFormat, crosshairMarkerVisible: false }, 1);
    this.equity = this.chart.addSeries(lib.AreaSeries, { ...plain, lineWidth: 2, priceFormat: valueFormat }, 1);
    this.drawdown = this.chart.addSeries(lib.AreaSeries, { ...plain, lineWidth: 1, priceFormat: wholePercent, invertFilledArea: true, autoscaleInfoProvider: fromZero }, 2);
    this.drawdown.priceScale().applyOptions({ invertScale: true, scaleMargins: { top: 0.04, bottom: 0.08 } });
    this.price.attachPrimitive(this.markers);
    this.chart.panes().forEach((pane, i) => pane.setStretchFactor(PANES[i]));
    this.paint();
    this.fillCurves();
  }

  paint() {
    const c = this.colors;
    this.chart.applyOptions({
      layout: {
        background: { type: "solid", color: "transparent" },
        textColor: c.muted,
        fontFamily: getComputedStyle(document.body).fontFamily,
        panes: { separatorColor: c.line, separatorHoverColor: c.grid },
      },
      grid: { vertLines: { color: c.grid }, horzLines: { color: c.grid } },
      rightPriceScale: { borderColor: c.line },
      timeScale: { borderColor: c.line },
      crosshair: { mode: 0, vertLine: { color: c.muted, labelBackgroundColor: c.muted }, horzLine: { color: c.muted, labelBackgroundColor: c.muted } },
    });
    this.price.applyOptions({ upColor: c.up, downColor: c.down, wickUpColor: c.up, wickDownColor: c.down, borderVisible: false });
    this.hold.applyOptions({ color: c.hold });
    this.equity.applyOptions({ lineColor: c.accent, topColor: c["accent-soft"], bottomColor: "transparent" });
    this.drawdown.applyOptions({ lineColor: c.down, topColor: c["down-soft"], bottomColor: c["down-soft"] });
    this.markers.recolor(c);
  }

  repaint() {
    this.colors = themeColors();
    this.paint();
    this.fillVolume();
  }

  fillCurves() {
    const curves = this.report.curves;
    const times = (this.times = decodeTimes(curves.times));
    const points = (encoded) => decodeCurve(encoded).map((value, i) => ({ time: times[i], value }));
    this.equity.setData(points(curves.equity));
    if (curves.buy_and_hold) this.hold.setData(points(curves.buy_and_hold));
    this.drawdown.setData(points(curves.drawdown));
  }

  showSymbol(symbol) {
    const series = this.report.series.find((one) => one.symbol === symbol);
    this.symbol = symbol;
    if (this.onSymbol) this.onSymbol(symbol);
    this.candles = decodeCandles(series);
    const decimals = series.candles.decimals;
    // The room below the candles, where the volume is, would be labelled with prices below nothing.
    const formatter = (price) => (price < 0 ? "" : grouped(price, decimals, decimals));
    this.price.applyOptions({ priceFormat: { type: "custom", minMove: 10 ** -decimals, formatter } });
    this.price.setData(this.candles);
    this.traded = series.volume;
    this.fillVolume();
    const times = this.candles.map((candle) => candle.time);
    const gaps = series.gaps.map(([, end]) => times[Math.min(positionOf(times, end), times.length - 1)]);
    this.markers.show(this.report.fills.filter((fill) => fill.symbol === symbol), gaps);
    this.legendFor(null);
  }

  fillVolume() {
    if (!this.traded) return;
    const scale = 10 ** this.traded.decimals;
    const { "volume-up": up, "volume-down": down } = this.colors;
    this.volume.setData(
      this.candles.map((candle, i) => ({ time: candle.time, value: this.traded.values[i] / scale, color: candle.close >= candle.open ? up : down })),
    );
  }

  // Legends

  buildLegends() {
    this.legends = PANES.map(() => element("div", { class: "legend", "aria-hidden": "true" }));
    this.box.append(...this.legends);
    this.chart.subscribeCrosshairMove((event) => this.legendFor(event.time === undefined ? null : event));
    const place = () => {
      let top = 0;
      this.chart.panes().forEach((pane, i) => {
        this.legends[i].style.top = `${top + 6}px`;
        top += pane.getHeight() + 1;
      });
    };
    // Panes are laid out, and resized by hand, without telling: their cells are watched.
    const observer = new ResizeObserver(place);
    requestAnimationFrame(() => {
      for (const pane of this.chart.panes()) if (pane.getHTMLElement()) observer.observe(pane.getHTMLElement());
      place();
    });
  }

  legendFor(event) {
    const last = (list) => list[list.length - 1];
    const candle = event ? event.seriesData.get(this.price) : last(this.candles);
    const value = (series) => (event ? event.seriesData.get(series) : last(series.data()))?.value;
    const part = (name, text, cls = "") => element("span", { class: cls }, element("b", {}, name), text);
    const [price, equity, drawdown] = this.legends;
    price.replaceChildren(element("strong", {}, this.symbol ?? ""));
    if (candle && candle.open !== undefined) {
      const change = candle.open ? (candle.close / candle.open - 1) * 100 : 0;
      const figures = ["open", "high", "low", "close"].map((name) => part(name[0].toUpperCase(), this.price.priceFormatter().format(candle[name])));
      price.append(...figures, element("span", { class: signClass(change) }, percent(change, true)));
      const traded = value(this.volume);
      if (traded !== undefined) price.append(part("Vol", grouped(traded, 0, this.traded.decimals)));
    }
    const market = this.report.summary.performance.reference_market;
    equity.replaceChildren(element("strong", {}, `Equity, ${market}`), element("span", { class: "of-equity" }, money(value(this.equity))));
    if (value(this.hold) !== undefined) equity.append(element("span", { class: "of-hold" }, `buy and hold ${money(value(this.hold))}`));
    const depth = value(this.drawdown);
    drawdown.replaceChildren(element("strong", {}, "Drawdown"), element("span", {}, depth === undefined ? NOTHING : percent(-depth)));
  }

  // Moving about

  range() {
    return this.chart.timeScale().getVisibleLogicalRange();
  }

  showLogical(from, to) {
    this.chart.timeScale().setVisibleLogicalRange({ from, to });
  }

  showAll() {
    this.showLogical(-0.5, this.times.length - 0.5);
  }

  showDays(days) {
    const end = Math.min(this.times.length - 1, Math.max(0, Math.floor(this.range().to)));
    const start = positionOf(this.times, this.times[end] - days * 86400);
    this.showLogical(start - 0.5, end + 0.5);
  }

  zoom(factor) {
    const { from, to } = this.range();
    const middle = (from + to) / 2;
    const half = Math.max(5, ((to - from) / 2) * factor);
    this.showLogical(Math.max(middle - half, -0.5 - half * 0.2), Math.min(middle + half, this.times.length - 0.5 + half * 0.2));
  }

  move(share) {
    const { from, to } = this.range();
    const width = to - from;
    const start = Math.max(-0.5 - width / 2, Math.min(from + width * share, this.times.length - width / 2));
    this.showLogical(start, start + width);
  }

  setLogScale(on) {
    for (const pane of [0, 1]) this.chart.priceScale("right", pane).applyOptions({ mode: on ? 1 : 0 });
  }

  jumpTo(fill) {
    if (fill.shown === null) return;
    if (fill.symbol !== this.symbol) this.showSymbol(fill.symbol);
    const position = positionOf(this.times, fill.shown);
    const { from, to } = this.range();
    const half = Math.min(Math.max(30, (to - from) / 2), 90);
    this.showLogical(position - half, position + half);
    this.markers.select(fill);
  }

  bindKeys() {
    const actions = {
      ArrowLeft: () => this.move(-0.12),
      ArrowRight: () => this.move(0.12),
      PageUp: () => this.move(-0.9),
      PageDown: () => this.move(0.9),
      "+": () => this.zoom(0.7),
      "=": () => this.zoom(0.7),
      "-": () => this.zoom(1.4),
      0: () => this.showAll(),
      Home: () => this.move(-1e9),
      End: () => this.move(1e9),
      Escape: () => this.box.blur(),
    };
    this.box.addEventListener("keydown", (event) => {
      const action = actions[event.key];
      if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      action();
    });
    // The wheel scrolls the page until the chart is chosen: nobody gets stuck in it.
    const wheel = (on) => this.chart.applyOptions({ handleScale: { mouseWheel: on }, handleScroll: { mouseWheel: on } });
    this.box.addEventListener("pointerdown", () => this.box.focus({ preventScroll: true }));
    this.box.addEventListener("focus", () => wheel(true));
    this.box.addEventListener("blur", () => wheel(false));
  }
}

function fromZero(original) {
  const info = original();
  return info ? { ...info, priceRange: { minValue: 0, maxValue: Math.max(1, info.priceRange.maxValue) } } : info;
}

function shortestStep(report) {
  const runs = report.curves.times.runs;
  return runs.length ? runs[0] : 86400;
}
