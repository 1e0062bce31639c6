// A table as cells and back: the delimiter that the first line has most of, quotes around what needs them.

export interface Table { delimiter: string; end: string; rows: string[][] }

export function readTable(text: string): Table {
  const head = text.split("\n", 1)[0] ?? "";
  const delimiter = [",", ";", "\t"].reduce((a, b) => (head.split(b).length > head.split(a).length ? b : a));
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const body = text.replace(/\r\n/g, "\n").replace(/\n$/, "");
  for (let i = 0; i < body.length; i++) {
    const c = body[i] ?? "";
    if (quoted) {
      if (c !== '"') cell += c;
      else if (body[i + 1] === '"') cell += body[i++];
      else quoted = false;
    } else if (c === '"' && cell === "") quoted = true;
    else if (c === delimiter || c === "\n") {
      rows[rows.length - 1]?.push(cell);
      cell = "";
      if (c === "\n") rows.push([]);
    } else cell += c;
  }
  rows[rows.length - 1]?.push(cell);
  return { delimiter, end: text.includes("\r\n") ? "\r\n" : "\n", rows };
}

export function writeTable(table: Table): string {
  const cell = (c: string): string => (c.includes(table.delimiter) || /["\n\r]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c);
  return table.rows.map((row) => row.map(cell).join(table.delimiter)).join(table.end) + table.end;
}
