// SPDX-License-Identifier: Apache-2.0
// The other half of encoding.py: from distances back to values.

function decodeTimes(encoded) {
  const times = [encoded.first];
  let time = encoded.first;
  for (let i = 0; i < encoded.runs.length; i += 2) {
    for (let n = encoded.runs[i + 1]; n > 0; n--) times.push((time += encoded.runs[i]));
  }
  return times;
}

function decodeCurve(encoded) {
  const scale = 10 ** encoded.decimals;
  let whole = 0;
  return encoded.deltas.map((delta) => (whole += delta) / scale);
}

function decodeCandles(series) {
  const { decimals, open, close, upper, lower } = series.candles;
  const times = decodeTimes(series.times);
  const scale = 10 ** decimals;
  let last = 0;
  return open.map((distance, i) => {
    const from = last + distance;
    const to = (last = from + close[i]);
    return {
      time: times[i],
      open: from / scale,
      high: (Math.max(from, to) + upper[i]) / scale,
      low: (Math.min(from, to) - lower[i]) / scale,
      close: to / scale,
    };
  });
}

function decodeFill(row, index) {
  const [time, shown, symbol, side, quantity, price, cost, fee, feeAsset, profit, percent] = row;
  return { index, time, shown, symbol, side, quantity, price, cost, fee, feeAsset, profit, percent };
}

// The position of the first of sorted `times` that is not before `time`.
function positionOf(times, time) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
