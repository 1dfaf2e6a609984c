// What earlier campaigns did, beside those who were left alone.
const TONES = {
  pays: "good",
  works: "good",
  costs_more: "bad",
  sleeping_dogs: "bad",
  orders_without_revenue: "bad",
};
function worked() {
  const rows = table("campaigns");
  if (!rows.length) return { headline: say("worked.none"), parts: [] };
  const measured = rows.filter((row) => row.is_measurable);
  const good = measured.filter((row) => TONES[row.verdict] === "good");
  const headline = measured.length
    ? say("worked.headline", {
        measured: write(measured.length, "count"),
        good: write(good.length, "count"),
        all: write(rows.length, "count"),
      })
    : say("worked.unmeasured", { all: write(rows.length, "count") });
  const shown = measured.filter((row) => isNumber(row.low_revenue_difference));
  const title = say("effects.title");
  const withArm = (row) => (["treatment", "none"].includes(row.arm) ? row.name : `${row.name} · ${row.arm}`);
  const form = { ...moneyStyle(), maximumFractionDigits: 2, signDisplay: "exceptZero" };
  const option = {
    height: 56 + 46 * shown.length,
    grid: { left: 0, right: 16, top: 6, bottom: 0 },
    xAxis: { type: "value", axisLabel: { formatter: { form } } },
    yAxis: {
      type: "category",
      inverse: true,
      data: shown.map(withArm),
      axisLabel: { color: "var(--ink)", width: 130, overflow: "break" },
    },
    series: [
      {
        type: "custom",
        mark: "interval",
        name: say("series.interval"),
        unlisted: true,
        color: "var(--slate)",
        encode: { x: [1, 2], y: 0 },
        data: shown.map((row, place) => [place, row.low_revenue_difference, row.high_revenue_difference]),
        tells: [
          [say("series.low"), 1, form],
          [say("series.high"), 2, form],
        ],
        markLine: {
          silent: true,
          symbol: "none",
          lineStyle: { color: "var(--muted)" },
          label: { show: false },
          data: [{ xAxis: 0 }],
        },
      },
      {
        type: "scatter",
        name: say("series.difference"),
        unlisted: true,
        symbolSize: 11,
        color: "var(--teal)",
        data: shown.map((row, place) => ({ value: [row.revenue_difference, place], name: withArm(row) })),
        tells: [[say("column.revenue_difference"), 0, form]],
      },
    ],
  };
  const sentences = h(
    "ul",
    { class: "verdicts" },
    rows.map((row) =>
      h(
        "li",
        {
          class: row.is_measurable ? (TONES[row.verdict] ?? "even") : "unknown",
          "data-key": `${row.campaign_id}-${row.arm}`,
        },
        h(
          "p",
          { class: "name" },
          withArm(row),
          h(
            "small",
            {},
            ` ${row.channel ? nameOf("marketing", row.channel) : ""} · ${row.starts_on ? write(row.starts_on, "day") : ""}`,
          ),
        ),
        h("p", {}, named(row, "verdict") + say("stop")),
        isNumber(row.low_revenue_difference)
          ? h(
              "p",
              { class: "why" },
              say("effects.sentence", {
                value: write(row.revenue_difference, "signedCents"),
                low: write(row.low_revenue_difference, "signedCents"),
                high: write(row.high_revenue_difference, "signedCents"),
                people: write(counted(row.people), "count"),
                cost: isNumber(row.cost_amount) ? write(row.cost_amount, "money") : say("none.cost"),
              }),
            )
          : null,
      ),
    ),
  );
  const parts = [];
  if (shown.length) {
    const columns = [
      { label: say("column.campaign"), value: withArm },
      {
        label: say("column.revenue_difference"),
        form: "signedCents",
        value: (row) => row.revenue_difference,
      },
      { label: say("series.low"), form: "signedCents", value: (row) => row.low_revenue_difference },
      { label: say("series.high"), form: "signedCents", value: (row) => row.high_revenue_difference },
      { label: say("column.members"), form: "count", value: (row) => counted(row.member_count) },
      { label: say("column.cost"), form: "money", value: (row) => row.cost_amount },
    ];
    parts.push(
      figure(
        { id: "effects", title, note: say("effects.note"), why: say("worked.why"), wide: true },
        chart("effects", title, option),
        numbersOf(tabular(title, columns, shown)),
      ),
    );
  }
  parts.push(
    figure(
      {
        id: "verdicts",
        title: say("verdicts.title"),
        note: say("verdicts.note"),
        why: say("worked.why"),
        wide: true,
      },
      rows.some((row) => !row.is_measurable) ? annotation(say("verdicts.no_hold_out")) : null,
      sentences,
    ),
  );
  return { headline, parts };
}
