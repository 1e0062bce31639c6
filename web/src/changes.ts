// Changes of a scenario, as `entente run --set` takes them, and how they travel: in a link, in a file, in a command.

export type Setting = readonly [name: string, value: string];

const PREFIX = "what-if=";
const escaped = (text: string): string => encodeURIComponent(text).replaceAll("~", "%7E").replaceAll("!", "%21"); // the marks between

export function toFragment(changes: readonly Setting[]): string {
  return `#${PREFIX}${changes.map(([name, value]) => `${escaped(name)}~${escaped(value)}`).join("!")}`;
}

export function fromFragment(hash: string): Setting[] {
  const text = hash.replace(/^#/, "");
  if (!text.startsWith(PREFIX)) return [];
  return text
    .slice(PREFIX.length)
    .split("!")
    .flatMap((part) => {
      const [name, value] = part.split("~");
      if (name === undefined || value === undefined || name === "") return [];
      try {
        return [[decodeURIComponent(name), decodeURIComponent(value)] as const];
      } catch {
        return [];
      }
    });
}

const plainWord = /^[\w@%+=:,./-]+$/;
const shell = (word: string): string => (plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export function commandOf(command: string, changes: readonly Setting[]): string {
  return `${command}${changes.map(([name, value]) => ` --set ${shell(`${name}=${value}`)}`).join("")}`;
}

// A file of changes: what was saved here, or an object of names and values.
export function fromFile(text: string): Setting[] {
  const raw: unknown = JSON.parse(text);
  const changes = typeof raw === "object" && raw !== null && "changes" in raw ? (raw as { changes: unknown }).changes : raw;
  const pairs = Array.isArray(changes) ? changes : Object.entries((changes ?? {}) as object);
  return pairs.map((pair) => {
    if (!Array.isArray(pair) || typeof pair[0] !== "string" || typeof pair[1] !== "string") throw new Error("a change is a name and a value, both text");
    return [pair[0], pair[1]] as const;
  });
}
