// An outline of a scenario's YAML: keys with the place of their values, so that a form can show a value and put another in its
// place, byte for byte, and leave all else (comments, order, blanks) as it was. It reads block mappings and flow mappings on
// one line; what it does not understand it leaves out, and the server's check stays the judge.

export interface Entry {
  key: string;
  line: number;       // from 1
  from: number;       // the value's place in the text
  to: number;
  indent: number;     // of the key; -1 within braces
  children: Entry[];
}

function unquote(text: string): string {
  if (text.length >= 2 && text.startsWith('"') && text.endsWith('"')) {
    try {
      return JSON.parse(text) as string;
    } catch {
      return text.slice(1, -1);
    }
  }
  return text.length >= 2 && text.startsWith("'") && text.endsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text;
}

// Where a plain or quoted scalar, or a bracket, that begins at `at` ends. `flow`: within braces, where a comma ends it.
function endOf(text: string, at: number, flow: boolean): number {
  const first = text[at];
  if (first === '"' || first === "'") {
    for (let i = at + 1; i < text.length && text[i] !== "\n"; i++) {
      if (first === '"' && text[i] === "\\") i++;
      else if (text[i] === first) {
        if (first === "'" && text[i + 1] === "'") i++;
        else return i + 1;
      }
    }
    return at;
  }
  if (first === "{" || first === "[") {
    for (let i = at + 1; i < text.length && text[i] !== "\n"; ) {
      const c = text[i];
      if (c === "}" || c === "]") return i + 1;
      if (c === "," || c === " " || c === ":") i++;
      else {
        const next = endOf(text, i, true);
        if (next <= i) return at;
        i = next;
      }
    }
    return at;
  }
  let i = at;
  for (; i < text.length && text[i] !== "\n"; i++) {
    if (text[i] === "#" && i > at && /\s/.test(text[i - 1] ?? "")) break;
    if (flow && (text[i] === "," || text[i] === "}" || text[i] === "]")) break;
    if (flow && text[i] === ":" && /\s/.test(text[i + 1] ?? " ")) break;
  }
  while (i > at && /[ \t\r]/.test(text[i - 1] ?? "")) i--;
  return i;
}

function flowChildren(text: string, from: number, line: number): Entry[] {
  const found: Entry[] = [];
  let at = from + 1;
  while (at < text.length) {
    while (/[ ,]/.test(text[at] ?? "")) at++;
    if (text[at] === "}" || text[at] === "\n" || text[at] === undefined) break;
    const keyEnd = endOf(text, at, true);
    let colon = keyEnd;
    while (text[colon] === " ") colon++;
    if (keyEnd <= at || text[colon] !== ":") break;
    const key = unquote(text.slice(at, keyEnd));
    at = colon + 1;
    while (text[at] === " ") at++;
    const to = endOf(text, at, true);
    if (to < at) break;
    found.push({ key, line, from: at, to, indent: -1, children: text[at] === "{" ? flowChildren(text, at, line) : [] });
    if (to === at) break;
    at = to;
  }
  return found;
}

export function outline(text: string): Entry[] {
  const top: Entry[] = [];
  const stack: Entry[] = [];
  let offset = 0;
  let hidden = Infinity; // within a block scalar (| or >): lines deeper than this are its text
  text.split("\n").forEach((lineText, i) => {
    const start = offset;
    offset += lineText.length + 1;
    if (/^\s*(#.*)?\r?$/.test(lineText)) return;
    const indent = lineText.length - lineText.trimStart().length;
    if (indent > hidden) return;
    hidden = Infinity;
    const keyEnd = endOf(text, start + indent, true);
    let colon = keyEnd;
    while (text[colon] === " ") colon++;
    if (keyEnd <= start + indent || text[colon] !== ":" || lineText[indent] === "-" || lineText[indent] === "{") return;
    let from = colon + 1;
    while (text[from] === " ") from++;
    const blank = from >= start + lineText.length || text[from] === "#" || text[from] === "\r";
    const entry: Entry = { key: unquote(text.slice(start + indent, keyEnd)), line: i + 1, from: blank ? colon + 1 : from, to: blank ? colon + 1 : endOf(text, from, false), indent, children: [] };
    if (text[from] === "|" || text[from] === ">") hidden = indent;
    if (text[from] === "{") entry.children = flowChildren(text, from, i + 1);
    while (stack.length > 0 && (stack[stack.length - 1]?.indent ?? 0) >= indent) stack.pop();
    (stack[stack.length - 1]?.children ?? top).push(entry);
    stack.push(entry);
  });
  return top;
}

export const child = (entries: Entry[] | undefined, key: string): Entry | undefined => entries?.find((e) => e.key === key);
// A text of several lines: after | or >.
export const isBlock = (text: string, entry: Entry): boolean => /^[|>]/.test(text.slice(entry.from, entry.to));

export function valueOf(text: string, entry: Entry): string {
  if (!isBlock(text, entry)) return unquote(text.slice(entry.from, entry.to));
  const lines: string[] = [];
  for (const line of text.slice(entry.to).split("\n").slice(1)) {
    if (line.trim() !== "" && line.length - line.trimStart().length <= entry.indent) break;
    lines.push(line.trim());
  }
  return lines.join(" ").trim();
}

// A value as YAML has it: quoted where a reader of YAML would take it for something else.
export function written(value: string, before: string, flow: boolean): string {
  const v = value.trim().replaceAll("\n", " ");
  if (/^[[{]/.test(v) && /[\]}]$/.test(v)) return v; // a list or a mapping, as the user wrote it
  const risky = v === "" || /^[\s>|&*!%@`#'"?-]/.test(v) && !/^-\d/.test(v) || /: |:$| #|["\\]/.test(v) || (flow && /[,[\]{}]/.test(v));
  return risky || before.startsWith('"') ? JSON.stringify(v) : v;
}

export function replaced(text: string, entry: Entry, value: string): string {
  const before = text.slice(entry.from, entry.to);
  const space = /\s/.test(text[entry.from - 1] ?? "") ? "" : " ";
  return text.slice(0, entry.from) + space + written(value, before, entry.indent < 0) + text.slice(entry.to);
}

// A key that is not there yet, after the last of its mapping.
export function inserted(text: string, parent: Entry, key: string, value: string): string {
  const flow = text[parent.from] === "{";
  const put = `${key}: ${written(value, "", flow)}`;
  if (flow) {
    const close = parent.to - 1;
    return `${text.slice(0, close).trimEnd()}${parent.children.length > 0 ? ", " : ""}${put}${text.slice(close)}`;
  }
  const first = parent.children[0];
  const indent = first?.indent ?? parent.indent + 2;
  const lines = text.split("\n");
  let last = parent.line;
  const deepest = (entry: Entry): void => {
    last = Math.max(last, entry.line);
    entry.children.forEach(deepest);
  };
  deepest(parent);
  lines.splice(last, 0, `${" ".repeat(indent)}${put}`);
  return lines.join("\n");
}
