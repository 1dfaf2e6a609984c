// Words and numbers in the language of the reader.
const TAGS = { en: "en", zh: "zh-CN" };
let language = Language.current;

function say(key, values = {}) {
  const words = page.words[key];
  if (!words) throw new Error(`no words for ${key}`);
  return words[language].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
const has = (key) => key in page.words;
// The name of a code, as the marts tell it, or the page, or the code itself.
function nameOf(kind, code) {
  const row = kind === "region" ? undefined : find("dims", { dim: kind, code });
  const told = row?.[`name_${language}`];
  if (told) return told;
  return has(`${kind}.${code}`) ? say(`${kind}.${code}`) : code;
}
const named = (row, column) => row[`${column}_${language}`] || row[column] || "";
const placeName = (place) =>
  place === ALL ? say("all.region") : regionOf.has(place) ? nameOf("store", place) : nameOf("region", place);
const quoted = (list) => (language === "zh" ? list.join("、") : list.join(", "));

const formats = new Map();
function numbers(options) {
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(TAGS[language], options));
  return formats.get(key);
}
const moneyStyle = () =>
  page.currency ? { style: "currency", currency: page.currency, currencyDisplay: "narrowSymbol" } : {};
const WRITTEN = {
  count: (value) => numbers({ maximumFractionDigits: 0 }).format(value),
  money: (value) => numbers({ ...moneyStyle(), maximumFractionDigits: 0 }).format(value),
  cents: (value) =>
    numbers({ ...moneyStyle(), maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(value),
  short: (value) =>
    numbers({
      ...moneyStyle(),
      notation: "compact",
      maximumFractionDigits: Math.abs(value) < 1000 ? 0 : 1,
    }).format(value),
  share: (value) =>
    numbers({ style: "percent", maximumFractionDigits: 1, minimumFractionDigits: 1 }).format(value),
  change: (value) =>
    numbers({
      style: "percent",
      maximumFractionDigits: 1,
      minimumFractionDigits: 1,
      signDisplay: "exceptZero",
    }).format(value),
  signed: (value) =>
    numbers({ ...moneyStyle(), maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(value),
  signedCents: (value) =>
    numbers({
      ...moneyStyle(),
      maximumFractionDigits: 2,
      minimumFractionDigits: 2,
      signDisplay: "exceptZero",
    }).format(value),
  text: (value) => String(value),
  day: (value) =>
    new Date(`${value}T00:00:00Z`).toLocaleDateString(TAGS[language], {
      timeZone: "UTC",
      dateStyle: "medium",
    }),
  month: (value) =>
    new Date(`${value}T00:00:00Z`).toLocaleDateString(TAGS[language], {
      timeZone: "UTC",
      year: "numeric",
      month: "short",
    }),
};
// A figure as it is read, or why there is none.
function write(value, form = "count") {
  if (value === FEW || value === NOT_YET || value === NOT_SO) return say(`none.${value}`);
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return typeof value === "number" ? WRITTEN[form](value).replace("-", "−") : WRITTEN[form](value);
}
const DAY = 86400000;
const addDays = (day, count) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY).toISOString().slice(0, 10);
const stretch = (frame) => `${write(frame.starts_on, "day")} – ${write(addDays(frame.ends_on, -1), "day")}`;
