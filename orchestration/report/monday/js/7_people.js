// Who is slipping, what to do this week, and what earlier actions did.
const LEVELS = ["red", "orange", "yellow"];
const levelName = (level) => named(table("risk").find((row) => row.level === level) ?? { level }, "level");
const levels = () => LEVELS.filter((level) => table("risk").some((row) => row.level === level));
const segmentsOf = (rows) => [...new Set(rows.map((row) => row.segment))].filter((code) => code !== ALL).sort().reverse();

function risk(segment, level) {
  const row = find("risk", { channel: state.channel, segment, level });
  return row ? (row.is_few ? FEW : row) : { people: 0, loss_amount: 0, ltv_amount: 0 };
}
const riskOf = (segment, levels) => {
  const rows = levels.map((level) => risk(segment, level));
  return rows.some((row) => row === FEW) ? FEW : { people: sum(rows, "people"), loss_amount: sum(rows, "loss_amount") };
};

const sorted = { by: "loss_amount", order: "descending", all: false };
function slippingRows() {
  const rows = table("slipping").filter(
    (row) => (state.segment === ALL || row.segment === state.segment) && (state.channel === ALL || row.channel === state.channel),
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
  { name: "customer_id", style: "id", value: (row) => row.customer_id, cell: (row, value) => h("abbr", { title: value }, `${value.slice(0, 10)}…`) },
  { name: "loss_amount", form: "money", value: (row) => row.loss_amount },
  { name: "churn_share", form: "share", value: (row) => row.churn_share, cell: (row, value) => [h("span", { class: `level ${row.level}` }, write(value, "share")), h("small", {}, levelName(row.level))] },
  { name: "level", value: (row) => levelName(row.level), isFileOnly: true },
  { name: "segment", value: (row) => nameOf("segment", row.segment) },
  { name: "days_since_last", form: "count", value: (row) => row.days_since_last, cell: (row, value) => [write(value, "count"), h("small", {}, say("usual", { days: write(row.usual_gap_days, "count") }))] },
  { name: "usual_gap_days", form: "count", value: (row) => row.usual_gap_days, isFileOnly: true },
  { name: "spend_amount", form: "money", value: (row) => row.spend_amount },
  { name: "reasons", style: "prose", value: (row) => row[`reasons_${language}`] || say("reasons.none") },
  { name: "action", style: "prose", value: (row) => named(row, "action"), cell: (row, value) => offer(row, value) },
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
  const headline = urgent === FEW
    ? say("slipping.few")
    : say("slipping.headline", { people: write(urgent.people, "count"), loss: write(urgent.loss_amount, "money"), days: "90" });
  const rows = state.segment === ALL ? [...segmentsOf(table("risk")), ALL] : [state.segment];
  const losses = rows.filter((segment) => segment !== ALL || rows.length === 1).flatMap((segment) => LEVELS.map((level) => risk(segment, level))).filter((row) => row !== FEW);
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
      return [h("span", { class: "heat", style: `--heat:${segment === ALL ? 0 : Math.round((100 * told.loss_amount) / most)}%` }, write(value, "money")), h("small", {}, say("people", { count: write(told.people, "count") }))];
    },
  });
  const columns = [
    { label: say("column.segment"), value: (segment) => (segment === ALL ? say("all.segment") : nameOf("segment", segment)) },
    ...levels().map(levelColumn),
    { label: say("column.all_levels"), form: "money", value: (segment) => { const told = riskOf(segment, LEVELS); return told === FEW ? FEW : told.loss_amount; } },
  ];
  const title = say("risk.title");
  const heat = figure({ id: "risk", title, note: say("risk.note"), answers: ["channel", "segment"], wide: true }, tabular(title, columns, rows, { key: (segment) => segment }));
  return { headline, parts: [heat, slippingList()] };
}

function slippingList() {
  const rows = slippingRows();
  const title = say("list.title");
  const columns = SLIPPING.map((column) => ({ ...column, label: say(`column.${column.name}`) }));
  const files = () => columns.map((column) => column.label);
  const values = () => slippingRows().map((row) => columns.map((column) => column.value(row) ?? ""));
  const sort = (by) => {
    Object.assign(sorted, { by, order: sorted.by === by && sorted.order === "descending" ? "ascending" : "descending" });
    render(["slipping"]);
    document.querySelector(`#list [aria-sort] .sort`)?.focus();
  };
  const limit = sorted.all ? undefined : 15;
  return figure({ id: "list", title, note: say("list.note"), answers: ["channel", "segment"], wide: true },
    rows.length
      ? [
          downloads("customers-at-risk", title, files, values),
          tabular(title, columns.filter((column) => !column.isFileOnly), rows, { key: (row) => row.customer_id, sortable: { ...sorted, sort }, limit }),
          rows.length > 15
            ? h("button", { type: "button", class: "more", on: { click: () => { sorted.all = !sorted.all; render(["slipping"]); } } }, say(sorted.all ? "list.less" : "list.more", { count: write(rows.length, "count") }))
            : null,
        ]
      : nothing("list.empty"));
}

function todo() {
  const plays = where("plays", { segment: state.segment });
  if (!table("plays").length) return { headline: say("absent"), parts: [] };
  const worth = plays.filter((row) => !row.is_few && isNumber(row.value_amount) && row.value_amount > 0).sort((one, other) => other.value_amount - one.value_amount);
  const headline = worth.length
    ? say("todo.headline", { play: named(worth[0], "play"), people: write(worth[0].worthwhile, "count"), value: write(sum(worth, "value_amount"), "money"), cost: write(sum(worth, "cost_amount"), "money") })
    : say("todo.nothing");
  const most = Math.max(...worth.map((row) => row.value_amount), 1);
  const told = (row, column) => (row.is_few ? FEW : counted(row[column]));
  const columns = [
    { label: say("column.play"), value: (row) => named(row, "play") },
    { label: say("column.offer"), style: "prose", value: (row) => named(row, "offer") },
    { label: say("column.named"), form: "count", value: (row) => told(row, "people") },
    { label: say("column.reachable"), form: "count", value: (row) => told(row, "reachable") },
    { label: say("column.worthwhile"), form: "count", value: (row) => told(row, "worthwhile") },
    { label: say("column.cost"), form: "money", value: (row) => (row.is_few ? FEW : row.cost_amount ?? FEW) },
    { label: say("column.value"), form: "money", value: (row) => (row.is_few ? FEW : row.value_amount ?? FEW), cell: (row, value) => [bar(value, most), h("span", {}, write(value, "money"))] },
    { label: say("column.measured"), value: (row) => (row.experiment_count ? say("measured.yes", { count: write(row.experiment_count, "count") }) : say("measured.no")) },
  ];
  const rows = [...plays].sort((one, other) => (other.value_amount ?? -1) - (one.value_amount ?? -1));
  const parts = [figure({ id: "plays", title: say("plays.title"), note: say("plays.note"), answers: ["segment"], wide: true },
    plays.some((row) => !row.experiment_count) ? annotation(say("plays.guess")) : null,
    plays.length ? tabular(say("plays.title"), columns, rows, { key: (row) => row.play }) : nothing("plays.empty"))];
  if (table("audiences").length) parts.push(audiences());
  return { headline, parts };
}
function audiences() {
  const title = say("audiences.title");
  const columns = [
    { label: say("column.audience"), value: (row) => (has(`audience.${row.audience}`) ? say(`audience.${row.audience}`) : row.audience) },
    { label: say("column.contact"), value: (row) => nameOf("marketing", row.channel) },
    { label: say("column.target"), form: "count", value: (row) => counted(row.target_people) },
    { label: say("column.held_out"), form: "count", value: (row) => counted(row.held_out_people) },
    { label: say("column.excluded"), form: "count", value: (row) => counted(row.excluded_people) },
    { label: say("column.mostly"), value: (row) => named(row, "refusal") },
    { label: say("column.value"), form: "money", value: (row) => row.value_amount ?? FEW },
    {
      label: say("column.export"),
      value: (row) => `regulars audiences ${row.audience}`,
      cell: (row, value) => (page.exported.includes(row.audience)
        ? [h("a", { href: `../exports/audiences/${encodeURIComponent(row.audience)}/` }, say("export.open"))]
        : h("code", {}, value)),
    },
  ];
  return figure({ id: "audiences", title, note: say("audiences.note"), wide: true }, tabular(title, columns, table("audiences"), { key: (row) => row.audience }));
}

const TONES = { pays: "good", works: "good", costs_more: "bad", sleeping_dogs: "bad", orders_without_revenue: "bad" };
function worked() {
  const rows = table("campaigns");
  if (!rows.length) return { headline: say("worked.none"), parts: [] };
  const measured = rows.filter((row) => row.is_measurable);
  const good = measured.filter((row) => TONES[row.verdict] === "good");
  const headline = measured.length
    ? say("worked.headline", { measured: write(measured.length, "count"), good: write(good.length, "count"), all: write(rows.length, "count") })
    : say("worked.unmeasured", { all: write(rows.length, "count") });
  const shown = measured.filter((row) => isNumber(row.low_revenue_difference));
  const title = say("effects.title");
  const withArm = (row) => (["treatment", "none"].includes(row.arm) ? row.name : `${row.name} · ${row.arm}`);
  const form = { ...moneyStyle(), maximumFractionDigits: 2, signDisplay: "exceptZero" };
  const option = {
    height: 56 + 46 * shown.length,
    grid: { left: 0, right: 16, top: 6, bottom: 0 },
    xAxis: { type: "value", axisLabel: { formatter: { form } } },
    yAxis: { type: "category", inverse: true, data: shown.map(withArm), axisLabel: { color: "var(--ink)", width: 130, overflow: "break" } },
    series: [
      { type: "custom", mark: "interval", name: say("series.interval"), unlisted: true, color: "var(--slate)", encode: { x: [1, 2], y: 0 }, data: shown.map((row, place) => [place, row.low_revenue_difference, row.high_revenue_difference]), tells: [[say("series.low"), 1, form], [say("series.high"), 2, form]], markLine: { silent: true, symbol: "none", lineStyle: { color: "var(--muted)" }, label: { show: false }, data: [{ xAxis: 0 }] } },
      { type: "scatter", name: say("series.difference"), unlisted: true, symbolSize: 11, color: "var(--teal)", data: shown.map((row, place) => ({ value: [row.revenue_difference, place], name: withArm(row) })), tells: [[say("column.revenue_difference"), 0, form]] },
    ],
  };
  const sentences = h("ul", { class: "verdicts" }, rows.map((row) =>
    h("li", { class: row.is_measurable ? TONES[row.verdict] ?? "even" : "unknown", "data-key": `${row.campaign_id}-${row.arm}` },
      h("p", { class: "name" }, withArm(row), h("small", {}, ` ${row.channel ? nameOf("marketing", row.channel) : ""} · ${row.starts_on ? write(row.starts_on, "day") : ""}`)),
      h("p", {}, named(row, "verdict") + say("stop")),
      isNumber(row.low_revenue_difference)
        ? h("p", { class: "why" }, say("effects.sentence", { value: write(row.revenue_difference, "signedCents"), low: write(row.low_revenue_difference, "signedCents"), high: write(row.high_revenue_difference, "signedCents"), people: write(counted(row.people), "count"), cost: isNumber(row.cost_amount) ? write(row.cost_amount, "money") : say("none.cost") }))
        : null)));
  const parts = [];
  if (shown.length) {
    const columns = [
      { label: say("column.campaign"), value: withArm },
      { label: say("column.revenue_difference"), form: "signedCents", value: (row) => row.revenue_difference },
      { label: say("series.low"), form: "signedCents", value: (row) => row.low_revenue_difference },
      { label: say("series.high"), form: "signedCents", value: (row) => row.high_revenue_difference },
      { label: say("column.members"), form: "count", value: (row) => counted(row.member_count) },
      { label: say("column.cost"), form: "money", value: (row) => row.cost_amount },
    ];
    parts.push(figure({ id: "effects", title, note: say("effects.note"), wide: true }, chart("effects", title, option), numbersOf(tabular(title, columns, shown))));
  }
  parts.push(figure({ id: "verdicts", title: say("verdicts.title"), note: say("verdicts.note"), wide: true }, rows.some((row) => !row.is_measurable) ? annotation(say("verdicts.no_hold_out")) : null, sentences));
  return { headline, parts };
}
