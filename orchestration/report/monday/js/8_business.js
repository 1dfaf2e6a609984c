// Where new customers come from, how we live, and how shops and shelves stand.
const MONTHS = { week: 1, four_weeks: 1, month: 1, quarter: 3, year: 12 };
// The last whole months that the period stands for.
function monthsOf(name, column) {
  const all = [...new Set(table(name).filter((row) => row.is_complete).map((row) => row[column]))].sort();
  return all.slice(-MONTHS[state.period]);
}
// Of those, or of as many before them, the latest for which a window of days is over for all.
function monthsOver(name, column, count) {
  const rows = table(name).filter((row) => row.is_complete);
  const open = new Set(rows.filter((row) => !row.is_few && (row[count] === null || row[count] === undefined)).map((row) => row[column]));
  const over = [...new Set(rows.map((row) => row[column]))].sort().filter((month) => !open.has(month));
  return over.slice(-MONTHS[state.period]);
}
const headed = (label, months) => h("span", {}, label, h("small", {}, monthsSaid(months)));
const monthsSaid = (months) => (months.length > 1 ? `${write(months[0], "month")} – ${write(months.at(-1), "month")}` : months.length ? write(months[0], "month") : "");
// A sum over months; of what is not over in one of them, or of too few people, none.
function added(rows, column) {
  if (rows.some((row) => row.is_few || row[column] === -1)) return FEW;
  if (rows.some((row) => row[column] === null || row[column] === undefined)) return NOT_YET;
  return sum(rows, column);
}
const divided = (part, whole) => (typeof part === "string" ? part : typeof whole === "string" ? whole : whole ? part / whole : null);

function newcomers() {
  const months = monthsOf("newcomers", "cohort_month");
  const channels = CUTS.channel().map(({ channel }) => channel);
  const of = (channel, list = months) => table("newcomers").filter((row) => row.channel === channel && list.includes(row.cohort_month));
  const rows = channels.map((channel) => ({ channel, rows: of(channel) }));
  const everybody = added(of(state.channel), "people");
  const best = rows.map((row) => ({ ...row, people: added(row.rows, "people") })).filter((row) => isNumber(row.people)).sort((one, other) => other.people - one.people)[0];
  const headline = !months.length || !isNumber(everybody)
    ? say(months.length ? "newcomers.few" : "absent")
    : !best?.people ? say("newcomers.none", { months: monthsSaid(months) }) : say("newcomers.headline", { months: monthsSaid(months), people: write(everybody, "count"), channel: nameOf("channel", best.channel), count: write(best.people, "count") });
  const parts = [];
  if (table("newcomers").length) {
    const shown = [...new Set(table("newcomers").filter((row) => row.is_complete).map((row) => row.cohort_month))].sort().slice(-13);
    const shares = (channel) => shown.map((month) => {
      const [row] = of(channel, [month]);
      const value = row ? divided(added([row], "within_60"), added([row], "people")) : null;
      return isNumber(value) ? value : null;
    });
    const open = shown.filter((month) => channels.some((channel) => of(channel, [month]).some((row) => !row.is_few && (row.within_60 === null || row.within_60 === undefined))));
    const colours = ["teal", "sky", "orange", "violet", "slate", "red"];
    const title = say("second.title");
    const option = {
      height: 260,
      grid: { top: 12 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", boundaryGap: false, data: shown.map((month) => write(month, "month")) },
      yAxis: { type: "value", axisLabel: { formatter: { form: shareForm } } },
      series: channels.map((channel, place) => ({ type: "line", name: nameOf("channel", channel), data: shares(channel), color: `var(--${colours[place % colours.length]})`, symbol: "circle", symbolSize: 6, lineStyle: { width: 2 }, form: shareForm })),
    };
    const within = (days) => {
      const over = monthsOver("newcomers", "cohort_month", `within_${days}`);
      const value = ({ channel }) => divided(added(of(channel, over), `within_${days}`), added(of(channel, over), "people"));
      return { label: headed(say("column.within", { days }), over), form: "share", value };
    };
    const columns = [
      { label: say("column.first_channel"), value: (row) => nameOf("channel", row.channel) },
      { label: headed(say("column.new"), months), form: "count", value: (row) => added(row.rows, "people") },
      ...[30, 60, 90].map(within),
    ];
    const monthly = shown.map((month) => ({ month })).reverse();
    parts.push(figure({ id: "second", title, note: say("second.note"), answers: ["channel"] },
      open.length ? annotation(say("second.open", { months: quoted(open.map((month) => write(month, "month"))) })) : null,
      chart("second", title, option),
      numbersOf(tabular(title, [{ label: say("column.month"), value: ({ month }) => write(month, "month") }, ...channels.map((channel) => ({ label: nameOf("channel", channel), form: "share", value: ({ month }) => { const [row] = of(channel, [month]); return row ? divided(added([row], "within_60"), added([row], "people")) : null; } }))], monthly))));
    parts.push(figure({ id: "first_purchases", title: say("newcomers.title"), note: say("newcomers.note"), answers: ["channel"] }, tabular(say("newcomers.title"), columns, rows, { key: (row) => row.channel })));
  }
  if (table("acquisition").length) parts.push(acquisition());
  return { headline, parts };
}
function acquisition() {
  const months = monthsOf("acquisition", "performance_month");
  const rows = [...new Set(table("acquisition").map((row) => row.channel))]
    .map((channel) => ({ channel, rows: table("acquisition").filter((row) => row.channel === channel && months.includes(row.performance_month)) }))
    .filter((row) => row.rows.some((each) => each.is_few || each.people || each.spend_amount));
  const spend = (row) => (row.rows.every((each) => !isNumber(each.spend_amount)) ? null : sum(row.rows, "spend_amount"));
  const people = (row) => added(row.rows, "people");
  const order = (row) => (isNumber(people(row)) ? people(row) : -1);
  rows.sort((one, other) => order(other) - order(one));
  const most = Math.max(...rows.map(order), 1);
  const worth = (row) => {
    const [so_far, expected] = [added(row.rows, "revenue_amount"), added(row.rows, "predicted_amount")];
    return typeof so_far === "string" ? so_far : typeof expected === "string" ? expected : so_far + expected;
  };
  const columns = [
    { label: say("column.marketing_channel"), value: (row) => nameOf("marketing", row.channel) },
    { label: say("column.won"), form: "count", value: people, cell: (row, value) => [bar(value, most), h("span", {}, write(value, "count"))] },
    { label: say("column.spend"), form: "money", value: spend },
    { label: say("column.cac"), form: "cents", value: (row) => (spend(row) === null ? null : divided(spend(row), people(row))) },
    ...["activated", "retained"].map((step) => {
      const over = monthsOver("acquisition", "performance_month", step);
      const of = (row) => table("acquisition").filter((each) => each.channel === row.channel && over.includes(each.performance_month));
      return { label: headed(say(`column.${step}`), over), form: "share", value: (row) => divided(added(of(row), step), added(of(row), "people")) };
    }),
    { label: say("column.worth"), form: "cents", value: (row) => divided(worth(row), people(row)) },
  ];
  return figure({ id: "acquisition", title: say("acquisition.title", { months: monthsSaid(months) }), note: say("acquisition.note"), wide: true },
    tabular(say("acquisition.title", { months: "" }), columns, rows, { key: (row) => row.channel }));
}

function living() {
  const parts = [];
  const segments = table("segments").filter((row) => row.channel === state.channel && (state.segment === ALL || row.segment === state.segment));
  const at = (frame) => new Map(segments.filter((row) => row.frame === frame).map((row) => [row.segment, row]));
  const [now, before] = [at("now"), at("before")];
  const people = (map, code) => (map.get(code)?.is_few ? FEW : map.get(code)?.people ?? 0);
  const best = people(now, "111");
  const headline = isNumber(best) && state.segment === ALL
    ? say("living.headline", { people: write(best, "count"), change: write(best - (isNumber(people(before, "111")) ? people(before, "111") : best), "count"), share: write(divided(now.get("111")?.spend_amount, sum([...now.values()], "spend_amount")), "share") })
    : say("living.plain");
  if (now.size) {
    const rows = [...now.keys()].sort().reverse();
    const total = sum([...now.values()], "spend_amount");
    const most = Math.max(...rows.map((code) => people(now, code)).filter(isNumber), 1);
    const day = segments.find((row) => row.frame === "before")?.as_of_date;
    const columns = [
      { label: say("column.segment"), value: (code) => nameOf("segment", code) },
      { label: say("column.customers"), form: "count", value: (code) => people(now, code), cell: (code, value) => [bar(value, most), h("span", {}, write(value, "count"))] },
      { label: say("column.since", { day: day ? write(day, "day") : "" }), form: "change", value: (code) => (typeof people(now, code) === "string" ? FEW : typeof people(before, code) === "string" ? FEW : changeOf(people(now, code), people(before, code))) },
      { label: say("column.spend_share"), form: "share", value: (code) => (now.get(code).is_few ? FEW : divided(now.get(code).spend_amount, total)) },
    ];
    const title = say("segments.title");
    parts.push(figure({ id: "segments", title, note: say("segments.note"), answers: ["channel", "segment"] }, tabular(title, columns, rows, { key: (code) => code })));
  }
  if (table("states").length) parts.push(states());
  if (table("cohorts").length) parts.push(cohorts());
  if (table("days").length) parts.push(calendar());
  return { headline, parts };
}
function states() {
  const rows = where("states", { channel: state.channel });
  const dates = [...new Set(rows.map((row) => row.as_of_date))].sort().slice(-25);
  const codes = ["active", "reactivated", "new", "dormant"].filter((code) => rows.some((row) => row.state === code));
  const colours = { active: "teal", reactivated: "mint", new: "sky", dormant: "amber" };
  const value = (code, day) => {
    const row = rows.find((each) => each.state === code && each.as_of_date === day);
    return row ? (row.is_few ? FEW : row.people) : 0;
  };
  const name = (code) => named(rows.find((row) => row.state === code), "state");
  const title = say("states.title");
  const option = {
    height: 280,
    grid: { top: 8 },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: dates.map((day) => write(day, "day")) },
    yAxis: { type: "value" },
    series: codes.map((code) => ({ type: "bar", stack: "states", name: name(code), color: `var(--${colours[code]})`, barCategoryGap: "25%", form: countForm, data: dates.map((day) => (isNumber(value(code, day)) ? value(code, day) : null)) })),
  };
  const columns = [{ label: say("column.as_of"), form: "day", value: (day) => day, cell: (day) => write(day, "day") }, ...codes.map((code) => ({ label: name(code), form: "count", value: (day) => value(code, day) }))];
  return figure({ id: "states", title, note: say("states.note"), answers: ["channel"] }, chart("states", title, option), numbersOf(tabular(title, columns, [...dates].reverse())));
}
function cohorts() {
  const months = [...new Set(table("cohorts").map((row) => row.cohort_month))].sort();
  const since = Array.from({ length: 12 }, (_, index) => index + 1);
  const value = (month, count) => {
    const row = find("cohorts", { cohort_month: month, months_since: count });
    return row ? (row.is_few ? FEW : row.people / row.cohort_people) : NOT_YET;
  };
  const shares = months.flatMap((month) => since.map((count) => value(month, count))).filter(isNumber);
  const most = Math.max(...shares, 0.01);
  const people = (month) => find("cohorts", { cohort_month: month, months_since: 1 })?.cohort_people;
  const columns = [
    { label: say("column.cohort"), value: (month) => write(month, "month") },
    { label: say("column.customers"), form: "count", value: people },
    ...since.map((count) => ({
      label: write(count, "count"), form: "share", style: "cell", value: (month) => value(month, count),
      cell: (_, share) => (isNumber(share) ? h("span", { class: "heat", style: `--heat:${Math.round((100 * share) / most)}%` }, numbers({ style: "percent", maximumFractionDigits: 0 }).format(share)) : share === FEW ? h("abbr", { title: write(FEW) }, "·") : ""),
    })),
  ];
  const title = say("cohorts.title");
  return figure({ id: "cohorts", title, note: say("cohorts.note"), wide: true }, tabular(title, columns, [...months].reverse(), { key: (month) => month }));
}
// A year of days as a calendar, a column a week, and those days that stand out in words.
function calendar() {
  const title = say("calendar.title");
  const answers = ["region", "channel"];
  const said = { id: "calendar", title, note: say("calendar.note"), answers, wide: true };
  if (state.region !== ALL && state.channel !== ALL) return figure(said, annotation(say("calendar.either")));
  const rows = where("days", { place: state.region, channel: state.channel });
  const shown = rows.filter((row) => !row.is_few);
  if (shown.length < rows.length / 2 || !shown.length) return figure(said, annotation(say("calendar.few")));
  const most = Math.max(...shown.map((row) => row.net_amount), 1);
  const weekday = (back) => (new Date(`${addDays(page.as_of, -back - 1)}T00:00:00Z`).getUTCDay() + 6) % 7;
  const last = weekday(0);
  const [size, gap, left] = [13, 3, 30];
  const weeks = 53;
  const drawing = svg("svg", { viewBox: `0 0 ${left + weeks * (size + gap)} ${22 + 7 * (size + gap)}`, class: "calendar", role: "img", "aria-label": title });
  const monday = Date.UTC(2024, 0, 1);
  for (const day of [0, 2, 4]) {
    const text = svg("text", { x: left - 6, y: 20 + day * (size + gap) + 11, "text-anchor": "end" });
    text.textContent = new Date(monday + day * DAY).toLocaleDateString(TAGS[language], { weekday: language === "zh" ? "narrow" : "short", timeZone: "UTC" });
    drawing.append(text);
  }
  let month = "";
  for (const row of [...rows].sort((one, other) => other.days_back - one.days_back)) {
    const day = addDays(page.as_of, -row.days_back - 1);
    const week = weeks - 1 - Math.floor((row.days_back + 6 - last) / 7);
    if (week < 0) continue;
    const x = left + week * (size + gap);
    if (day.slice(0, 7) !== month && Number(day.slice(8)) <= 7 && weekday(row.days_back) === 0 && week < weeks - 2) {
      month = day.slice(0, 7);
      const text = svg("text", { x, y: 12 });
      text.textContent = new Date(`${day}T00:00:00Z`).toLocaleDateString(TAGS[language], { month: "short", timeZone: "UTC" });
      drawing.append(text);
    }
    const share = row.is_few ? 0 : Math.max(0, row.net_amount) / most;
    const square = svg("rect", { x, y: 20 + weekday(row.days_back) * (size + gap), width: size, height: size, rx: 3, class: `${row.is_few ? "few" : ""} ${row.event_en ? "event" : ""}`, style: `--heat:${Math.round(100 * Math.sqrt(share))}%` });
    const tipText = svg("title");
    tipText.textContent = `${write(day, "day")} · ${row.is_few ? write(FEW) : write(row.net_amount, "money")}${row.event_en ? ` · ${named(row, "event")}` : ""}`;
    square.append(tipText);
    drawing.append(square);
  }
  const beyond = shown.filter((row) => isNumber(row.expected) && row.expected > 0).map((row) => ({ ...row, day: addDays(page.as_of, -row.days_back - 1), ratio: row.net_amount / row.expected - 1 }));
  beyond.sort((one, other) => Math.abs(other.ratio) - Math.abs(one.ratio));
  const columns = [
    { label: say("column.day"), value: (row) => write(row.day, "day") },
    { label: say("column.event"), value: (row) => (row.event_en ? named(row, "event") : "") },
    { label: say("kpi.net_revenue"), form: "money", value: (row) => row.net_amount },
    { label: say("column.expected"), form: "money", value: (row) => row.expected },
    { label: say("column.beyond"), form: "change", value: (row) => row.ratio },
  ];
  return figure(said, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, drawing), numbersOf(tabular(say("calendar.odd"), columns, beyond.slice(0, 12))));
}

function shops() {
  const stores = (state.store !== ALL ? [state.store] : options.store().filter((code) => code !== ALL)).map((code) => ({ code }));
  const sold = (code, frame) => (isKnown(frame) ? find("stores", { period: state.period, frame, place: code }) : undefined);
  const money = (code, frame) => {
    if (!isKnown(frame)) return NOT_YET;
    const row = sold(code, frame);
    return row ? (row.is_few ? FEW : row.net_amount) : 0;
  };
  const change = (frame) => ({ code }) => {
    const [now, then] = [money(code, "now"), money(code, frame)];
    return typeof now === "string" ? now : typeof then === "string" ? then : changeOf(now, then);
  };
  const field = (column) => ({ code }) => {
    const row = sold(code, "now");
    return row ? (row.is_few ? FEW : counted(row[column])) : 0;
  };
  const buyers = ({ code }) => { const row = cell("now", { place: code, channel: ALL, segment: ALL }); return typeof row === "string" ? row : row.buyers; };
  const peers = ({ code }) => { const row = sold(code, "now"); return row ? (row.is_few ? FEW : isNumber(row.peer_amount) && row.peer_amount > 0 ? row.net_amount / row.peer_amount - 1 : null) : null; };
  const order = ({ code }) => (isNumber(money(code, "now")) ? money(code, "now") : -1);
  stores.sort((one, other) => order(other) - order(one));
  const most = Math.max(...stores.map(order), 1);
  const parts = [];
  const shelves = table("shelves").filter((row) => (state.store !== ALL ? row.place === state.store : state.region === ALL || regionOf.get(row.place) === state.region));
  const empty = shelves.filter((row) => row.status === "out");
  const best = stores.map((row) => ({ ...row, beyond: peers(row) })).filter((row) => isNumber(row.beyond)).sort((one, other) => one.beyond - other.beyond)[0];
  const said = [];
  if (best && stores.length > 1 && best.beyond < 0) said.push(say("shops.headline", { store: nameOf("store", best.code), share: write(-best.beyond, "share") }));
  if (shelves.length) said.push(say("shelves.headline", { out: write(sum(empty, "shelves"), "count"), lost: write(sum(shelves, "lost_amount"), "money"), orders: write(sum(shelves, "reorder_quantity"), "count") }));
  const tone = (_, value) => (isNumber(value) ? (value < 0 ? "bad" : "good") : "");
  if (table("stores").length) {
    const columns = [
      { label: say("column.store"), value: ({ code }) => nameOf("store", code) },
      { label: say("kpi.net_revenue"), form: "money", value: ({ code }) => money(code, "now"), cell: (_, value) => [bar(value, most), h("span", {}, write(value, "money"))] },
      { label: say(`frame.${state.period}.before`), form: "change", value: change("before"), tone },
      { label: say("frame.year_before"), form: "change", value: change(state.period === "year" ? "before" : "year_before"), tone },
      { label: say("column.peers"), form: "change", value: peers, tone },
      { label: say("kpi.buyers"), form: "count", value: buyers },
      { label: say("column.member_share"), form: "share", value: (row) => divided(field("member_purchases")(row), field("people")(row)) },
      { label: say("column.new_here"), form: "count", value: field("new_people") },
      { label: say("column.lost_here"), form: "count", value: field("lost_people") },
    ];
    const title = say("stores.title");
    parts.push(figure({ id: "stores", title, note: say("stores.note"), answers: ["region", "store"], wide: true },
      stores.length ? tabular(title, columns, stores, { key: ({ code }) => code }) : nothing("stores.empty")));
  }
  if (table("shelves").length) parts.push(shelvesFigure(shelves), ordersFigure());
  if (table("demand").length) parts.push(demand());
  return { headline: said.join(language === "zh" ? "" : " ") || say(parts.length ? "shops.plain" : "absent"), parts };
}
const STATUSES = ["out", "low", "healthy", "slow", "over", "dead"];
function shelvesFigure(shelves) {
  const title = say("shelves.title");
  const rows = STATUSES.map((status) => ({ status, rows: shelves.filter((row) => row.status === status) }));
  const total = sum(shelves, "shelves");
  const columns = [
    { label: say("column.status"), value: ({ status }) => say(`status.${status}`) },
    { label: say("column.shelves"), form: "count", value: (row) => sum(row.rows, "shelves"), cell: (row, value) => [bar(value, total), h("span", {}, write(value, "count"))] },
    { label: say("column.stock"), form: "money", value: (row) => sum(row.rows, "stock_amount") },
    { label: say("column.lost"), form: "money", value: (row) => sum(row.rows, "lost_amount") },
    { label: say("column.overstock"), form: "money", value: (row) => sum(row.rows, "overstock_amount") },
  ];
  return figure({ id: "shelves", title, note: say("shelves.note"), answers: ["region", "store"] }, tabular(title, columns, rows, { key: ({ status }) => status }));
}
function ordersFigure() {
  const title = say("to_order.title");
  const rows = table("orders_to_place").filter((row) => (state.store !== ALL ? row.place === state.store : state.region === ALL || regionOf.get(row.place) === state.region));
  const columns = [
    { label: say("column.product"), value: (row) => row.product },
    { label: say("column.store"), value: (row) => (regionOf.has(row.place) ? nameOf("store", row.place) : "") },
    { label: say("column.left"), form: "count", value: (row) => row.on_hand_quantity },
    { label: say("column.order_units"), form: "count", value: (row) => row.reorder_quantity },
    { label: say("column.transfer"), value: (row) => (row.transfer_quantity ? say("transfer", { count: write(row.transfer_quantity, "count"), store: nameOf("store", row.transfer_place) }) : "") },
    { label: say("column.lost"), form: "money", value: (row) => row.lost_amount },
  ];
  return figure({ id: "to_order", title, note: say("to_order.note"), answers: ["region", "store"] },
    rows.length ? [downloads("orders-to-place", title, () => columns.map((column) => column.label), () => rows.map((row) => columns.map((column) => column.value(row)))), tabular(title, columns, rows, { limit: 10 })] : nothing("to_order.empty"));
}
function demand() {
  const title = say("demand.title");
  const rows = table("demand");
  const form = countForm;
  const option = {
    height: 40 + 32 * rows.length,
    grid: { left: 0, right: 16, top: 4, bottom: 0 },
    xAxis: { type: "value", axisLabel: { formatter: { form } } },
    yAxis: { type: "category", inverse: true, data: rows.map((row) => nameOf("category", row.category)), axisLabel: { color: "var(--ink)" } },
    series: [
      { type: "custom", mark: "interval", name: say("series.range"), unlisted: true, color: "var(--slate)", encode: { x: [1, 2], y: 0 }, data: rows.map((row, index) => [index, row.low_quantity, row.high_quantity]), tells: [[say("series.low"), 1, form], [say("series.high"), 2, form]] },
      { type: "scatter", name: say("column.expected"), unlisted: true, symbolSize: 10, color: "var(--teal)", data: rows.map((row, index) => [row.expected_quantity, index]), tells: [[say("column.expected"), 0, form]] },
    ],
  };
  const columns = [
    { label: say("column.category"), value: (row) => nameOf("category", row.category) },
    { label: say("column.expected"), form: "count", value: (row) => row.expected_quantity },
    { label: say("series.low"), form: "count", value: (row) => row.low_quantity },
    { label: say("series.high"), form: "count", value: (row) => row.high_quantity },
  ];
  return figure({ id: "demand", title, note: say("demand.note"), wide: true }, chart("demand", title, option), numbersOf(tabular(title, columns, rows)));
}
