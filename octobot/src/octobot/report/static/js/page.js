// SPDX-License-Identifier: Apache-2.0
// Puts the page together.

function readReport() {
  const report = JSON.parse(byId("report-data").textContent);
  report.fills = report.fills.map(decodeFill);
  return report;
}

function themeSwitch(onChange) {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const changed = () => {
    byId("theme").textContent = isDark() ? "Light" : "Dark";
    onChange();
  };
  byId("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    changed();
  });
  dark.addEventListener("change", changed);
  byId("theme").textContent = isDark() ? "Light" : "Dark";
}

function chartControls(chart, report) {
  const controls = byId("chart-controls");
  if (report.series.length > 1) {
    const select = element("select", { "aria-label": "Symbol", onchange: (event) => chart.showSymbol(event.target.value) }, ...report.series.map((series) => element("option", {}, series.symbol)));
    controls.append(select);
    chart.onSymbol = (symbol) => (select.value = symbol);
  }
  const span = report.summary.span.seconds / 86400;
  const ranges = RANGES.filter(([, days]) => days < span).map(([name, days]) => element("button", { type: "button", class: "chip", onclick: () => chart.showDays(days) }, name));
  ranges.push(element("button", { type: "button", class: "chip", onclick: () => chart.showAll() }, "All"));
  const log = element("button", { type: "button", class: "chip", "aria-pressed": "false", onclick: () => {
    const on = log.getAttribute("aria-pressed") !== "true";
    log.setAttribute("aria-pressed", String(on));
    chart.setLogScale(on);
  } }, "Log");
  controls.append(element("div", { class: "chips" }, ...ranges), element("div", { class: "chips" }, log));
}

function drawChart(report) {
  if (!report.series.length) {
    byId("chart-box").replaceWith(element("p", { class: "empty" }, "No candles were replayed, so there is nothing to draw."));
    document.querySelector(".chart-foot").remove();
    return null;
  }
  const chart = new ReportChart(byId("chart-box"), report);
  chart.showSymbol(report.series[0].symbol);
  chart.showAll();
  chartControls(chart, report);
  byId("gap-key").hidden = !report.series.some((series) => series.gaps.length);
  return chart;
}

const report = readReport();
let chart = null;
byId("page").hidden = false;
drawHero(report);
drawNotices(report);
drawTiles(report);
drawBand(report);
drawMonths(report);
drawTrades(report, (fill) => chart && chart.jumpTo(fill));
drawOrders(report);
drawData(report);
drawSettings(report);
drawFoot(report);
themeSwitch(() => chart && chart.repaint());
// The charts take longest: everything else is on the screen before them.
requestAnimationFrame(() => setTimeout(() => (chart = drawChart(report))));
