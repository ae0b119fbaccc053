// SPDX-License-Identifier: Apache-2.0
// Text of figures, and elements. Nothing here or elsewhere turns text into markup: names and settings stay text.

const NOTHING = "–";
const MINUS = "−";
const formatters = new Map();

function grouped(value, fewest, most) {
  const key = `${fewest}.${most}`;
  if (!formatters.has(key)) {
    formatters.set(key, new Intl.NumberFormat("en-US", { minimumFractionDigits: fewest, maximumFractionDigits: most, signDisplay: "negative" }));
  }
  return formatters.get(key).format(value).replace("-", MINUS);
}

function money(value, sign = false) {
  if (value === null || value === undefined) return NOTHING;
  const number = Number(value);
  const size = Math.abs(number);
  const most = size >= 1 || size === 0 ? 2 : Math.min(10, 5 - Math.floor(Math.log10(size)));
  return (sign && number > 0 ? "+" : "") + grouped(number, most === 2 ? 2 : 0, most);
}

// An amount as it was booked: every decimal of its text, thousands separated.
function amount(text) {
  if (text === null || text === undefined) return NOTHING;
  const [whole, decimals] = String(text).split(".");
  const spaced = whole.replace("-", MINUS).replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals ? `${spaced}.${decimals}` : spaced;
}

function percent(value, sign = false, decimals = 2) {
  if (value === null || value === undefined) return NOTHING;
  return `${sign && value > 0 ? "+" : ""}${grouped(value, decimals, decimals)} %`;
}

function ratio(value) {
  return value === null || value === undefined ? NOTHING : grouped(value, 2, 2);
}

function whole(value) {
  return value === null || value === undefined ? NOTHING : grouped(value, 0, 0);
}

function moment(seconds) {
  if (seconds === null || seconds === undefined) return NOTHING;
  const text = new Date(seconds * 1000).toISOString();
  const shown = text.slice(17, 19) === "00" ? text.slice(0, 16) : text.slice(0, 19);
  return shown.replace("T", " ");
}

function day(seconds) {
  return seconds === null || seconds === undefined ? NOTHING : moment(seconds).slice(0, 10);
}

function duration(seconds) {
  if (seconds === null || seconds === undefined) return NOTHING;
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, length]) => seconds >= length);
  if (first < 0) return "0 s";
  let rest = Math.round(seconds);
  return units
    .slice(first, first + 2)
    .map(([unit, length]) => {
      const count = Math.floor(rest / length);
      rest -= count * length;
      return count ? `${whole(count)} ${unit}` : "";
    })
    .filter(Boolean)
    .join(" ");
}

function plural(count, noun) {
  return `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function signClass(value) {
  const number = Number(value);
  return value === null || value === undefined || number === 0 ? "" : number > 0 ? "up" : "down";
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function label(name) {
  const text = String(name).replace(/[_-]+/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
