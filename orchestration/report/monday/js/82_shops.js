// How shops and shelves stand.
function shops() {
  const stores = (state.store !== ALL ? [state.store] : options.store().filter((code) => code !== ALL)).map(
    (code) => ({ code }),
  );
  // What is known of a store as a whole alone.
  const isWhole = state.channel === ALL && state.segment === ALL;
  const sold = (code, frame) =>
    isKnown(frame) ? find("stores", { period: state.period, frame, place: code }) : undefined;
  const money = (code, frame) => {
    const row = cell(frame, { place: code });
    return typeof row === "string" ? row : netOf(row);
  };
  const change =
    (frame) =>
    ({ code }) => {
      const [now, then] = [money(code, "now"), money(code, frame)];
      return typeof now === "string" ? now : typeof then === "string" ? then : changeOf(now, then);
    };
  const field =
    (column) =>
    ({ code }) => {
      const row = sold(code, "now");
      return !isWhole ? NOT_SO : row ? (row.is_few ? FEW : counted(row[column])) : 0;
    };
  const moves = (kpi) => ({ code }) => moved(kpi, "now", code);
  const buyers = ({ code }) => {
    const row = cell("now", { place: code });
    return typeof row === "string" ? row : row.buyers;
  };
  const peers = ({ code }) => {
    const row = sold(code, "now");
    return !isWhole
      ? NOT_SO
      : row
      ? row.is_few
        ? FEW
        : isNumber(row.peer_amount) && row.peer_amount > 0
          ? row.net_amount / row.peer_amount - 1
          : null
      : null;
  };
  const order = ({ code }) => (isNumber(money(code, "now")) ? money(code, "now") : -1);
  stores.sort((one, other) => order(other) - order(one));
  const most = Math.max(...stores.map(order), 1);
  const parts = [];
  const shelves = table("shelves").filter((row) =>
    state.store !== ALL
      ? row.place === state.store
      : state.region === ALL || regionOf.get(row.place) === state.region,
  );
  const empty = shelves.filter((row) => row.status === "out");
  const best = stores
    .map((row) => ({ ...row, beyond: peers(row) }))
    .filter((row) => isNumber(row.beyond))
    .sort((one, other) => one.beyond - other.beyond)[0];
  const said = [];
  if (best && stores.length > 1 && best.beyond < 0)
    said.push(
      say("shops.headline", { store: nameOf("store", best.code), share: write(-best.beyond, "share") }),
    );
  if (shelves.length)
    said.push(
      say("shelves.headline", {
        out: write(sum(empty, "shelves"), "count"),
        lost: write(sum(shelves, "lost_amount"), "money"),
        orders: write(sum(shelves, "reorder_quantity"), "count"),
      }),
    );
  const tone = (_, value) => (isNumber(value) ? (value < 0 ? "bad" : "good") : "");
  if (table("stores").length) {
    const columns = [
      { label: say("column.store"), value: ({ code }) => nameOf("store", code) },
      {
        label: say("kpi.net_revenue"),
        form: "money",
        value: ({ code }) => money(code, "now"),
        cell: (_, value) => [bar(value, most), h("span", {}, write(value, "money"))],
      },
      { label: say(`frame.${state.period}.before`), form: "change", value: change("before"), tone },
      {
        label: say("frame.year_before"),
        form: "change",
        value: change(state.period === "year" ? "before" : "year_before"),
        tone,
      },
      { label: say("column.peers"), form: "change", value: peers, tone },
      { label: say("kpi.buyers"), form: "count", value: buyers },
      {
        label: say("column.member_share"),
        form: "share",
        value: (row) => divided(field("member_purchases")(row), field("people")(row)),
      },
      { label: say("column.new_here"), form: "count", value: moves("new_customers") },
      { label: say("column.lost_here"), form: "count", value: moves("churned_customers") },
    ];
    const title = say("stores.title");
    parts.push(
      figure(
        { id: "stores", title, note: say("stores.note"), answers: FILTERS, wide: true },
        stores.length
          ? tabular(title, columns, stores, { key: ({ code }) => code })
          : nothing("stores.empty"),
      ),
    );
  }
  if (table("shelves").length) parts.push(shelvesFigure(shelves), ordersFigure());
  if (table("demand").length) parts.push(demand());
  return {
    headline: said.join(language === "zh" ? "" : " ") || say(parts.length ? "shops.plain" : "absent"),
    parts,
  };
}
const STATUSES = ["out", "low", "healthy", "slow", "over", "dead"];
function shelvesFigure(shelves) {
  const title = say("shelves.title");
  const rows = STATUSES.map((status) => ({ status, rows: shelves.filter((row) => row.status === status) }));
  const total = sum(shelves, "shelves");
  const columns = [
    { label: say("column.status"), value: ({ status }) => say(`status.${status}`) },
    {
      label: say("column.shelves"),
      form: "count",
      value: (row) => sum(row.rows, "shelves"),
      cell: (row, value) => [bar(value, total), h("span", {}, write(value, "count"))],
    },
    { label: say("column.stock"), form: "money", value: (row) => sum(row.rows, "stock_amount") },
    { label: say("column.lost"), form: "money", value: (row) => sum(row.rows, "lost_amount") },
    { label: say("column.overstock"), form: "money", value: (row) => sum(row.rows, "overstock_amount") },
  ];
  return figure(
    { id: "shelves", title, note: say("shelves.note"), why: say("shelves.why"), answers: ["region", "store"] },
    tabular(title, columns, rows, { key: ({ status }) => status }),
  );
}
function ordersFigure() {
  const title = say("to_order.title");
  const rows = table("orders_to_place").filter((row) =>
    state.store !== ALL
      ? row.place === state.store
      : state.region === ALL || regionOf.get(row.place) === state.region,
  );
  const columns = [
    { label: say("column.product"), value: (row) => row.product },
    { label: say("column.store"), value: (row) => row.store },
    { label: say("column.left"), form: "count", value: (row) => row.on_hand_quantity },
    { label: say("column.order_units"), form: "count", value: (row) => row.reorder_quantity },
    {
      label: say("column.transfer"),
      value: (row) =>
        row.transfer_quantity
          ? say("transfer", {
              count: write(row.transfer_quantity, "count"),
              store: row.transfer_store,
            })
          : "",
    },
    { label: say("column.lost"), form: "money", value: (row) => row.lost_amount },
  ];
  return figure(
    { id: "to_order", title, note: say("to_order.note"), why: say("shelves.why"), answers: ["region", "store"] },
    rows.length
      ? [
          downloads(
            "orders-to-place",
            title,
            () => columns.map((column) => column.label),
            () => rows.map((row) => columns.map((column) => column.value(row))),
          ),
          tabular(title, columns, rows, { limit: 10 }),
        ]
      : nothing("to_order.empty"),
  );
}
function demand() {
  const title = say("demand.title");
  const rows = table("demand");
  const form = countForm;
  const option = {
    height: 40 + 32 * rows.length,
    grid: { left: 0, right: 16, top: 4, bottom: 0 },
    xAxis: { type: "value", axisLabel: { formatter: { form } } },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => nameOf("category", row.category)),
      axisLabel: { color: "var(--ink)" },
    },
    series: [
      {
        type: "custom",
        mark: "interval",
        name: say("series.range"),
        unlisted: true,
        color: "var(--slate)",
        encode: { x: [1, 2], y: 0 },
        data: rows.map((row, index) => [index, row.low_quantity, row.high_quantity]),
        tells: [
          [say("series.low"), 1, form],
          [say("series.high"), 2, form],
        ],
      },
      {
        type: "scatter",
        name: say("column.expected"),
        unlisted: true,
        symbolSize: 10,
        color: "var(--teal)",
        data: rows.map((row, index) => [row.expected_quantity, index]),
        tells: [[say("column.expected"), 0, form]],
      },
    ],
  };
  const columns = [
    { label: say("column.category"), value: (row) => nameOf("category", row.category) },
    { label: say("column.expected"), form: "count", value: (row) => row.expected_quantity },
    { label: say("series.low"), form: "count", value: (row) => row.low_quantity },
    { label: say("series.high"), form: "count", value: (row) => row.high_quantity },
  ];
  return figure(
    { id: "demand", title, note: say("demand.note"), why: say("demand.why"), wide: true },
    chart("demand", title, option),
    numbersOf(tabular(title, columns, rows)),
  );
}
