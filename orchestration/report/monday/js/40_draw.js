// The parts of which the page is made.
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (value !== undefined && value !== null && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(
    ...children.flat(2).filter((child) => child !== null && child !== undefined && child !== ""),
  );
  return element;
}
const SVG = "http://www.w3.org/2000/svg";
function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// A figure with its title, what it means, and which of the chosen filters it does not answer, with why.
function figure({ id, title, note, why, answers = [], wide = false }, ...content) {
  const left = unanswered(answers);
  return h(
    "article",
    { class: `figure${wide ? " wide" : ""}`, id, "aria-labelledby": `${id}-title` },
    h("h3", { id: `${id}-title` }, title),
    note ? h("p", { class: "note" }, note) : null,
    left.length
      ? h(
          "p",
          { class: "unanswered" },
          say("unanswered", { filters: quoted(left.map((name) => say(`filter.${name}`).toLowerCase())) }),
          why ? ` ${why}` : null,
        )
      : null,
    ...content,
  );
}
const nothing = (key) => h("p", { class: "nothing" }, say(key));
const annotation = (text) => h("p", { class: "annotation" }, text);

// A table of rows; a column is {name, label, form, value(row), cell(row), mark(row)}.
function tabular(caption, columns, rows, { key, sortable = false, limit } = {}) {
  const shown = limit ? rows.slice(0, limit) : rows;
  const isText = (column) => !column.form || column.form === "text" || column.form === "day";
  const head = columns.map((column) =>
    h(
      "th",
      {
        scope: "col",
        class: [isText(column) ? "" : "number", column.style ?? ""].join(" ").trim() || undefined,
        title: column.hint,
        "aria-sort": sortable && sortable.by === column.name ? sortable.order : undefined,
      },
      sortable && column.name
        ? h(
            "button",
            { type: "button", class: "sort", on: { click: () => sortable.sort(column.name) } },
            column.label,
          )
        : column.label,
    ),
  );
  const body = shown.map((row) =>
    h(
      "tr",
      key ? { "data-key": key(row) } : {},
      columns.map((column, place) => {
        const value = column.value?.(row);
        const content = column.cell ? column.cell(row, value) : write(value, column.form ?? "text");
        const classes = [
          isText(column) ? "" : "number",
          typeof value === "string" && !isText(column) ? "none" : "",
          column.tone?.(row, value) ?? "",
          column.style ?? "",
        ];
        return h(
          place ? "td" : "th",
          { class: classes.join(" ").trim() || undefined, scope: place ? undefined : "row" },
          content,
        );
      }),
    ),
  );
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, head)),
      h("tbody", {}, body),
    ),
  );
}
function bar(value, most, tone = "") {
  const width = isNumber(value) && most > 0 ? Math.max(0, Math.min(1, value / most)) : 0;
  return h(
    "span",
    { class: `bar ${tone}`, "aria-hidden": "true" },
    h("span", { style: `width:${(100 * width).toFixed(1)}%` }),
  );
}

// A line of a year of weeks, the latest to the right; weeks of too few people are gaps.
function spark(values) {
  const known = values.filter(isNumber);
  if (known.length < 8) return null;
  const [width, height] = [220, 40];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const at = (value, index) => [
    2 + ((width - 6) * index) / (values.length - 1),
    height - 3 - ((height - 6) * (value - low)) / (high - low || 1),
  ];
  let path = "";
  values.forEach((value, index) => {
    if (isNumber(value))
      path += `${isNumber(values[index - 1]) ? "L" : "M"}${at(value, index)
        .map((part) => part.toFixed(1))
        .join(" ")}`;
  });
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "spark", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: path }),
  );
  const last = values[values.length - 1];
  if (isNumber(last)) {
    const [x, y] = at(last, values.length - 1);
    drawing.append(svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: 2.6 }));
  }
  return drawing;
}

// A chart of charts.js; it keeps its place when the page is drawn anew, so that it moves from what
// it showed to what it shows.
const places = new Map();
function chart(name, label, option) {
  if (!places.has(name)) {
    places.set(
      name,
      h(
        "div",
        { class: "chart", "data-chart": name },
        h("div", { class: "legend" }),
        h("div", { class: "plot", role: "img" }),
      ),
    );
  }
  const element = places.get(name);
  element.lastChild.setAttribute("aria-label", label);
  Charts.set(name, option);
  return element;
}
const moneyForm = () => ({ ...moneyStyle(), notation: "compact", maximumFractionDigits: 1 });
const wholeMoney = () => ({ ...moneyStyle(), maximumFractionDigits: 0 });
const countForm = { maximumFractionDigits: 0 };
const shareForm = { style: "percent", maximumFractionDigits: 0 };
// Words below a chart for its figures, folded away.
const numbersOf = (content) => h("details", { class: "numbers" }, h("summary", {}, say("numbers")), content);
