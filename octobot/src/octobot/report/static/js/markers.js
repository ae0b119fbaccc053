// SPDX-License-Identifier: Apache-2.0
// Draws fills at their exact price and gaps at the foot of the price pane.

class FillMarkers {
  constructor(colors) {
    this.colors = colors;
    this.fills = [];
    this.times = [];
    this.gaps = [];
    this.selected = null;
    this.apart = 1;
  }

  attached({ chart, series, requestUpdate }) {
    this.chart = chart;
    this.series = series;
    this.requestUpdate = requestUpdate;
  }

  detached() {
    this.chart = null;
  }

  show(fills, gaps) {
    this.fills = fills.filter((fill) => fill.shown !== null).sort((a, b) => a.shown - b.shown);
    this.times = this.fills.map((fill) => fill.shown);
    this.gaps = gaps;
    this.redraw();
  }

  select(fill) {
    this.selected = fill;
    this.redraw();
  }

  recolor(colors) {
    this.colors = colors;
    this.redraw();
  }

  redraw() {
    if (this.requestUpdate) this.requestUpdate();
  }

  updateAllViews() {}

  paneViews() {
    return [{ zOrder: () => "top", renderer: () => ({ draw: (target) => target.useMediaCoordinateSpace((scope) => this.draw(scope)) }) }];
  }

  draw({ context, mediaSize }) {
    const scale = this.chart.timeScale();
    const logical = scale.getVisibleLogicalRange();
    const visible = scale.getVisibleRange();
    if (!logical || !visible) return;
    const spacing = mediaSize.width / Math.max(1, logical.to - logical.from);
    const first = positionOf(this.times, visible.from);
    const end = positionOf(this.times, visible.to + 1);
    // As large as there is room for all that are in view.
    const size = Math.max(2.5, Math.min(10, spacing < 4 ? 7 : spacing + 2, (mediaSize.width / (end - first)) * 0.7));
    this.apart = spacing < 1 ? 5 : 1;
    this.drawGaps(context, mediaSize, scale, visible);
    context.lineWidth = 1.5;
    context.strokeStyle = this.colors.surface;
    context.globalAlpha = size < 5 ? 0.7 : 1;
    for (let i = first; i < end; i++) {
      if (this.fills[i] !== this.selected) this.drawFill(context, scale, this.fills[i], size);
    }
    context.globalAlpha = 1;
    if (this.selected) this.drawSelected(context, mediaSize, scale, Math.max(size, 8));
  }

  drawFill(context, scale, fill, size) {
    const x = scale.timeToCoordinate(fill.shown);
    const y = this.series.priceToCoordinate(Number(fill.price));
    if (x === null || y === null) return;
    // The tip touches the price: a buy points up at it from below, a sell down at it from above.
    // Far out, where a candle is thinner than a pixel, they keep off it so that the price stays visible.
    const away = fill.side === "buy" ? 1 : -1;
    const tip = y + away * this.apart;
    context.fillStyle = fill.side === "buy" ? this.colors.buy : this.colors.sell;
    context.beginPath();
    context.moveTo(x, tip);
    context.lineTo(x - size * 0.7, tip + away * size * 1.25);
    context.lineTo(x + size * 0.7, tip + away * size * 1.25);
    context.closePath();
    if (size >= 5) context.stroke();
    context.fill();
  }

  drawSelected(context, mediaSize, scale, size) {
    const x = scale.timeToCoordinate(this.selected.shown);
    const y = this.series.priceToCoordinate(Number(this.selected.price));
    if (x === null || y === null || x < 0 || x > mediaSize.width) return;
    context.save();
    context.strokeStyle = this.colors.ink;
    context.globalAlpha = 0.55;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, 0);
    context.lineTo(Math.round(x) + 0.5, mediaSize.height);
    context.stroke();
    context.restore();
    context.lineWidth = 2;
    context.strokeStyle = this.colors.ink;
    this.drawFill(context, scale, this.selected, size);
    context.beginPath();
    context.arc(x, y, size * 2, 0, 2 * Math.PI);
    context.stroke();
  }

  drawGaps(context, mediaSize, scale, visible) {
    context.fillStyle = this.colors.warn;
    for (const time of this.gaps) {
      if (time < visible.from || time > visible.to) continue;
      const x = scale.timeToCoordinate(time);
      if (x !== null) context.fillRect(Math.round(x) - 1, mediaSize.height - 7, 2, 7);
    }
  }
}
