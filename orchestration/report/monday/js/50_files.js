// A table as a file, made in the browser: CSV, or an Excel workbook of one sheet.
// As a spreadsheet reads it: blanks before it are none, and full-width signs are signs.
const isFormula = /^[\s\u0000-\u001f]*[-=+@＝＋－＠]/;
function save(name, type, ...parts) {
  const link = h("a", { href: URL.createObjectURL(new Blob(parts, { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
// Texts that a spreadsheet would reckon with are kept from it by an apostrophe.
const inert = (text) => (isFormula.test(text) ? `'${text}` : text);
function csv(head, rows) {
  const field = (value) => {
    const text = typeof value === "number" ? String(value) : inert(String(value ?? ""));
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\ufeff${[head, ...rows].map((row) => row.map(field).join(",")).join("\r\n")}\r\n`;
}

const xml = (text) =>
  String(text)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "")
    .replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
function columnLetters(place) {
  const rest = String.fromCharCode(65 + (place % 26));
  return place < 26 ? rest : columnLetters(Math.floor(place / 26) - 1) + rest;
}
function sheet(head, rows) {
  const cell = (value, column, row, style) => {
    const at = `r="${columnLetters(column)}${row}"`;
    if (value === null || value === undefined || value === "") return "";
    return typeof value === "number"
      ? `<c ${at}><v>${value}</v></c>`
      : `<c ${at} t="inlineStr"${style}><is><t xml:space="preserve">${xml(value)}</t></is></c>`;
  };
  const lines = [head, ...rows].map(
    (values, row) =>
      `<row r="${row + 1}">${values.map((value, column) => cell(value, column, row + 1, row ? "" : ' s="1"')).join("")}</row>`,
  );
  const widths = head.map((title, column) => {
    const longest = Math.max(
      ...[title, ...rows.map((row) => row[column])].map((value) =>
        [...String(value ?? "")].reduce((w, c) => w + (c > "\u2e80" ? 2 : 1), 0),
      ),
    );
    return `<col min="${column + 1}" max="${column + 1}" width="${Math.min(60, longest + 2)}" customWidth="1"/>`;
  });
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join("")}</cols><sheetData>${lines.join("")}</sheetData><autoFilter ref="A1:${columnLetters(head.length - 1)}${rows.length + 1}"/></worksheet>`;
}
function workbook(title, head, rows) {
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const relations = "http://schemas.openxmlformats.org/package/2006/relationships";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const name = xml(title.replace(/[[\]:*?/\\]/g, " ").slice(0, 31));
  return zipped({
    "[Content_Types].xml": `${declared}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kinds}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${kinds}.styles+xml"/></Types>`,
    "_rels/.rels": `${declared}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${declared}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${declared}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": `${declared}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
    "xl/worksheets/sheet1.xml": sheet(head, rows),
  });
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});
const checksum = (bytes) => ~bytes.reduce((rest, byte) => CRC[(rest ^ byte) & 255] ^ (rest >>> 8), -1) >>> 0;
// Files in an archive, as they are: what a browser may open without a library is not worth packing.
function zipped(files) {
  const encoder = new TextEncoder();
  const entry = (signature, fields) => {
    const bytes = new DataView(new ArrayBuffer(4 + fields.reduce((size, [width]) => size + width, 0)));
    bytes.setUint32(0, signature, true);
    let at = 4;
    for (const [width, value] of fields) {
      if (width === 2) bytes.setUint16(at, value, true);
      else bytes.setUint32(at, value, true);
      at += width;
    }
    return new Uint8Array(bytes.buffer);
  };
  const [parts, directory] = [[], []];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const [name, bytes] = [encoder.encode(path), encoder.encode(content)];
    // Names in UTF-8, stored, of 1 January 1980, so that the same table gives the same file.
    const told = [
      [2, 20],
      [2, 0x800],
      [2, 0],
      [2, 0],
      [2, 0x21],
      [4, checksum(bytes)],
      [4, bytes.length],
      [4, bytes.length],
      [2, name.length],
      [2, 0],
    ];
    parts.push(entry(0x04034b50, told), name, bytes);
    directory.push(entry(0x02014b50, [[2, 20], ...told, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), name);
    offset += 30 + name.length + bytes.length;
  }
  const size = directory.reduce((total, part) => total + part.length, 0);
  const count = Object.keys(files).length;
  return [
    ...parts,
    ...directory,
    entry(0x06054b50, [
      [2, 0],
      [2, 0],
      [2, count],
      [2, count],
      [4, size],
      [4, offset],
      [2, 0],
    ]),
  ];
}
function downloads(name, title, head, rows) {
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const file = `${name}-${page.as_of}`;
  return h(
    "p",
    { class: "downloads" },
    h(
      "button",
      {
        type: "button",
        on: { click: () => save(`${file}.csv`, "text/csv;charset=utf-8", csv(head(), rows())) },
      },
      say("download.csv"),
    ),
    h(
      "button",
      { type: "button", on: { click: () => save(`${file}.xlsx`, type, ...workbook(title, head(), rows())) } },
      say("download.xlsx"),
    ),
  );
}
