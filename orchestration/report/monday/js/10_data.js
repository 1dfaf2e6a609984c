// The tables of the page, as Python packed them: by columns, texts as their values and places, each
// up to the last value that it has.
const page = JSON.parse(document.getElementById("monday").textContent);
const ALL = "all";
// What stands in place of a figure: of too few people, of days that are not over or were before the
// first, or of a combination of filters that the marts do not answer.
const FEW = "few";
const NOT_YET = "not_yet";
const NOT_SO = "not_so";
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

const unpacked = new Map();
function table(name) {
  if (!unpacked.has(name)) {
    const columns = Object.entries(page.cubes[name] ?? {}).map(([column, values]) => [
      column,
      Array.isArray(values) ? values : values.at.map((place) => values.of[place]),
    ]);
    const length = Math.max(0, ...columns.map(([, values]) => values.length));
    unpacked.set(
      name,
      Array.from({ length }, (_, row) =>
        Object.fromEntries(columns.map(([column, values]) => [column, values[row] ?? null])),
      ),
    );
  }
  return unpacked.get(name);
}

const indexes = new Map();
// The row of a table whose columns have these values; undefined where there is none.
function find(name, values) {
  const columns = Object.keys(values);
  const index = `${name} ${columns}`;
  if (!indexes.has(index)) {
    indexes.set(
      index,
      new Map(table(name).map((row) => [columns.map((column) => row[column]).join("\n"), row])),
    );
  }
  return indexes.get(index).get(Object.values(values).join("\n"));
}
const where = (name, values) =>
  table(name).filter((row) => Object.entries(values).every(([column, value]) => row[column] === value));
const sum = (rows, column) => rows.reduce((total, row) => total + (row[column] ?? 0), 0);
const counted = (value) => (value === -1 ? FEW : value);
const regionOf = new Map(
  table("dims")
    .filter((row) => row.dim === "store")
    .map((row) => [row.code, row.within]),
);
