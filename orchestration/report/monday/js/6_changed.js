// What changed: key figures beside what they are compared with, and why revenue moved.
const frameOf = (frame) => find("frames", { period: state.period, frame });
const isKnown = (frame) => Boolean(frameOf(frame)?.is_known);
const NOBODY = { buyers: 0, known_orders: 0, guest_orders: 0, known_units: 0, guest_units: 0, known_amount: 0, guest_amount: 0, other_amount: 0 };
// What was sold in a stretch of days to whom the filters leave; a string where that isn't told.
function cell(frame, filters = {}) {
  const { place: where = place(), channel = state.channel, segment = state.segment } = filters;
  if (!isKnown(frame)) return NOT_YET;
  if (regionOf.has(where) && segment !== ALL) return NOT_SO;
  const row = find("cells", { period: state.period, frame, place: where, channel, segment });
  return row ? (row.is_few ? FEW : row) : NOBODY;
}
const fromCell = (reckon) => (frame) => {
  const row = cell(frame);
  return typeof row === "string" ? row : reckon(row);
};
const netOf = (row) => row.known_amount + row.guest_amount + row.other_amount;
const ordersOf = (row) => row.known_orders + row.guest_orders;
const spentOf = (row) => row.known_amount + row.guest_amount;

// A key figure of kpi_daily; those of the whole shop alone are told of nothing less.
function keyFigure(kpi, frame) {
  if (!isKnown(frame)) return NOT_YET;
  if (state.segment !== ALL || state.store !== ALL) return NOT_SO;
  const row = find("figures", { period: state.period, frame, kpi, channel: state.channel, place: place() });
  if (!row) return ["visits", "conversion_rate"].includes(kpi) && (state.channel !== ALL || place() !== ALL) ? NOT_SO : 0;
  if (row.is_few) return FEW;
  if (row.denominator === null || row.denominator === undefined) return row.numerator;
  return row.denominator ? row.numerator / row.denominator : null;
}
function expectation(kpi) {
  if (state.segment !== ALL || state.store !== ALL) return {};
  const row = find("figures", { period: state.period, frame: "now", kpi, channel: state.channel, place: place() });
  if (!row || !isNumber(row.expected_numerator)) {
    const month = state.period === "month" && find("months", { period: "month", kpi, channel: state.channel, place: place() });
    return month && isNumber(month.expected) ? { value: month.expected } : {};
  }
  return {
    value: isNumber(row.expected_denominator) ? row.expected_numerator / row.expected_denominator : row.expected_numerator,
    low: row.low,
    high: row.high,
  };
}
// How many whole weeks there have been.
const weeksKnown = () => Math.max(-1, ...where("weeks", { place: ALL, channel: ALL, segment: ALL }).map((row) => row.weeks_back)) + 1;
function weekly(reckon) {
  if (regionOf.has(place()) && state.segment !== ALL) return [];
  if (state.segment !== ALL && (state.channel !== ALL || place() !== ALL)) return [];
  const known = weeksKnown();
  const rows = new Map(where("weeks", { place: place(), channel: state.channel, segment: state.segment }).map((row) => [row.weeks_back, row]));
  return Array.from({ length: 105 }, (_, back) => {
    const row = rows.get(104 - back);
    if (104 - back >= known) return null;
    return row?.is_few ? null : row ? reckon(row) : 0;
  });
}
function weeklyFigure(kpi) {
  if (state.segment !== ALL || state.store !== ALL) return [];
  const rows = new Map(where("figure_weeks", { kpi, place: place(), channel: state.channel }).map((row) => [row.weeks_back, row]));
  if (!rows.size) return [];
  const known = weeksKnown();
  return Array.from({ length: 53 }, (_, back) => {
    const row = rows.get(52 - back);
    if (52 - back >= known) return null;
    if (!row) return 0;
    if (row.is_few) return null;
    return isNumber(row.denominator) ? (row.denominator ? row.numerator / row.denominator : null) : row.numerator;
  });
}
const lastYear = (values) => values.slice(-53);

const TILES = [
  { kpi: "net_revenue", form: "money", value: fromCell(netOf), weeks: () => lastYear(weekly((row) => row.net_amount)) },
  { kpi: "orders", form: "count", value: fromCell(ordersOf), weeks: () => lastYear(weekly((row) => row.orders)) },
  { kpi: "buyers", form: "count", value: fromCell((row) => row.buyers), weeks: () => lastYear(weekly((row) => row.buyers)) },
  {
    kpi: "average_order_value",
    form: "cents",
    value: fromCell((row) => (ordersOf(row) ? spentOf(row) / ordersOf(row) : null)),
    weeks: () => lastYear(weekly((row) => (row.orders ? row.purchase_amount / row.orders : null))),
  },
  { kpi: "new_customers", form: "count", value: (frame) => keyFigure("new_customers", frame), weeks: () => weeklyFigure("new_customers") },
  { kpi: "reactivated_customers", form: "count", value: (frame) => keyFigure("reactivated_customers", frame), weeks: () => weeklyFigure("reactivated_customers") },
  { kpi: "churned_customers", form: "count", isBad: true, value: (frame) => keyFigure("churned_customers", frame), weeks: () => weeklyFigure("churned_customers") },
  { kpi: "conversion_rate", form: "share", value: (frame) => keyFigure("conversion_rate", frame), weeks: () => weeklyFigure("conversion_rate") },
];
const FRAMES = { week: ["before", "month_before", "year_before"], four_weeks: ["before", "year_before"], month: ["before", "year_before"], quarter: ["before", "year_before"], year: ["before"] };
const changeOf = (now, then) => (isNumber(now) && isNumber(then) && then ? now / then - 1 : null);

function tile(said) {
  const now = said.value("now");
  const expected = isNumber(now) ? expectation(said.kpi) : {};
  const isOutside = isNumber(expected.low) && (now < expected.low || now > expected.high);
  const comparisons = FRAMES[state.period].map((frame) => {
    const then = said.value(frame);
    const change = changeOf(now, then);
    const tone = change === null || Math.abs(change) < 0.0005 ? "" : change > 0 !== Boolean(said.isBad) ? "good" : "bad";
    const told = isNumber(then) || then === null ? write(change, "change") : write(then);
    return h("li", {},
      h("span", { class: "against" }, say(`frame.${state.period}.${frame}`)),
      h("span", { class: `change ${tone}`, title: isNumber(then) ? write(then, said.form) : undefined }, told));
  });
  return h("article", { class: "tile", "data-kpi": said.kpi },
    h("h3", { title: say(`kpi.${said.kpi}.meaning`) }, say(`kpi.${said.kpi}`)),
    h("p", { class: "unseen" }, say(`kpi.${said.kpi}.meaning`)),
    h("p", { class: isNumber(now) || now === null ? "value" : "value none" }, now === NOT_SO ? say("none.tile") : write(now, said.form)),
    spark(said.weeks()),
    isNumber(now)
      ? h("p", { class: `expected ${isOutside ? "outside" : ""}` },
          isNumber(expected.low)
            ? say(isOutside ? "expected.outside" : "expected.within", { low: write(expected.low, said.form), high: write(expected.high, said.form) })
            : isNumber(expected.value) ? say("expected.value", { value: write(expected.value, said.form) }) : say(said.kpi === "buyers" && state.period !== "month" ? "expected.month" : "expected.none"))
      : null,
    isNumber(now) ? h("ul", {}, comparisons) : null);
}

// Movers

const CUTS = {
  place() {
    if (state.store !== ALL) return [{ place: state.store }];
    const parts = state.region === ALL
      ? options.region().filter((code) => code !== ALL)
      : options.store().filter((code) => code !== ALL);
    return state.region !== ALL && (!parts.length || state.segment !== ALL) ? [{ place: state.region }] : parts.map((code) => ({ place: code }));
  },
  channel: () => (state.channel === ALL ? options.channel().filter((code) => code !== ALL).map((code) => ({ channel: code })) : [{ channel: state.channel }]),
  segment() {
    if (state.segment !== ALL) return [{ segment: state.segment }];
    if (state.store !== ALL) return [{ segment: ALL }];
    const codes = new Set(table("cells").map((row) => row.segment));
    codes.delete(ALL);
    return [...codes].sort().reverse().map((code) => ({ segment: code }));
  },
};
const FACTORS = ["visitors", "conversion", "buyers", "frequency", "items", "price", "guests", "returns"];
const chosen = () => ({ place: place(), channel: state.channel, segment: state.segment });
function mover(part, frame) {
  const row = find("movers", { period: state.period, frame, ...chosen(), ...part });
  return row && Object.fromEntries(["now", "before", ...FACTORS].map((name) => [name, (row[name] ?? 0) / 100]));
}
function partName(part) {
  if ("place" in part) return placeName(part.place);
  if ("channel" in part) return part.channel === ALL ? say("all.channel") : nameOf("channel", part.channel);
  return part.segment === ALL ? say("all.segment") : nameOf("segment", part.segment);
}
// The parts of the chosen cut with what moved them since then; what too few people did is the rest.
// Where that is most of it, the whole stands for its parts.
function movers(frame = state.against) {
  const total = mover({}, frame);
  const told = (part) => {
    const row = mover(part, frame);
    return row && (row.now || row.before) ? [{ name: partName(part), change: row.now - row.before, row }] : [];
  };
  const change = total ? total.now - total.before : null;
  const restOf = (parts) => (total ? Math.round(100 * (change - sum(parts, "change"))) / 100 : null);
  let parts = CUTS[state.cut]().flatMap(told);
  if (total && Math.abs(restOf(parts)) > parts.reduce((moved, part) => moved + Math.abs(part.change), 0)) {
    parts = told({ [state.cut]: chosen()[state.cut] });
  }
  parts.sort((one, other) => Math.abs(other.change) - Math.abs(one.change));
  return { total, parts, change, rest: restOf(parts) };
}
const causes = (row, change) =>
  FACTORS.map((factor) => ({ factor, amount: row[factor] ?? 0 }))
    .filter(({ amount }) => amount && Math.sign(amount) === Math.sign(change))
    .sort((one, other) => Math.abs(other.amount) - Math.abs(one.amount))
    .slice(0, 2);
const cause = ({ factor, amount }) =>
  say(`factor.${factor}.${amount > 0 ? "more" : "less"}`) + (language === "zh" ? "（" : " (") + write(amount, "signed") + (language === "zh" ? "）" : ")");
function moverSentence({ name, change, row }) {
  const why = causes(row, change);
  return say(why.length ? "mover.sentence" : "mover.plain", { name: name[0].toUpperCase() + name.slice(1), change: write(change, "signed"), why: quoted(why.map(cause)) });
}

function choice(name, label) {
  return h("div", { class: "choice", role: "group", "aria-label": label },
    options[name]().map((value) =>
      h("button", { type: "button", "aria-pressed": String(state[name] === value), "data-choice": `${name}-${value}`, disabled: name === "against" && state.period === "year" && value !== "before", on: { click: () => change({ [name]: value }) } }, say(`${name}.${value}`))));
}

function changed() {
  const parts = [h("div", { class: "tiles" }, TILES.map(tile))];
  const series = weekly((row) => row.net_amount);
  parts.push(series.some(isNumber) ? weeksFigure(series) : figure({ id: "weeks", title: say("weeks.title"), answers: FILTERS, wide: true }, annotation(say("weeks.none"))));
  parts.push(moversFigure(movers()));
  return { headline: changedHeadline(), parts };
}
function changedHeadline() {
  const now = cell("now");
  const { parts } = movers("before");
  if (typeof now === "string") return write(now);
  const before = cell("before");
  const change = typeof before === "string" ? null : changeOf(netOf(now), netOf(before));
  const expected = expectation("net_revenue");
  const said = [
    change === null
      ? say("changed.only", { value: write(netOf(now), "money") })
      : say(change >= 0 ? "changed.up" : "changed.down", { value: write(netOf(now), "money"), change: write(Math.abs(change), "share"), against: say(`frame.${state.period}.before`) }),
  ];
  if (isNumber(expected.low)) said.push(say(netOf(now) < expected.low ? "changed.below" : netOf(now) > expected.high ? "changed.above" : "changed.within"));
  if (parts.length > 1) said.push(moverSentence(parts[0]));
  else if (parts.length && causes(parts[0].row, parts[0].change).length) said.push(say("mover.single", { why: quoted(causes(parts[0].row, parts[0].change).map(cause)) }));
  return said.join(language === "zh" ? "" : " ");
}

function weeksFigure(series) {
  const ends = (back) => addDays(page.as_of, -7 * back - 1);
  const weeks = Array.from({ length: 53 }, (_, index) => 52 - index);
  const label = (back) => addDays(page.as_of, -7 * back - 7);
  const bands = state.segment === ALL && state.store === ALL
    ? new Map(where("expected_weeks", { place: place(), channel: state.channel }).map((row) => [row.weeks_back, row]))
    : new Map();
  const low = weeks.map((back) => bands.get(back)?.low ?? null);
  const high = weeks.map((back) => bands.get(back)?.high ?? null);
  const hasBand = high.some(isNumber);
  const values = weeks.map((back) => series[104 - back]);
  const before = weeks.map((back) => (back + 52 <= 104 ? series[104 - back - 52] : null));
  const form = wholeMoney();
  const line = { type: "line", showSymbol: false, symbol: "circle", form };
  const option = {
    height: 280,
    grid: { top: 12 },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", boundaryGap: false, data: weeks.map((back) => write(label(back), "day")) },
    yAxis: { type: "value", axisLabel: { formatter: { form: moneyForm() } } },
    series: [
      ...(hasBand
        ? [
            { ...line, name: say("series.low"), data: low, stack: "range", color: "transparent", lineStyle: { opacity: 0 }, unlisted: true },
            { ...line, name: say("series.range"), data: high.map((value, index) => (isNumber(value) ? value - low[index] : null)), stack: "range", color: "var(--band)", lineStyle: { opacity: 0 }, areaStyle: { color: "var(--band)", opacity: 1 }, tells: [] },
          ]
        : []),
      { ...line, name: say("series.year_before"), data: before, color: "var(--slate)", lineStyle: { width: 1.5, type: "dashed" } },
      { ...line, name: say("series.week"), data: values, color: "var(--teal)", lineStyle: { width: 2.5 } },
    ],
  };
  const rows = weeks.map((back, index) => ({ starts_on: label(back), ends_on: ends(back), value: values[index], before: before[index], low: low[index], high: high[index] })).reverse();
  const columns = [
    { label: say("column.week"), form: "text", value: (row) => `${write(row.starts_on, "day")}` },
    { label: say("kpi.net_revenue"), form: "money", value: (row) => row.value ?? FEW },
    { label: say("series.year_before"), form: "money", value: (row) => row.before },
    { label: say("series.low"), form: "money", value: (row) => row.low },
    { label: say("series.high"), form: "money", value: (row) => row.high },
  ];
  const title = say("weeks.title");
  return figure({ id: "weeks", title, note: say(hasBand ? "weeks.note" : "weeks.note_without"), answers: ["region", "store", "channel", "segment"], wide: true },
    chart("weeks", title, option), numbersOf(tabular(title, columns, rows)));
}

function moversFigure({ total, parts, change, rest }) {
  const title = say("movers.title");
  const controls = h("div", { class: "choices" }, choice("against", say("choice.against")), choice("cut", say("choice.cut")));
  if (!total) return figure({ id: "movers", title, answers: FILTERS, wide: true }, controls, annotation(say(isKnown(state.against) ? "movers.few" : "movers.not_yet")));
  const largest = parts.slice(0, 3);
  const cards = h("ol", { class: "cards" }, largest.map((each) =>
    h("li", { class: each.change < 0 ? "fell" : "rose" },
      h("p", { class: "name" }, each.name),
      h("p", { class: "amount" }, write(each.change, "signed")),
      h("p", { class: "why" }, quoted(causes(each.row, each.change).map(cause))))));
  const effects = FACTORS.map((factor) => ({ factor, amount: sum(parts.map(({ row }) => row), factor) })).filter(({ amount }) => amount);
  if (Math.abs(rest) > 0) effects.push({ factor: "rest", amount: rest });
  const steps = [];
  let level = total.before;
  for (const effect of effects) {
    steps.push({ ...effect, from: level, to: level + effect.amount });
    level += effect.amount;
  }
  const bars = [{ name: say(`frame.${state.period}.${state.against}`), from: 0, to: total.before, total: true }, ...steps.map((step) => ({ ...step, name: say(`factor.${step.factor}`) })), { name: say("frame.now"), from: 0, to: total.now, total: true }];
  // The two sums are marks, not bars: from a scale that does not begin at nought lengths would mislead.
  const ends = bars.flatMap(({ from, to, total: isWhole }) => (isWhole ? [to] : [from, to]));
  const reach = Math.max(Math.max(...ends) - Math.min(...ends), 1);
  const floor = Math.min(...ends) - reach / 8;
  const mark = reach / 120;
  const low = (step) => (step.total ? step.to - mark / 2 : Math.min(step.from, step.to)) - floor;
  const drawn = (list, color) => ({
    type: "bar", stack: "steps", barCategoryGap: "22%", color,
    data: list.map((step) => (step ? { value: step.total ? mark : Math.abs(step.amount), name: step.name } : "-")),
  });
  const told = bars.map((step) => write(step.total ? step.to : step.amount, step.total ? "short" : "signed"));
  const names = bars.map((step) => step.name);
  const pick = (test) => bars.map((step) => (test(step) ? step : null));
  const option = {
    height: 40 + 34 * bars.length,
    grid: { left: 0, right: 84, top: 4, bottom: 0 },
    tooltip: { show: false },
    xAxis: { type: "value", min: 0, max: 1.25 * reach, show: false },
    yAxis: { type: "category", inverse: true, data: names, axisLabel: { color: "var(--ink)", width: 150, overflow: "break" } },
    series: [
      { type: "bar", stack: "steps", color: "transparent", silent: true, data: bars.map(low) },
      { ...drawn(pick((step) => step.total), "var(--ink)") },
      { ...drawn(pick((step) => !step.total && step.amount > 0), "var(--teal)") },
      { ...drawn(pick((step) => !step.total && step.amount < 0), "var(--orange)") },
    ].map((each, index) => (index ? { ...each, label: { show: true, position: "right", color: "var(--ink)", formatter: ({ dataIndex }) => told[dataIndex] } } : each)),
  };
  const columns = [
    { label: say(`cut.${state.cut}`), value: (part) => part.name },
    { label: say("column.change"), form: "signed", value: (part) => part.change, tone: (part) => (part.change < 0 ? "bad" : "good") },
    ...FACTORS.filter((factor) => parts.some(({ row }) => row[factor])).map((factor) => ({ label: say(`factor.${factor}`), form: "signed", value: ({ row }) => row[factor] ?? 0 })),
  ];
  const rows = [...parts, ...(rest ? [{ name: say("factor.rest"), change: rest, row: {} }] : []), { name: say("column.total"), change, row: Object.fromEntries(FACTORS.map((factor) => [factor, sum(parts.map(({ row }) => row), factor)])) }];
  return figure({ id: "movers", title, note: say("movers.note"), answers: FILTERS, wide: true },
    controls,
    state.cut === "segment" || state.segment !== ALL ? annotation(say("movers.today")) : null,
    cards,
    chart("steps", say("steps.label", { from: write(total.before, "money"), to: write(total.now, "money") }), option),
    numbersOf(tabular(title, columns, rows)));
}
