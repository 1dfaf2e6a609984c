// Who is slipping: what is expected to be lost, and the list of those with most to lose.
const LEVELS = ["red", "orange", "yellow"];
const levelName = (level) => named(table("risk").find((row) => row.level === level) ?? { level }, "level");
const levels = () => LEVELS.filter((level) => table("risk").some((row) => row.level === level));
const segmentsOf = (rows) =>
  [...new Set(rows.map((row) => row.segment))]
    .filter((code) => code !== ALL)
    .sort()
    .reverse();

function risk(segment, level) {
  const row = find("risk", { ...chosen(), segment, level });
  return row ? (row.is_few ? FEW : row) : { people: 0, loss_amount: 0, ltv_amount: 0 };
}
const riskOf = (segment, levels) => {
  const rows = levels.map((level) => risk(segment, level));
  return rows.some((row) => row === FEW)
    ? FEW
    : { people: sum(rows, "people"), loss_amount: sum(rows, "loss_amount") };
};

const sorted = { by: "loss_amount", order: "descending", all: false };
function slippingRows() {
  const rows = table("slipping").filter(
    (row) =>
      (state.segment === ALL || row.segment === state.segment) &&
      (state.channel === ALL || row.channel === state.channel) &&
      [ALL, row.region, row.home].includes(place()),
  );
  const sign = sorted.order === "ascending" ? 1 : -1;
  const column = SLIPPING.find(({ name }) => name === sorted.by);
  return [...rows].sort((one, other) => {
    const [a, b] = [column.value(one), column.value(other)];
    if (a === b) return one.customer_id < other.customer_id ? -1 : 1;
    if (a === null || a === undefined) return 1;
    if (b === null || b === undefined) return -1;
    return sign * (a < b ? -1 : 1);
  });
}
const SLIPPING = [
  {
    name: "customer_id",
    style: "id",
    value: (row) => row.customer_id,
    cell: (row, value) => h("abbr", { title: value }, `${value.slice(0, 10)}…`),
  },
  { name: "loss_amount", form: "money", value: (row) => row.loss_amount },
  {
    name: "churn_share",
    form: "share",
    value: (row) => row.churn_share,
    cell: (row, value) => [
      h("span", { class: `level ${row.level}` }, write(value, "share")),
      h("small", {}, levelName(row.level)),
    ],
  },
  { name: "level", value: (row) => levelName(row.level), isFileOnly: true },
  { name: "segment", value: (row) => nameOf("segment", row.segment) },
  {
    name: "days_since_last",
    form: "count",
    value: (row) => row.days_since_last,
    cell: (row, value) => [
      write(value, "count"),
      h("small", {}, say("usual", { days: write(row.usual_gap_days, "count") })),
    ],
  },
  { name: "usual_gap_days", form: "count", value: (row) => row.usual_gap_days, isFileOnly: true },
  { name: "spend_amount", form: "money", value: (row) => row.spend_amount },
  { name: "reasons", style: "prose", value: (row) => row[`reasons_${language}`] || say("reasons.none") },
  {
    name: "action",
    style: "prose",
    value: (row) => named(row, "action"),
    cell: (row, value) => offer(row, value),
  },
  { name: "contact", value: (row) => named(row, "contact"), isFileOnly: true },
  { name: "refusal", value: (row) => named(row, "refusal"), isFileOnly: true },
];
function offer(row, action) {
  const [refusal, contact] = [named(row, "refusal"), named(row, "contact")];
  if (refusal) return [action, h("small", { class: "refused" }, say("contact.refused", { why: refusal }))];
  return contact ? [action, h("small", {}, say("contact.by", { channel: contact }))] : [action];
}

function slipping() {
  if (!table("risk").length) return { headline: say("absent"), parts: [] };
  const urgent = riskOf(state.segment, ["red", "orange"]);
  const headline =
    urgent === FEW
      ? say("slipping.few")
      : say("slipping.headline", {
          people: write(urgent.people, "count"),
          loss: write(urgent.loss_amount, "money"),
          days: "90",
        });
  const rows = state.segment === ALL ? [...segmentsOf(table("risk")), ALL] : [state.segment];
  const losses = rows
    .filter((segment) => segment !== ALL || rows.length === 1)
    .flatMap((segment) => LEVELS.map((level) => risk(segment, level)))
    .filter((row) => row !== FEW);
  const most = Math.max(...losses.map((row) => row.loss_amount), 1);
  const levelColumn = (level) => ({
    name: level,
    label: levelName(level),
    form: "money",
    value: (segment) => (risk(segment, level) === FEW ? FEW : risk(segment, level).loss_amount),
    cell(segment, value) {
      const told = risk(segment, level);
      if (told === FEW) return write(FEW);
      if (!told.people) return "–";
      return [
        h(
          "span",
          {
            class: "heat",
            style: `--heat:${segment === ALL ? 0 : Math.round((100 * told.loss_amount) / most)}%`,
          },
          write(value, "money"),
        ),
        h("small", {}, say("people", { count: write(told.people, "count") })),
      ];
    },
  });
  const columns = [
    {
      label: say("column.segment"),
      value: (segment) => (segment === ALL ? say("all.segment") : nameOf("segment", segment)),
    },
    ...levels().map(levelColumn),
    {
      label: say("column.all_levels"),
      form: "money",
      value: (segment) => {
        const told = riskOf(segment, LEVELS);
        return told === FEW ? FEW : told.loss_amount;
      },
    },
  ];
  const title = say("risk.title");
  const heat = figure(
    { id: "risk", title, note: say("risk.note"), answers: FILTERS, wide: true },
    tabular(title, columns, rows, { key: (segment) => segment }),
  );
  return { headline, parts: [heat, slippingList()] };
}

function slippingList() {
  const rows = slippingRows();
  const title = say("list.title");
  const columns = SLIPPING.map((column) => ({ ...column, label: say(`column.${column.name}`) }));
  const files = () => columns.map((column) => column.label);
  const values = () => slippingRows().map((row) => columns.map((column) => column.value(row) ?? ""));
  const sort = (by) => {
    Object.assign(sorted, {
      by,
      order: sorted.by === by && sorted.order === "descending" ? "ascending" : "descending",
    });
    render(["slipping"]);
    document.querySelector(`#list [aria-sort] .sort`)?.focus();
  };
  const limit = sorted.all ? undefined : 15;
  return figure(
    { id: "list", title, note: say("list.note"), answers: FILTERS, wide: true },
    rows.length
      ? [
          downloads("customers-at-risk", title, files, values),
          tabular(
            title,
            columns.filter((column) => !column.isFileOnly),
            rows,
            { key: (row) => row.customer_id, sortable: { ...sorted, sort }, limit },
          ),
          rows.length > 15
            ? h(
                "button",
                {
                  type: "button",
                  class: "more",
                  on: {
                    click: () => {
                      sorted.all = !sorted.all;
                      render(["slipping"]);
                    },
                  },
                },
                say(sorted.all ? "list.less" : "list.more", { count: write(rows.length, "count") }),
              )
            : null,
        ]
      : nothing("list.empty"),
  );
}
