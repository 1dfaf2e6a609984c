// Draws what stands in `#charts`: by name an option of ECharts as JSON, and what JSON can't say.
// See charts.py, which writes it. Colours are CSS variables, so that theme and print need no script.
const Charts = (() => {
  const options = JSON.parse(document.getElementById("charts").textContent);
  const figures = new Map();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const TEXT = 13;
  const LINE = 17;
  const BAR = 13;

  /** The option with words in the reader's language and forms as functions. */
  function said(node) {
    if (Array.isArray(node)) return node.map(said);
    if (node === null || typeof node !== "object") return node;
    if ("en" in node && "zh" in node) return Language.pick(node);
    if ("form" in node && Object.keys(node).length === 1) return (value) => written(value, node.form);
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, said(value)]));
  }

  function written(value, form) {
    if (form === "day") return String(value).replace(/^(\d+)-(\d+-\d+)$/, "$2\n$1");
    return Numbers.write(Number(value), form);
  }

  /** A line between two points, each with a foot across. */
  function whisker(low, high, [dx, dy], api) {
    const style = { stroke: api.visual("color"), lineWidth: 2, fill: "none" };
    const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
    const feet = [low, high].map(([x, y]) => line(x - dx, y - dy, x + dx, y + dy));
    return { type: "group", children: [line(...low, ...high), ...feet] };
  }

  // What a custom series can be drawn as.
  const MARKS = {
    /** [row, low, high]: an interval along the x axis. */
    interval(params, api) {
      const [low, high] = [1, 2].map((index) => api.coord([api.value(index), api.value(0)]));
      return whisker(low, high, [0, 5], api);
    },
    /** [x, low, high]: an interval along the y axis. */
    upright_interval(params, api) {
      const [low, high] = [1, 2].map((index) => api.coord([api.value(0), api.value(index)]));
      return whisker(low, high, [5, 0], api);
    },
    /** [top, bottom, top after, bottom after] as parts of the height: a band from left to right. */
    band(params, api) {
      const [left, right, middle] = [NODE, api.getWidth() - NODE, api.getWidth() / 2];
      const [a, b, c, d] = [0, 1, 2, 3].map((index) => along(api.value(index), api));
      const pathData =
        `M${left},${a}C${middle},${a},${middle},${c},${right},${c}` +
        `L${right},${d}C${middle},${d},${middle},${b},${left},${b}Z`;
      return { type: "path", shape: { pathData }, style: { fill: api.visual("color") } };
    },
    /** [side, top, bottom] as parts of the height: an end of bands with its name. */
    end(params, api) {
      const right = api.value(0) === 1;
      const [top, bottom] = [1, 2].map((index) => along(api.value(index), api));
      const x = right ? api.getWidth() - NODE : 0;
      return {
        type: "rect",
        shape: { x, y: top, width: NODE, height: Math.max(1, bottom - top) },
        style: { fill: api.visual("color") },
        textContent: {
          style: {
            text: wrapped(params.names[params.dataIndex], api.getWidth() * 0.42).join("\n"),
            fill: "var(--ink)",
            font: font(),
            lineHeight: LINE,
          },
        },
        textConfig: { position: right ? "left" : "right", distance: 6 },
      };
    },
  };
  const NODE = 10;
  // Below the last end there is room for its name.
  const along = (part, api) => LINE + part * (api.getHeight() - 2 * LINE);

  const font = () => `${TEXT}px ${getComputedStyle(document.body).fontFamily}`;

  /** A text in lines of at most so many pixels; it breaks at blanks, and between Chinese letters. */
  function wrapped(text, width) {
    const pen = (wrapped.pen ??= document.createElement("canvas").getContext("2d"));
    pen.font = font();
    const lines = [""];
    for (const piece of text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) ?? [""]) {
      const longer = lines.at(-1) + piece;
      if (lines.at(-1) && pen.measureText(longer.trimEnd()).width > width) lines.push(piece);
      else lines[lines.length - 1] = longer;
    }
    return lines.map((line) => line.trimEnd());
  }

  /** Rows of bars, each below its name, which takes as many lines as it needs. */
  function rows(option, width) {
    const names = option.names.map((name) => wrapped(name, width - 4));
    const lines = Math.max(...names.map((name) => name.length));
    const slots = new Set(option.series.map((each, place) => each.stack ?? place)).size;
    const row = lines * LINE + slots * (BAR + 2) + 16;
    const naming = {
      type: "bar",
      silent: true,
      isName: true,
      barWidth: lines * LINE,
      data: names.map((name) => ({
        value: 0,
        label: { formatter: () => name.join("\n") },
      })),
      label: {
        show: true,
        position: [0, "100%"],
        verticalAlign: "bottom",
        align: "left",
        color: "var(--ink)",
        fontSize: TEXT,
        lineHeight: LINE,
      },
    };
    return {
      ...option,
      height: names.length * row + 56,
      grid: { left: 0, right: 0, top: 4, bottom: 4, ...option.grid },
      yAxis: {
        type: "category",
        inverse: true,
        data: names.map((_, place) => place),
        show: false,
      },
      series: [naming, ...option.series.map((each) => ({ barWidth: BAR, barGap: "15%", ...each }))],
    };
  }

  /** A grid of numbers whose colours go from pale to deep. */
  function cells(series, width, option) {
    const values = series.data.map(([, , value]) => value).filter((value) => value !== null);
    const highest = Math.max(...values, 0) || 1;
    const roomy = (width - 60) / option.xAxis.data.length > 22;
    return {
      ...series,
      data: series.data
        .filter(([, , value]) => value !== null)
        .map((value) => {
          const depth = Math.round((100 * Math.max(value[2], 0)) / highest);
          const [far, near, part] = depth > 50 ? ["deep", "mid", depth - 50] : ["mid", "pale", depth];
          return {
            value,
            itemStyle: { color: `color-mix(in oklab, var(--${far}) ${2 * part}%, var(--${near}))` },
            label: { color: depth > 60 ? "var(--on-deep)" : "var(--ink)" },
          };
        }),
      itemStyle: { borderColor: "var(--paper)", borderWidth: 2, borderRadius: 3 },
      label: {
        show: roomy,
        fontSize: 11,
        formatter: ({ value }) => Numbers.write(value[2], series.cell).replace("%", ""),
      },
    };
  }

  const AXIS = {
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: "var(--muted)", fontSize: 12, hideOverlap: true },
    nameLocation: "middle",
    nameTextStyle: { color: "var(--muted)", fontSize: 12 },
    splitLine: { lineStyle: { color: "var(--rule)" } },
    splitNumber: 4,
  };

  const axis = (given) =>
    Array.isArray(given)
      ? given.map(axis)
      : {
          ...AXIS,
          ...given,
          axisLabel: { ...AXIS.axisLabel, ...given.axisLabel },
          splitLine: { ...AXIS.splitLine, ...given.splitLine },
        };

  /** The option as ECharts takes it, for this width. */
  function compiled(figure) {
    let option = said(options[figure.name]);
    const width = figure.plot.clientWidth;
    option.series = option.series.filter((each) => !figure.hidden.has(each.name));
    if (option.names) option = rows(option, width);
    const series = option.series.map((each) => {
      const whole = { emphasis: { disabled: true }, ...each };
      if (each.label?.form) {
        const { at = 0, form } = each.label;
        const formatter = ({ value }) => Numbers.write([value].flat()[at], form);
        whole.label = { ...each.label, formatter };
      }
      if (each.type === "heatmap") return cells(whole, width, option);
      if (each.mark) {
        const names = each.data.map((datum) => datum.name);
        whole.renderItem = (params, api) => MARKS[each.mark]({ ...params, names }, api);
      }
      return whole;
    });
    return {
      ...option,
      animation: !still.matches,
      animationDuration: 0,
      animationDurationUpdate: 250,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: TEXT },
      grid: { left: 0, right: 8, top: 6, bottom: 0, outerBoundsMode: "same", ...option.grid },
      ...(option.xAxis && { xAxis: axis(option.xAxis) }),
      ...(option.yAxis && { yAxis: axis(option.yAxis) }),
      series,
      tooltip: {
        trigger: "item",
        confine: true,
        backgroundColor: "var(--paper)",
        borderColor: "var(--rule)",
        textStyle: { color: "var(--ink)", fontSize: TEXT },
        axisPointer: { type: "line", lineStyle: { color: "var(--muted)" }, label: { show: false } },
        ...option.tooltip,
        formatter: (hit) => told(option, series, [hit].flat()),
      },
    };
  }

  /** What the hits of the pointer have in common: a row, what has a name, or a place of the axis. */
  function heading(option, [hit]) {
    if (option.names) return option.names[hit.dataIndex];
    if (hit.data?.name) return hit.data.name;
    if (option.tooltip?.trigger !== "axis") return "";
    return [option.xAxis.name, hit.axisValue].filter((part) => part !== undefined).join(": ");
  }

  /** The lines that a hit is worth, each with the colour that it is drawn in, where that tells. */
  function lines(option, { tells, places = [], name, form }, hit) {
    const values = [hit.value].flat();
    const where = [option.xAxis, option.yAxis];
    const told = places.map((place, at) => [`${place}: ${where[at].data[values[at]]}`]);
    if (!tells) return [...told, [`${name}: ${Numbers.write(values.at(-1), form)}`, hit.color]];
    const write = (value, how) => (how === "text" ? value : Numbers.write(value, how));
    return [...told, ...tells.map(([label, at, how]) => [`${label}: ${write(values[at], how)}`])];
  }

  /** What the pointer tells, as elements: no name is ever read as markup. */
  function told(option, series, hits) {
    const shown = hits.filter((hit) => !series[hit.seriesIndex].isName);
    if (!shown.length) return "";
    const box = document.createElement("div");
    const title = box.appendChild(document.createElement("div"));
    title.className = "told-of";
    title.textContent = heading(option, shown);
    for (const hit of shown) {
      for (const [text, colour] of lines(option, series[hit.seriesIndex], hit)) {
        const line = box.appendChild(document.createElement("div"));
        if (colour) line.append(swatch(colour));
        line.append(text);
      }
    }
    return box;
  }

  function swatch(colour) {
    const mark = document.createElement("i");
    mark.className = "swatch";
    mark.style.background = colour;
    return mark;
  }

  /** Buttons that name the series, and take them away and back. */
  function legend(figure) {
    const series = said(options[figure.name].series).filter((each) => each.name && !each.unlisted);
    figure.legend.replaceChildren();
    if (series.length < 2) return;
    for (const { name, color } of series) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(swatch(color), name);
      button.setAttribute("aria-pressed", String(!figure.hidden.has(name)));
      button.addEventListener("click", () => {
        if (figure.hidden.delete(name)) button.setAttribute("aria-pressed", "true");
        else if (figure.hidden.size < series.length - 1) {
          figure.hidden.add(name);
          button.setAttribute("aria-pressed", "false");
        }
        draw(figure);
      });
      figure.legend.append(button);
    }
  }

  function draw(figure) {
    // ECharts would take such a height for that of the grid.
    const { height, ...option } = compiled(figure);
    const size = { width: figure.plot.clientWidth, height };
    figure.plot.style.height = `${height}px`;
    figure.shown = option;
    if (!figure.chart) figure.chart = echarts.init(figure.plot, null, { renderer: "svg", ...size });
    figure.width = size.width;
    figure.chart.resize({ ...size, silent: true });
    figure.chart.setOption(option, { replaceMerge: ["series", "xAxis", "yAxis", "grid"] });
  }

  function begin(figure) {
    if (figure.chart || !options[figure.name]) return;
    legend(figure);
    draw(figure);
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) begin(figures.get(target.dataset.chart));
      }
    },
    { rootMargin: "300px" },
  );
  const resized = new ResizeObserver((entries) => {
    requestAnimationFrame(() => {
      for (const { target } of entries) {
        const figure = figures.get(target.parentElement.dataset.chart);
        if (figure.chart && target.clientWidth && target.clientWidth !== figure.width) draw(figure);
      }
    });
  });

  /** Takes up the elements `[data-chart]` below `root` that it doesn't know yet. */
  function find(root = document) {
    for (const element of root.querySelectorAll("[data-chart]")) {
      const name = element.dataset.chart;
      if (figures.get(name)?.element === element) continue;
      figures.get(name)?.chart?.dispose();
      const [list, plot] = [".legend", ".plot"].map((part) => element.querySelector(part));
      figures.set(name, { name, element, legend: list, plot, hidden: new Set() });
      plot.style.height ||= `${options[name]?.height ?? 320}px`;
      near.observe(element);
      resized.observe(plot);
    }
  }

  const all = () => figures.forEach(begin);
  const drawings = () => document.querySelectorAll(".plot svg");
  // A page on paper has another width, which no script is told.
  addEventListener("beforeprint", () => {
    all();
    for (const svg of drawings()) {
      const [width, height] = ["width", "height"].map((side) => svg.getAttribute(side));
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    }
  });
  addEventListener("afterprint", () => {
    for (const svg of drawings()) svg.removeAttribute("viewBox");
  });
  Language.listen(() => {
    for (const figure of figures.values()) {
      figure.hidden.clear();
      if (figure.chart) {
        legend(figure);
        draw(figure);
      }
    }
  });
  find();

  return {
    find,
    /** Draws what hasn't been scrolled to yet as well. */
    all,
    /** Gives a chart another option, as after a filter. */
    set(name, option) {
      options[name] = option;
      const figure = figures.get(name);
      if (figure?.chart) {
        legend(figure);
        draw(figure);
      } else if (figure) {
        near.unobserve(figure.element);
        near.observe(figure.element);
      }
    },
    /** The option as it is drawn. */
    shown: (name) => figures.get(name)?.shown,
  };
})();
