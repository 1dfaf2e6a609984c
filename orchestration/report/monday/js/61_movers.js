// Why revenue moved: the parts that moved most, and their causes.
const CUTS = {
  place() {
    if (state.store !== ALL) return [{ place: state.store }];
    const parts =
      state.region === ALL
        ? options.region().filter((code) => code !== ALL)
        : options.store().filter((code) => code !== ALL);
    return state.region !== ALL && !parts.length
      ? [{ place: state.region }]
      : parts.map((code) => ({ place: code }));
  },
  channel: () =>
    state.channel === ALL
      ? options
          .channel()
          .filter((code) => code !== ALL)
          .map((code) => ({ channel: code }))
      : [{ channel: state.channel }],
  segment() {
    if (state.segment !== ALL) return [{ segment: state.segment }];
    const codes = new Set(table("cells").map((row) => row.segment));
    codes.delete(ALL);
    return [...codes]
      .sort()
      .reverse()
      .map((code) => ({ segment: code }));
  },
};
const FACTORS = ["visitors", "conversion", "buyers", "frequency", "items", "price", "guests", "returns"];
function mover(part, frame) {
  const row = find("movers", { period: state.period, frame, ...chosen(), ...part });
  return (
    row && Object.fromEntries(["now", "before", ...FACTORS].map((name) => [name, (row[name] ?? 0) / 100]))
  );
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
    return row && (row.now || row.before)
      ? [{ name: partName(part), change: row.now - row.before, row }]
      : [];
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
  say(`factor.${factor}.${amount > 0 ? "more" : "less"}`) +
  (language === "zh" ? "（" : " (") +
  write(amount, "signed") +
  (language === "zh" ? "）" : ")");
function moverSentence({ name, change, row }) {
  const why = causes(row, change);
  return say(why.length ? "mover.sentence" : "mover.plain", {
    name: name[0].toUpperCase() + name.slice(1),
    change: write(change, "signed"),
    why: quoted(why.map(cause)),
  });
}

function choice(name, label) {
  return h(
    "div",
    { class: "choice", role: "group", "aria-label": label },
    options[name]().map((value) =>
      h(
        "button",
        {
          type: "button",
          "aria-pressed": String(state[name] === value),
          "data-choice": `${name}-${value}`,
          disabled: name === "against" && state.period === "year" && value !== "before",
          on: { click: () => change({ [name]: value }) },
        },
        say(`${name}.${value}`),
      ),
    ),
  );
}

function moversFigure({ total, parts, change, rest }) {
  const title = say("movers.title");
  const controls = h(
    "div",
    { class: "choices" },
    choice("against", say("choice.against")),
    choice("cut", say("choice.cut")),
  );
  if (!total)
    return figure(
      { id: "movers", title, answers: FILTERS, wide: true },
      controls,
      annotation(say(isKnown(state.against) ? "movers.few" : "movers.not_yet")),
    );
  const largest = parts.slice(0, 3);
  const cards = h(
    "ol",
    { class: "cards" },
    largest.map((each) =>
      h(
        "li",
        { class: each.change < 0 ? "fell" : "rose" },
        h("p", { class: "name" }, each.name),
        h("p", { class: "amount" }, write(each.change, "signed")),
        h("p", { class: "why" }, quoted(causes(each.row, each.change).map(cause))),
      ),
    ),
  );
  const effects = FACTORS.map((factor) => ({
    factor,
    amount: sum(
      parts.map(({ row }) => row),
      factor,
    ),
  })).filter(({ amount }) => amount);
  if (Math.abs(rest) > 0) effects.push({ factor: "rest", amount: rest });
  const steps = [];
  let level = total.before;
  for (const effect of effects) {
    steps.push({ ...effect, from: level, to: level + effect.amount });
    level += effect.amount;
  }
  const bars = [
    { name: say(`frame.${state.period}.${state.against}`), from: 0, to: total.before, total: true },
    ...steps.map((step) => ({ ...step, name: say(`factor.${step.factor}`) })),
    { name: say("frame.now"), from: 0, to: total.now, total: true },
  ];
  // The two sums are marks, not bars: from a scale that does not begin at nought lengths would mislead.
  const ends = bars.flatMap(({ from, to, total: isWhole }) => (isWhole ? [to] : [from, to]));
  const reach = Math.max(Math.max(...ends) - Math.min(...ends), 1);
  const floor = Math.min(...ends) - reach / 8;
  const mark = reach / 120;
  const low = (step) => (step.total ? step.to - mark / 2 : Math.min(step.from, step.to)) - floor;
  const drawn = (list, color) => ({
    type: "bar",
    stack: "steps",
    barCategoryGap: "22%",
    color,
    data: list.map((step) =>
      step ? { value: step.total ? mark : Math.abs(step.amount), name: step.name } : "-",
    ),
  });
  const told = bars.map((step) => write(step.total ? step.to : step.amount, step.total ? "short" : "signed"));
  const names = bars.map((step) => step.name);
  const pick = (test) => bars.map((step) => (test(step) ? step : null));
  const option = {
    height: 40 + 34 * bars.length,
    grid: { left: 0, right: 84, top: 4, bottom: 0 },
    tooltip: { show: false },
    xAxis: { type: "value", min: 0, max: 1.25 * reach, show: false },
    yAxis: {
      type: "category",
      inverse: true,
      data: names,
      axisLabel: { color: "var(--ink)", width: 150, overflow: "break" },
    },
    series: [
      { type: "bar", stack: "steps", color: "transparent", silent: true, data: bars.map(low) },
      {
        ...drawn(
          pick((step) => step.total),
          "var(--ink)",
        ),
      },
      {
        ...drawn(
          pick((step) => !step.total && step.amount > 0),
          "var(--teal)",
        ),
      },
      {
        ...drawn(
          pick((step) => !step.total && step.amount < 0),
          "var(--orange)",
        ),
      },
    ].map((each, index) =>
      index
        ? {
            ...each,
            label: {
              show: true,
              position: "right",
              color: "var(--ink)",
              formatter: ({ dataIndex }) => told[dataIndex],
            },
          }
        : each,
    ),
  };
  const columns = [
    { label: say(`cut.${state.cut}`), value: (part) => part.name },
    {
      label: say("column.change"),
      form: "signed",
      value: (part) => part.change,
      tone: (part) => (part.change < 0 ? "bad" : "good"),
    },
    ...FACTORS.filter((factor) => parts.some(({ row }) => row[factor])).map((factor) => ({
      label: say(`factor.${factor}`),
      form: "signed",
      value: ({ row }) => row[factor] ?? 0,
    })),
  ];
  const rows = [
    ...parts,
    ...(rest ? [{ name: say("factor.rest"), change: rest, row: {} }] : []),
    {
      name: say("column.total"),
      change,
      row: Object.fromEntries(
        FACTORS.map((factor) => [
          factor,
          sum(
            parts.map(({ row }) => row),
            factor,
          ),
        ]),
      ),
    },
  ];
  return figure(
    { id: "movers", title, note: say("movers.note"), answers: FILTERS, wide: true },
    controls,
    state.cut === "segment" || state.segment !== ALL ? annotation(say("movers.today")) : null,
    cards,
    chart(
      "steps",
      say("steps.label", { from: write(total.before, "money"), to: write(total.now, "money") }),
      option,
    ),
    numbersOf(tabular(title, columns, rows)),
  );
}
