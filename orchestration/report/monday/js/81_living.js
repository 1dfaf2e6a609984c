// How we live: segments, states, cohorts and the calendar.
function living() {
  const parts = [];
  const segments = where("segments", { place: place(), channel: state.channel }).filter(
    (row) => state.segment === ALL || row.segment === state.segment,
  );
  const at = (frame) =>
    new Map(segments.filter((row) => row.frame === frame).map((row) => [row.segment, row]));
  const [now, before] = [at("now"), at("before")];
  const people = (map, code) => (map.get(code)?.is_few ? FEW : (map.get(code)?.people ?? 0));
  const best = people(now, "111");
  // Of all; what stays of it where a segment is hidden would make the shares of others too large.
  const spent = added([...now.values()], "spend_amount");
  const headline =
    isNumber(best) && isNumber(spent) && state.segment === ALL
      ? say("living.headline", {
          people: write(best, "count"),
          change: write(best - (isNumber(people(before, "111")) ? people(before, "111") : best), "count"),
          share: write(divided(now.get("111")?.spend_amount, spent), "share"),
        })
      : say("living.plain");
  if (now.size) {
    const rows = [...now.keys()].sort().reverse();
    const most = Math.max(...rows.map((code) => people(now, code)).filter(isNumber), 1);
    const day = segments.find((row) => row.frame === "before")?.as_of_date;
    const columns = [
      { label: say("column.segment"), value: (code) => nameOf("segment", code) },
      {
        label: say("column.customers"),
        form: "count",
        value: (code) => people(now, code),
        cell: (code, value) => [bar(value, most), h("span", {}, write(value, "count"))],
      },
      {
        label: say("column.since", { day: day ? write(day, "day") : "" }),
        form: "change",
        value: (code) =>
          typeof people(now, code) === "string"
            ? FEW
            : typeof people(before, code) === "string"
              ? FEW
              : changeOf(people(now, code), people(before, code)),
      },
      {
        label: say("column.spend_share"),
        form: "share",
        value: (code) => (now.get(code).is_few ? FEW : divided(now.get(code).spend_amount, spent)),
      },
    ];
    const title = say("segments.title");
    parts.push(
      figure(
        { id: "segments", title, note: say("segments.note"), answers: FILTERS },
        tabular(title, columns, rows, { key: (code) => code }),
      ),
    );
  }
  if (table("states").length) parts.push(states());
  if (table("cohorts").length) parts.push(cohorts());
  if (table("days").length) parts.push(calendar());
  return { headline, parts };
}
function states() {
  const rows = where("states", chosen());
  const dates = [...new Set(rows.map((row) => row.as_of_date))].sort().slice(-25);
  const codes = ["active", "reactivated", "new", "dormant"].filter((code) =>
    rows.some((row) => row.state === code),
  );
  const colours = { active: "teal", reactivated: "mint", new: "sky", dormant: "amber" };
  const value = (code, day) => {
    const row = rows.find((each) => each.state === code && each.as_of_date === day);
    return row ? (row.is_few ? FEW : row.people) : 0;
  };
  const name = (code) =>
    named(
      rows.find((row) => row.state === code),
      "state",
    );
  const title = say("states.title");
  const said = { id: "states", title, note: say("states.note"), answers: FILTERS };
  if (!rows.length) return figure(said, annotation(say("states.few")));
  const option = {
    height: 280,
    grid: { top: 8 },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: dates.map((day) => write(day, "day")) },
    yAxis: { type: "value" },
    series: codes.map((code) => ({
      type: "bar",
      stack: "states",
      name: name(code),
      color: `var(--${colours[code]})`,
      barCategoryGap: "25%",
      form: countForm,
      data: dates.map((day) => (isNumber(value(code, day)) ? value(code, day) : null)),
    })),
  };
  const columns = [
    { label: say("column.as_of"), form: "day", value: (day) => day, cell: (day) => write(day, "day") },
    ...codes.map((code) => ({ label: name(code), form: "count", value: (day) => value(code, day) })),
  ];
  return figure(
    said,
    chart("states", title, option),
    numbersOf(tabular(title, columns, [...dates].reverse())),
  );
}
// Whether a month so many months after another has ended.
function isOver(month, count) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number + count, 1)).toISOString().slice(0, 10) <= page.as_of;
}
function cohorts() {
  const begun = where("newcomers", chosen()).filter((row) => !row.is_few && isOver(row.cohort_month, 1));
  const months = begun
    .map((row) => row.cohort_month)
    .sort()
    .slice(-12);
  const since = Array.from({ length: 12 }, (_, index) => index + 1);
  const value = (month, count) => {
    const row = find("cohorts", { cohort_month: month, months_since: count, ...chosen() });
    if (!row) return isOver(month, count) ? 0 : NOT_YET;
    return row.is_few ? FEW : row.people / row.cohort_people;
  };
  const shares = months.flatMap((month) => since.map((count) => value(month, count))).filter(isNumber);
  const most = Math.max(...shares, 0.01);
  const people = (month) => find("newcomers", { cohort_month: month, ...chosen() }).people;
  const columns = [
    { label: say("column.cohort"), value: (month) => write(month, "month") },
    { label: say("column.customers"), form: "count", value: people },
    ...since.map((count) => ({
      label: write(count, "count"),
      form: "share",
      style: "cell",
      value: (month) => value(month, count),
      cell: (_, share) =>
        isNumber(share)
          ? h(
              "span",
              { class: "heat", style: `--heat:${Math.round((100 * share) / most)}%` },
              numbers({ style: "percent", maximumFractionDigits: 0 }).format(share),
            )
          : share === FEW
            ? h("abbr", { title: write(FEW) }, "·")
            : "",
    })),
  ];
  const title = say("cohorts.title");
  return figure(
    { id: "cohorts", title, note: say("cohorts.note"), answers: FILTERS, wide: true },
    months.length
      ? tabular(title, columns, [...months].reverse(), { key: (month) => month })
      : annotation(say("cohorts.few")),
  );
}
// A year of days as a calendar, a column a week, and those days that stand out in words.
function calendar() {
  const title = say("calendar.title");
  const said = { id: "calendar", title, note: say("calendar.note"), answers: FILTERS, wide: true };
  const sold = new Map(where("days", chosen()).map((row) => [row.days_back, row]));
  const known = Math.max(
    ...where("days", { place: ALL, channel: ALL, segment: ALL }).map((row) => row.days_back),
  );
  const rows = Array.from({ length: known + 1 }, (_, back) => ({
    ...(sold.get(back) ?? { days_back: back, net_amount: 0 }),
    ...find("festivals", { days_back: back }),
  }));
  const shown = rows.filter((row) => !row.is_few);
  if (2 * shown.length < rows.length || !sold.size) return figure(said, annotation(say("calendar.few")));
  const most = Math.max(...shown.map((row) => row.net_amount), 1);
  const weekday = (back) => (new Date(`${addDays(page.as_of, -back - 1)}T00:00:00Z`).getUTCDay() + 6) % 7;
  const last = weekday(0);
  const [size, gap, left] = [13, 3, 30];
  const weeks = 53;
  const drawing = svg("svg", {
    viewBox: `0 0 ${left + weeks * (size + gap)} ${22 + 7 * (size + gap)}`,
    class: "calendar",
    role: "img",
    "aria-label": title,
  });
  const monday = Date.UTC(2024, 0, 1);
  for (const day of [0, 2, 4]) {
    const text = svg("text", { x: left - 6, y: 20 + day * (size + gap) + 11, "text-anchor": "end" });
    text.textContent = new Date(monday + day * DAY).toLocaleDateString(TAGS[language], {
      weekday: language === "zh" ? "narrow" : "short",
      timeZone: "UTC",
    });
    drawing.append(text);
  }
  let month = "";
  for (const row of [...rows].sort((one, other) => other.days_back - one.days_back)) {
    const day = addDays(page.as_of, -row.days_back - 1);
    const week = weeks - 1 - Math.floor((row.days_back + 6 - last) / 7);
    if (week < 0) continue;
    const x = left + week * (size + gap);
    if (
      day.slice(0, 7) !== month &&
      Number(day.slice(8)) <= 7 &&
      weekday(row.days_back) === 0 &&
      week < weeks - 2
    ) {
      month = day.slice(0, 7);
      const text = svg("text", { x, y: 12 });
      text.textContent = new Date(`${day}T00:00:00Z`).toLocaleDateString(TAGS[language], {
        month: "short",
        timeZone: "UTC",
      });
      drawing.append(text);
    }
    const share = row.is_few ? 0 : Math.max(0, row.net_amount) / most;
    const square = svg("rect", {
      x,
      y: 20 + weekday(row.days_back) * (size + gap),
      width: size,
      height: size,
      rx: 3,
      class: `${row.is_few ? "few" : ""} ${row.event_en ? "event" : ""}`,
      style: `--heat:${Math.round(100 * Math.sqrt(share))}%`,
    });
    const tipText = svg("title");
    tipText.textContent = `${write(day, "day")} · ${row.is_few ? write(FEW) : write(row.net_amount, "money")}${row.event_en ? ` · ${named(row, "event")}` : ""}`;
    square.append(tipText);
    drawing.append(square);
  }
  const beyond = shown
    .filter((row) => isNumber(row.expected) && row.expected > 0)
    .map((row) => ({
      ...row,
      day: addDays(page.as_of, -row.days_back - 1),
      ratio: row.net_amount / row.expected - 1,
    }));
  beyond.sort((one, other) => Math.abs(other.ratio) - Math.abs(one.ratio));
  const columns = [
    { label: say("column.day"), value: (row) => write(row.day, "day") },
    { label: say("column.event"), value: (row) => (row.event_en ? named(row, "event") : "") },
    { label: say("kpi.net_revenue"), form: "money", value: (row) => row.net_amount },
    { label: say("column.expected"), form: "money", value: (row) => row.expected },
    { label: say("column.beyond"), form: "change", value: (row) => row.ratio },
  ];
  return figure(
    said,
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, drawing),
    numbersOf(tabular(say("calendar.odd"), columns, beyond.slice(0, 12))),
  );
}
