// What the reader has chosen; it stands in the address, so that a link shows the same.
const CHOICES = {
  period: "week",
  region: ALL,
  store: ALL,
  channel: ALL,
  segment: ALL,
  cut: "place",
  against: "before",
};
const state = { ...CHOICES };
const options = {
  period: () => ["week", "four_weeks", "month", "quarter", "year"],
  region: () => [
    ALL,
    ...table("dims")
      .filter((row) => row.dim === "region")
      .map((row) => row.code)
      .sort(),
  ],
  store: () => [
    ALL,
    ...table("dims")
      .filter((row) => row.dim === "store" && (state.region === ALL || row.within === state.region))
      .map((row) => row.code),
  ],
  channel: () => [
    ALL,
    ...table("dims")
      .filter((row) => row.dim === "channel")
      .map((row) => row.code)
      .sort(),
  ],
  segment: () => [
    ALL,
    ...table("dims")
      .filter((row) => row.dim === "segment")
      .map((row) => row.code),
  ],
  cut: () => ["place", "channel", "segment"],
  against: () => ["before", "year_before"],
};
const place = () => (state.store !== ALL ? state.store : state.region);
// By what most tables are filtered.
const chosen = () => ({ place: place(), channel: state.channel, segment: state.segment });

function choose(values) {
  Object.assign(state, values);
  if (state.store !== ALL && !options.store().includes(state.store)) state.store = ALL;
  if (state.period === "year") state.against = "before";
}
function readAddress() {
  const asked = new URLSearchParams(location.search);
  for (const name of Object.keys(CHOICES)) {
    const value = asked.get(name);
    if (value && options[name]().includes(value)) choose({ [name]: value });
  }
}
function writeAddress() {
  const told = new URLSearchParams({ lang: language });
  for (const [name, value] of Object.entries(state)) if (value !== CHOICES[name]) told.set(name, value);
  try {
    history.replaceState(null, "", `?${told}${location.hash}`);
  } catch {
    // A viewer that keeps its address to itself, as in a mail program.
  }
}
const FILTERS = ["period", "region", "store", "channel", "segment"];
// The chosen filters that a figure does not answer: it shows all of them, and says so.
const unanswered = (answers) =>
  FILTERS.filter((name) => name !== "period" && state[name] !== ALL && !answers.includes(name));
