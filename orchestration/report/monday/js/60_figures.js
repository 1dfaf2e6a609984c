// Key figures beside what they are compared with.
const frameOf = (frame) => find("frames", { period: state.period, frame });
const isKnown = (frame) => Boolean(frameOf(frame)?.is_known);
const NOBODY = {
  buyers: 0,
  known_orders: 0,
  guest_orders: 0,
  known_units: 0,
  guest_units: 0,
  known_amount: 0,
  guest_amount: 0,
  other_amount: 0,
};
// What was sold in a stretch of days to whom the filters leave; a string where that isn't told.
function cell(frame, filters = {}) {
  const { place: where = place(), channel = state.channel, segment = state.segment } = filters;
  if (!isKnown(frame)) return NOT_YET;
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

const MOVES = {
  new_customers: "acquired",
  reactivated_customers: "reactivated",
  churned_customers: "churned",
};
// How many came, came back or left.
function moved(kpi, frame, where = place()) {
  if (!isKnown(frame)) return NOT_YET;
  if (!table("moves").length) return NOT_SO;
  const row = find("moves", { period: state.period, frame, move: MOVES[kpi], ...chosen(), place: where });
  return row ? (row.is_few ? FEW : row.people) : 0;
}
// Which share of visits led to a purchase. Visits are of no place, and of no channel that sells.
function conversion(frame) {
  if (!isKnown(frame)) return NOT_YET;
  if (state.channel !== ALL || place() !== ALL) return NOT_SO;
  const row = find("visits", { period: state.period, frame, segment: state.segment });
  if (!row) return null;
  return row.is_few ? FEW : divided(counted(row.buying_visits), row.visits);
}
function expectation(kpi) {
  if (state.segment !== ALL || state.store !== ALL) return {};
  const row = find("figures", {
    period: state.period,
    frame: "now",
    kpi,
    channel: state.channel,
    place: place(),
  });
  if (!row || !isNumber(row.expected_numerator)) {
    const month =
      state.period === "month" &&
      find("months", { period: "month", kpi, channel: state.channel, place: place() });
    return month && isNumber(month.expected) ? { value: month.expected } : {};
  }
  return {
    value: isNumber(row.expected_denominator)
      ? row.expected_numerator / row.expected_denominator
      : row.expected_numerator,
    low: row.low,
    high: row.high,
  };
}
// How many whole weeks there have been.
const weeksKnown = () =>
  Math.max(-1, ...where("weeks", { place: ALL, channel: ALL, segment: ALL }).map((row) => row.weeks_back)) +
  1;
function weekly(reckon) {
  const known = weeksKnown();
  const rows = new Map(where("weeks", chosen()).map((row) => [row.weeks_back, row]));
  if (!rows.size) return [];
  return Array.from({ length: 105 }, (_, back) => {
    const row = rows.get(104 - back);
    if (104 - back >= known) return null;
    return row?.is_few ? null : row ? reckon(row) : 0;
  });
}
function weeklyFigure(kpi) {
  const rows = new Map(
    where("figure_weeks", { kpi: MOVES[kpi] ?? kpi, ...chosen() }).map((row) => [row.weeks_back, row]),
  );
  if (!rows.size) return [];
  const known = weeksKnown();
  return Array.from({ length: 53 }, (_, back) => {
    const row = rows.get(52 - back);
    if (52 - back >= known) return null;
    if (!row) return 0;
    if (row.is_few) return null;
    return isNumber(row.denominator)
      ? row.denominator
        ? row.numerator / row.denominator
        : null
      : row.numerator;
  });
}
const lastYear = (values) => values.slice(-53);

const TILES = [
  {
    kpi: "net_revenue",
    form: "money",
    value: fromCell(netOf),
    weeks: () => lastYear(weekly((row) => row.net_amount)),
  },
  {
    kpi: "orders",
    form: "count",
    value: fromCell(ordersOf),
    weeks: () => lastYear(weekly((row) => row.orders)),
  },
  {
    kpi: "buyers",
    form: "count",
    value: fromCell((row) => row.buyers),
    weeks: () => lastYear(weekly((row) => row.buyers)),
  },
  {
    kpi: "average_order_value",
    form: "cents",
    value: fromCell((row) => (ordersOf(row) ? spentOf(row) / ordersOf(row) : null)),
    weeks: () => lastYear(weekly((row) => (row.orders ? row.purchase_amount / row.orders : null))),
  },
  {
    kpi: "new_customers",
    form: "count",
    value: (frame) => moved("new_customers", frame),
    weeks: () => weeklyFigure("new_customers"),
  },
  {
    kpi: "reactivated_customers",
    form: "count",
    value: (frame) => moved("reactivated_customers", frame),
    weeks: () => weeklyFigure("reactivated_customers"),
  },
  {
    kpi: "churned_customers",
    form: "count",
    isBad: true,
    value: (frame) => moved("churned_customers", frame),
    weeks: () => weeklyFigure("churned_customers"),
  },
  {
    kpi: "conversion_rate",
    form: "share",
    value: conversion,
    weeks: () => weeklyFigure("conversion_rate"),
  },
];
const FRAMES = {
  week: ["before", "month_before", "year_before"],
  four_weeks: ["before", "year_before"],
  month: ["before", "year_before"],
  quarter: ["before", "year_before"],
  year: ["before"],
};
const changeOf = (now, then) => (isNumber(now) && isNumber(then) && then ? now / then - 1 : null);

// Why nothing is known of what was expected.
function whyNotExpected(kpi) {
  if (state.segment !== ALL || state.store !== ALL) return "finer";
  return kpi === "buyers" && state.period !== "month" ? "month" : "none";
}

function tile(said) {
  const now = said.value("now");
  const expected = isNumber(now) ? expectation(said.kpi) : {};
  const isOutside = isNumber(expected.low) && (now < expected.low || now > expected.high);
  const comparisons = FRAMES[state.period].map((frame) => {
    const then = said.value(frame);
    const change = changeOf(now, then);
    const tone =
      change === null || Math.abs(change) < 0.0005 ? "" : change > 0 !== Boolean(said.isBad) ? "good" : "bad";
    const told = isNumber(then) || then === null ? write(change, "change") : write(then);
    return h(
      "li",
      {},
      h("span", { class: "against" }, say(`frame.${state.period}.${frame}`)),
      h(
        "span",
        { class: `change ${tone}`, title: isNumber(then) ? write(then, said.form) : undefined },
        told,
      ),
    );
  });
  return h(
    "article",
    { class: "tile", "data-kpi": said.kpi },
    h("h3", { title: say(`kpi.${said.kpi}.meaning`) }, say(`kpi.${said.kpi}`)),
    h("p", { class: "unseen" }, say(`kpi.${said.kpi}.meaning`)),
    h(
      "p",
      { class: isNumber(now) || now === null ? "value" : "value none" },
      now === NOT_SO ? say(said.kpi === "conversion_rate" ? "none.visits" : "none.not_so") : write(now, said.form),
    ),
    spark(said.weeks()),
    isNumber(now)
      ? h(
          "p",
          { class: `expected ${isOutside ? "outside" : ""}` },
          isNumber(expected.low)
            ? say(isOutside ? "expected.outside" : "expected.within", {
                low: write(expected.low, said.form),
                high: write(expected.high, said.form),
              })
            : isNumber(expected.value)
              ? say("expected.value", { value: write(expected.value, said.form) })
              : say(`expected.${whyNotExpected(said.kpi)}`),
        )
      : null,
    isNumber(now) ? h("ul", {}, comparisons) : null,
  );
}
