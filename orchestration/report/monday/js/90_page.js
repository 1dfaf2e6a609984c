// The page: filters on top, a section for each question, drawn anew after a choice.
const SECTIONS = { changed, slipping, todo, worked, newcomers, living, shops };
const form = document.getElementById("filters");

function filterBar() {
  const label = (name, value) => {
    if (name === "period") return say(`period.${value}`);
    if (value === ALL) return say(`all.${name}`);
    return nameOf(name, value);
  };
  const boxes = FILTERS.map((name) =>
    h(
      "label",
      {},
      h("span", {}, say(`filter.${name}`)),
      h(
        "select",
        { name, id: `filter-${name}`, on: { change: (event) => change({ [name]: event.target.value }) } },
        options[name]().map((value) =>
          h("option", { value, selected: state[name] === value }, label(name, value)),
        ),
      ),
    ),
  );
  const isPlain = FILTERS.every((name) => state[name] === CHOICES[name]);
  const focused = document.activeElement?.id;
  form.replaceChildren(
    ...boxes,
    h(
      "button",
      { type: "button", class: "reset", disabled: isPlain, on: { click: () => change({ ...CHOICES }) } },
      say("filter.reset"),
    ),
  );
  if (focused) document.getElementById(focused)?.focus();
  const now = frameOf("now");
  const shown = FILTERS.slice(1)
    .filter((name) => state[name] !== ALL)
    .map((name) => nameOf(name, state[name]));
  document.getElementById("shown").textContent = [now ? stretch(now) : "", ...shown]
    .filter(Boolean)
    .join(" · ");
}

function render(names = Object.keys(SECTIONS)) {
  for (const name of names) {
    const { headline, parts } = SECTIONS[name]();
    const section = document.getElementById(name);
    section.querySelector(".headline").textContent = headline;
    section.querySelector(".figures").replaceChildren(...parts);
    Charts.find(section);
  }
}
function change(values) {
  choose(values);
  const focused = document.activeElement?.dataset?.choice;
  writeAddress();
  filterBar();
  render();
  if (focused) document.querySelector(`[data-choice="${focused}"]`)?.focus();
}
function trustLine() {
  const [told] = table("trust");
  if (!told) return;
  const isWell = !told.late_feeds && !told.wrong_days;
  const line = document.getElementById("trust-line");
  line.className = isWell ? "well" : "ill";
  line.textContent = say(isWell ? "trust.well" : "trust.ill", {
    feeds: write(told.feeds, "count"),
    late: write(told.late_feeds, "count"),
    days: write(told.reconciled_days, "count"),
    wrong: write(told.wrong_days, "count"),
    refused: write(told.refused_rows, "count"),
  });
}
function whole() {
  language = Language.current;
  writeAddress();
  trustLine();
  filterBar();
  render();
}
readAddress();
whole();
Language.listen(whole);
if (location.hash)
  document.querySelector(location.hash.replace(/[^#\w-]/g, ""))?.scrollIntoView({ behavior: "instant" });
document.documentElement.dataset.ready = "yes";
