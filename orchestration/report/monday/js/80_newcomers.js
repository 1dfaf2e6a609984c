// Where new customers come from, and what they cost.
const MONTHS = { week: 1, four_weeks: 1, month: 1, quarter: 3, year: 12 };
// The last whole months that the period stands for.
function monthsOf(name, column) {
  const all = [
    ...new Set(
      table(name)
        .filter((row) => row.is_complete)
        .map((row) => row[column]),
    ),
  ].sort();
  return all.slice(-MONTHS[state.period]);
}
// Of those, or of as many before them, the latest for which a window of days is over for all.
function monthsOver(name, column, count) {
  const rows = table(name).filter((row) => row.is_complete);
  const open = new Set(
    rows
      .filter((row) => !row.is_few && (row[count] === null || row[count] === undefined))
      .map((row) => row[column]),
  );
  const over = [...new Set(rows.map((row) => row[column]))].sort().filter((month) => !open.has(month));
  return over.slice(-MONTHS[state.period]);
}
const headed = (label, months) => h("span", {}, label, h("small", {}, monthsSaid(months)));
const monthsSaid = (months) =>
  months.length > 1
    ? `${write(months[0], "month")} – ${write(months.at(-1), "month")}`
    : months.length
      ? write(months[0], "month")
      : "";
// A sum over months; of what is not over in one of them, or of too few people, none.
function added(rows, column) {
  if (rows.some((row) => row.is_few || row[column] === -1)) return FEW;
  if (rows.some((row) => row[column] === null || row[column] === undefined)) return NOT_YET;
  return sum(rows, column);
}
const divided = (part, whole) =>
  typeof part === "string" ? part : typeof whole === "string" ? whole : whole ? part / whole : null;

function newcomers() {
  const months = monthsOf("newcomers", "cohort_month");
  const channels = CUTS.channel().map(({ channel }) => channel);
  const of = (channel, list = months) =>
    where("newcomers", { ...chosen(), channel }).filter((row) => list.includes(row.cohort_month));
  const rows = channels.map((channel) => ({ channel, rows: of(channel) }));
  const everybody = added(of(state.channel), "people");
  const best = rows
    .map((row) => ({ ...row, people: added(row.rows, "people") }))
    .filter((row) => isNumber(row.people))
    .sort((one, other) => other.people - one.people)[0];
  const headline =
    !months.length || !isNumber(everybody)
      ? say(months.length ? "newcomers.few" : "absent")
      : !best?.people
        ? say("newcomers.none", { months: monthsSaid(months) })
        : say("newcomers.headline", {
            months: monthsSaid(months),
            people: write(everybody, "count"),
            channel: nameOf("channel", best.channel),
            count: write(best.people, "count"),
          });
  const parts = [];
  if (table("newcomers").length) {
    const shown = [
      ...new Set(
        table("newcomers")
          .filter((row) => row.is_complete)
          .map((row) => row.cohort_month),
      ),
    ]
      .sort()
      .slice(-13);
    const shares = (channel) =>
      shown.map((month) => {
        const [row] = of(channel, [month]);
        const value = row ? divided(added([row], "within_60"), added([row], "people")) : null;
        return isNumber(value) ? value : null;
      });
    const open = shown.filter((month) =>
      channels.some((channel) =>
        of(channel, [month]).some(
          (row) => !row.is_few && (row.within_60 === null || row.within_60 === undefined),
        ),
      ),
    );
    const colours = ["teal", "sky", "orange", "violet", "slate", "red"];
    const title = say("second.title");
    const option = {
      height: 260,
      grid: { top: 12 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", boundaryGap: false, data: shown.map((month) => write(month, "month")) },
      yAxis: { type: "value", axisLabel: { formatter: { form: shareForm } } },
      series: channels.map((channel, place) => ({
        type: "line",
        name: nameOf("channel", channel),
        data: shares(channel),
        color: `var(--${colours[place % colours.length]})`,
        symbol: "circle",
        symbolSize: 6,
        lineStyle: { width: 2 },
        form: shareForm,
      })),
    };
    const within = (days) => {
      const over = monthsOver("newcomers", "cohort_month", `within_${days}`);
      const value = ({ channel }) =>
        divided(added(of(channel, over), `within_${days}`), added(of(channel, over), "people"));
      return { label: headed(say("column.within", { days }), over), form: "share", value };
    };
    const columns = [
      { label: say("column.first_channel"), value: (row) => nameOf("channel", row.channel) },
      { label: headed(say("column.new"), months), form: "count", value: (row) => added(row.rows, "people") },
      ...[30, 60, 90].map(within),
    ];
    const monthly = shown.map((month) => ({ month })).reverse();
    parts.push(
      figure(
        { id: "second", title, note: say("second.note"), answers: FILTERS },
        open.length
          ? annotation(say("second.open", { months: quoted(open.map((month) => write(month, "month"))) }))
          : null,
        chart("second", title, option),
        numbersOf(
          tabular(
            title,
            [
              { label: say("column.month"), value: ({ month }) => write(month, "month") },
              ...channels.map((channel) => ({
                label: nameOf("channel", channel),
                form: "share",
                value: ({ month }) => {
                  const [row] = of(channel, [month]);
                  return row ? divided(added([row], "within_60"), added([row], "people")) : null;
                },
              })),
            ],
            monthly,
          ),
        ),
      ),
    );
    parts.push(
      figure(
        {
          id: "first_purchases",
          title: say("newcomers.title"),
          note: say("newcomers.note"),
          answers: FILTERS,
        },
        tabular(say("newcomers.title"), columns, rows, { key: (row) => row.channel }),
      ),
    );
  }
  if (table("acquisition").length) parts.push(acquisition());
  return { headline, parts };
}
function acquisition() {
  const months = monthsOf("acquisition", "performance_month");
  const rows = [...new Set(table("acquisition").map((row) => row.channel))]
    .map((channel) => ({
      channel,
      rows: table("acquisition").filter(
        (row) => row.channel === channel && months.includes(row.performance_month),
      ),
    }))
    .filter((row) => row.rows.some((each) => each.is_few || each.people || each.spend_amount));
  // What a month without spend cost nobody knows; who was not won is worth nothing.
  const paid = (row) => row.rows.filter((each) => isNumber(each.spend_amount));
  const won = (row) => row.rows.filter((each) => each.people !== 0);
  const spend = (row) => (paid(row).length ? sum(paid(row), "spend_amount") : null);
  const people = (row) => added(row.rows, "people");
  const order = (row) => (isNumber(people(row)) ? people(row) : -1);
  rows.sort((one, other) => order(other) - order(one));
  const most = Math.max(...rows.map(order), 1);
  const worth = (row) => {
    const [so_far, expected] = [added(won(row), "revenue_amount"), added(won(row), "predicted_amount")];
    return typeof so_far === "string" ? so_far : typeof expected === "string" ? expected : so_far + expected;
  };
  const columns = [
    { label: say("column.marketing_channel"), value: (row) => nameOf("marketing", row.channel) },
    {
      label: say("column.won"),
      form: "count",
      value: people,
      cell: (row, value) => [bar(value, most), h("span", {}, write(value, "count"))],
    },
    { label: say("column.spend"), form: "money", value: spend },
    {
      label: say("column.cac"),
      form: "cents",
      value: (row) => (spend(row) === null ? null : divided(spend(row), added(paid(row), "people"))),
    },
    ...["activated", "retained"].map((step) => {
      const over = monthsOver("acquisition", "performance_month", step);
      const of = (row) =>
        table("acquisition").filter(
          (each) => each.channel === row.channel && over.includes(each.performance_month),
        );
      return {
        label: headed(say(`column.${step}`), over),
        form: "share",
        value: (row) => divided(added(of(row), step), added(of(row), "people")),
      };
    }),
    { label: say("column.worth"), form: "cents", value: (row) => divided(worth(row), people(row)) },
  ];
  return figure(
    {
      id: "acquisition",
      title: say("acquisition.title", { months: monthsSaid(months) }),
      note: say("acquisition.note"),
      why: say("acquisition.why"),
      wide: true,
    },
    tabular(say("acquisition.title", { months: "" }), columns, rows, { key: (row) => row.channel }),
  );
}
