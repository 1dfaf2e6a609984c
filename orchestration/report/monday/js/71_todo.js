// What to do this week: plays, and audiences that can be exported.
function todo() {
  const plays = where("plays", chosen());
  if (!table("plays").length) return { headline: say("absent"), parts: [] };
  const worth = plays
    .filter((row) => !row.is_few && isNumber(row.value_amount) && row.value_amount > 0)
    .sort((one, other) => other.value_amount - one.value_amount);
  const headline = worth.length
    ? say("todo.headline", {
        play: named(worth[0], "play"),
        people: write(worth[0].worthwhile, "count"),
        value: write(sum(worth, "value_amount"), "money"),
        cost: write(sum(worth, "cost_amount"), "money"),
      })
    : say("todo.nothing");
  const most = Math.max(...worth.map((row) => row.value_amount), 1);
  const told = (row, column) => (row.is_few ? FEW : counted(row[column]));
  const columns = [
    { label: say("column.play"), value: (row) => named(row, "play") },
    { label: say("column.offer"), style: "prose", value: (row) => named(row, "offer") },
    { label: say("column.named"), form: "count", value: (row) => told(row, "people") },
    { label: say("column.reachable"), form: "count", value: (row) => told(row, "reachable") },
    { label: say("column.worthwhile"), form: "count", value: (row) => told(row, "worthwhile") },
    {
      label: say("column.cost"),
      form: "money",
      value: (row) => (row.is_few ? FEW : (row.cost_amount ?? FEW)),
    },
    {
      label: say("column.value"),
      form: "money",
      value: (row) => (row.is_few ? FEW : (row.value_amount ?? FEW)),
      cell: (row, value) => [bar(value, most), h("span", {}, write(value, "money"))],
    },
    {
      label: say("column.measured"),
      value: (row) =>
        row.experiment_count
          ? say("measured.yes", { count: write(row.experiment_count, "count") })
          : say("measured.no"),
    },
  ];
  const rows = [...plays].sort((one, other) => (other.value_amount ?? -1) - (one.value_amount ?? -1));
  const parts = [
    figure(
      { id: "plays", title: say("plays.title"), note: say("plays.note"), answers: FILTERS, wide: true },
      plays.some((row) => !row.experiment_count) ? annotation(say("plays.guess")) : null,
      plays.length
        ? tabular(say("plays.title"), columns, rows, { key: (row) => row.play })
        : nothing("plays.empty"),
    ),
  ];
  if (table("audiences").length) parts.push(audiences());
  return { headline, parts };
}
function audiences() {
  const title = say("audiences.title");
  const told = (row, column) => (row.is_few ? FEW : counted(row[column]));
  const rows = where("audiences", chosen()).sort(
    (one, other) => (other.value_amount ?? -1) - (one.value_amount ?? -1),
  );
  const columns = [
    {
      label: say("column.audience"),
      value: (row) => (has(`audience.${row.audience}`) ? say(`audience.${row.audience}`) : row.audience),
    },
    { label: say("column.contact"), value: (row) => nameOf("marketing", row.contact) },
    { label: say("column.target"), form: "count", value: (row) => told(row, "target_people") },
    { label: say("column.held_out"), form: "count", value: (row) => told(row, "held_out_people") },
    { label: say("column.excluded"), form: "count", value: (row) => told(row, "excluded_people") },
    { label: say("column.mostly"), value: (row) => named(row, "refusal") },
    { label: say("column.value"), form: "money", value: (row) => row.value_amount ?? FEW },
    {
      label: say("column.export"),
      value: (row) => `regulars audiences ${row.audience}`,
      cell: (row, value) =>
        page.exported.includes(row.audience)
          ? [
              h(
                "a",
                { href: `../exports/audiences/${encodeURIComponent(row.audience)}/` },
                say("export.open"),
              ),
            ]
          : h("code", {}, value),
    },
  ];
  return figure(
    { id: "audiences", title, note: say("audiences.note"), answers: FILTERS, wide: true },
    rows.length ? tabular(title, columns, rows, { key: (row) => row.audience }) : nothing("audiences.empty"),
  );
}
