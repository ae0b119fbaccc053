// SPDX-License-Identifier: Apache-2.0
// A table that sorts, searches and filters thousands of rows and draws them as they are scrolled to.

const ROWS_AT_ONCE = 120;

class DataTable {
  // columns: {label, value(row), render(row), numeric, minor}; filters: [label, test(row)], the first one chosen at first.
  constructor({ box, controls, name, columns, rows, filters = [], empty, onChoose = null, sorted = null }) {
    Object.assign(this, { columns, rows, empty, onChoose, name });
    this.sorting = sorted;
    this.filter = filters.length ? filters[0][1] : null;
    this.texts = rows.map((row) => columns.map((column) => column.render(row)).map(textOf).join(" ").toLowerCase());
    this.build(box);
    if (rows.length) this.buildControls(controls, filters);
    this.update();
  }

  build(box) {
    this.heads = this.columns.map((column, i) =>
      element(
        "th",
        { scope: "col", class: this.cellClass(column) },
        element("button", { type: "button", onclick: () => this.sortBy(i) }, column.label),
      ),
    );
    this.body = element("tbody");
    this.message = element("p", { class: "empty" });
    this.scroller = element(
      "div",
      { class: "table-scroll", tabindex: "0", role: "region", "aria-label": this.name },
      element("table", {}, element("thead", {}, element("tr", {}, ...this.heads)), this.body),
    );
    box.replaceChildren(this.scroller, this.message);
    this.scroller.addEventListener("scroll", () => this.drawMore());
    if (!this.onChoose) return;
    this.body.addEventListener("click", (event) => this.choose(event.target.closest("tr")));
    this.body.addEventListener("keydown", (event) => this.onKey(event));
  }

  buildControls(controls, filters) {
    const buttons = filters.map(([text, test], i) =>
      element("button", { type: "button", class: "chip", "aria-pressed": String(i === 0), onclick: () => {
        this.filter = test;
        buttons.forEach((button, j) => button.setAttribute("aria-pressed", String(i === j)));
        this.update();
      } }, text),
    );
    this.count = element("span", { class: "count", role: "status" });
    const search = element("input", { type: "search", placeholder: "Search", "aria-label": `Search ${this.name}`, oninput: (event) => {
      this.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      this.update();
    } });
    if (filters.length) controls.append(element("div", { class: "chips" }, ...buttons));
    controls.append(search, this.count);
  }

  sortBy(index) {
    const down = this.sorting && this.sorting.index === index ? !this.sorting.down : Boolean(this.columns[index].numeric);
    this.sorting = { index, down };
    this.update();
  }

  update() {
    const words = this.words ?? [];
    const order = [];
    this.rows.forEach((row, i) => {
      if ((!this.filter || this.filter(row)) && words.every((word) => this.texts[i].includes(word))) order.push(row);
    });
    if (this.sorting) this.sort(order);
    this.shown = order;
    this.drawn = 0;
    this.body.replaceChildren();
    this.scroller.scrollTop = 0;
    this.drawMore();
    this.heads.forEach((head, i) => {
      const active = this.sorting && this.sorting.index === i;
      if (active) head.setAttribute("aria-sort", this.sorting.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    if (this.count) this.count.textContent = order.length === this.rows.length ? whole(order.length) : `${whole(order.length)} of ${whole(this.rows.length)}`;
    this.scroller.hidden = !order.length;
    this.message.hidden = Boolean(order.length);
    this.message.textContent = this.rows.length ? "Nothing matches. Try other words or another filter." : this.empty;
  }

  sort(rows) {
    const { index, down } = this.sorting;
    const value = this.columns[index].value;
    const keyed = rows.map((row, i) => [value(row), i, row]);
    // What has no value comes last either way.
    const missing = (key) => key === null || key === undefined || Number.isNaN(key);
    keyed.sort(([a, i], [b, j]) => {
      if (missing(a) || missing(b)) return missing(a) - missing(b) || i - j;
      return (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1) || i - j;
    });
    keyed.forEach(([, , row], i) => (rows[i] = row));
  }

  drawMore() {
    const near = () => this.scroller.scrollTop + this.scroller.clientHeight > this.scroller.scrollHeight - 600;
    while (this.drawn < this.shown.length && (this.drawn === 0 || near())) {
      const next = this.shown.slice(this.drawn, this.drawn + ROWS_AT_ONCE);
      this.body.append(...next.map((row) => this.drawRow(row)));
      this.drawn += next.length;
      if (!this.scroller.clientHeight) break;
    }
  }

  drawRow(row) {
    const cells = this.columns.map((column) => element("td", { class: this.cellClass(column) }, column.render(row)));
    const line = element("tr", { tabindex: this.onChoose ? "0" : null }, ...cells);
    line.row = row;
    if (row === this.chosen) line.setAttribute("aria-selected", "true");
    return line;
  }

  cellClass(column) {
    return [column.numeric ? "number" : "", column.minor ? "minor" : ""].filter(Boolean).join(" ") || null;
  }

  choose(line) {
    if (!line || !line.row) return;
    this.body.querySelector("[aria-selected]")?.removeAttribute("aria-selected");
    line.setAttribute("aria-selected", "true");
    this.chosen = line.row;
    this.onChoose(line.row);
  }

  onKey(event) {
    const line = event.target.closest("tr");
    const steps = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" };
    if (event.key === "Enter" || event.key === " ") this.choose(line);
    else if (steps[event.key]) line[steps[event.key]]?.focus();
    else return;
    event.preventDefault();
  }
}

function textOf(cell) {
  return typeof cell === "string" ? cell : cell.textContent;
}
