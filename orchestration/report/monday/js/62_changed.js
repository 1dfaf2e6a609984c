// What changed: the key figures, the year week by week, and what moved.
function changed() {
  const parts = [h("div", { class: "tiles" }, TILES.map(tile))];
  const series = weekly((row) => row.net_amount);
  parts.push(
    series.some(isNumber)
      ? weeksFigure(series)
      : figure(
          { id: "weeks", title: say("weeks.title"), answers: FILTERS, wide: true },
          annotation(say("weeks.none")),
        ),
  );
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
      : say(change >= 0 ? "changed.up" : "changed.down", {
          value: write(netOf(now), "money"),
          change: write(Math.abs(change), "share"),
          against: say(`frame.${state.period}.before`),
        }),
  ];
  if (isNumber(expected.low))
    said.push(
      say(
        netOf(now) < expected.low
          ? "changed.below"
          : netOf(now) > expected.high
            ? "changed.above"
            : "changed.within",
      ),
    );
  if (parts.length > 1) said.push(moverSentence(parts[0]));
  else if (parts.length && causes(parts[0].row, parts[0].change).length)
    said.push(say("mover.single", { why: quoted(causes(parts[0].row, parts[0].change).map(cause)) }));
  return said.join(language === "zh" ? "" : " ");
}

function weeksFigure(series) {
  const ends = (back) => addDays(page.as_of, -7 * back - 1);
  const weeks = Array.from({ length: 53 }, (_, index) => 52 - index);
  const label = (back) => addDays(page.as_of, -7 * back - 7);
  const known = weeksKnown();
  const bands =
    state.segment === ALL && state.store === ALL
      ? new Map(
          where("expected_weeks", { place: place(), channel: state.channel }).map((row) => [
            row.weeks_back,
            row,
          ]),
        )
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
            {
              ...line,
              name: say("series.low"),
              data: low,
              stack: "range",
              color: "transparent",
              lineStyle: { opacity: 0 },
              unlisted: true,
            },
            {
              ...line,
              name: say("series.range"),
              data: high.map((value, index) => (isNumber(value) ? value - low[index] : null)),
              stack: "range",
              color: "var(--band)",
              lineStyle: { opacity: 0 },
              areaStyle: { color: "var(--band)", opacity: 1 },
              tells: [],
            },
          ]
        : []),
      {
        ...line,
        name: say("series.year_before"),
        data: before,
        color: "var(--slate)",
        lineStyle: { width: 1.5, type: "dashed" },
      },
      { ...line, name: say("series.week"), data: values, color: "var(--teal)", lineStyle: { width: 2.5 } },
    ],
  };
  const rows = weeks
    .map((back, index) => ({
      is_known: back < known,
      starts_on: label(back),
      ends_on: ends(back),
      value: values[index],
      before: before[index],
      low: low[index],
      high: high[index],
    }))
    .reverse();
  const columns = [
    { label: say("column.week"), form: "text", value: (row) => `${write(row.starts_on, "day")}` },
    { label: say("kpi.net_revenue"), form: "money", value: (row) => row.value ?? (row.is_known ? FEW : null) },
    { label: say("series.year_before"), form: "money", value: (row) => row.before },
    { label: say("series.low"), form: "money", value: (row) => row.low },
    { label: say("series.high"), form: "money", value: (row) => row.high },
  ];
  const title = say("weeks.title");
  return figure(
    {
      id: "weeks",
      title,
      note: say(hasBand ? "weeks.note" : "weeks.note_without"),
      answers: ["region", "store", "channel", "segment"],
      wide: true,
    },
    chart("weeks", title, option),
    numbersOf(tabular(title, columns, rows)),
  );
}
