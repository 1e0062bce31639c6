// What a person has open of one scenario: its files as they are on disk and as they are typed, and what is wrong with them.
import * as api from "./api";

export interface Open {
  path: string;
  text: string;   // as typed
  saved: string;  // as last read or written
  tag: string;
  clash: boolean; // another program wrote while there are changes here
}

export class Desk {
  readonly open = new Map<string, Open>();
  facts: api.FileFact[] = [];
  findings: api.Finding[] = [];
  error = "";
  checking = false;
  private listeners = new Set<() => void>();
  private timer = 0;
  private asked = 0;
  private unwatch: (() => void) | null = null;

  constructor(readonly scenario: api.Scenario) {
    this.facts = scenario.files;
  }

  start(): void {
    this.unwatch ??= api.watch(this.scenario.id, (files) => void this.onDisk(files));
  }
  stop(): void {
    this.unwatch?.();
    this.unwatch = null;
    window.clearTimeout(this.timer);
  }
  listen(on: () => void): () => void {
    this.listeners.add(on);
    return () => this.listeners.delete(on);
  }
  private tell(): void {
    for (const on of this.listeners) on();
  }

  get unsaved(): Open[] {
    return [...this.open.values()].filter((f) => f.text !== f.saved);
  }

  async file(path: string): Promise<Open> {
    const there = this.open.get(path);
    if (there !== undefined) return there;
    const { text, tag } = await api.readFile(this.scenario.id, path);
    const file = { path, text, saved: text, tag, clash: false };
    this.open.set(path, file);
    return file;
  }

  type(file: Open, text: string): void {
    file.text = text;
    this.tell();
    this.checkSoon(file);
  }

  checkSoon(file: Open): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.check(file), 300);
  }

  // The file as typed, among the others as they are on disk.
  async check(file: Open): Promise<void> {
    const mine = ++this.asked;
    this.checking = true;
    this.tell();
    try {
      const told = await api.check(this.scenario.id, file.path, file.text);
      if (mine !== this.asked) return;
      this.findings = told.findings;
      this.error = told.findings.some((f) => f.severity === "error") ? "" : told.error;
    } catch (error) {
      if (mine !== this.asked) return;
      this.findings = [];
      this.error = error instanceof Error ? error.message : String(error);
    }
    this.checking = false;
    this.tell();
  }

  // Saves; false where another program wrote meanwhile: nothing is overwritten.
  async save(file: Open): Promise<boolean> {
    const text = file.text;
    if (file.clash) return false;
    try {
      file.tag = await api.writeFile(this.scenario.id, file.path, text, file.tag);
    } catch (error) {
      if (!(error instanceof api.Refused) || error.status !== 409) throw error;
      file.clash = true;
      this.tell();
      return false;
    }
    file.saved = text;
    file.clash = false;
    this.tell();
    return true;
  }

  // What is on disk takes the place of what is typed.
  async take(file: Open): Promise<void> {
    const { text, tag } = await api.readFile(this.scenario.id, file.path);
    Object.assign(file, { text, saved: text, tag, clash: false });
    this.tell();
    this.checkSoon(file);
  }

  // What is typed stays, and the next save writes over what is on disk now.
  async keep(file: Open): Promise<void> {
    const { text, tag } = await api.readFile(this.scenario.id, file.path);
    Object.assign(file, { saved: text, tag, clash: false });
    this.tell();
  }

  private async onDisk(files: api.FileFact[]): Promise<void> {
    const changed = files.filter((f) => this.facts.find((g) => g.path === f.path)?.changed !== f.changed);
    this.facts = files;
    for (const file of this.open.values()) {
      if (!changed.some((f) => f.path === file.path)) continue;
      const { text, tag } = await api.readFile(this.scenario.id, file.path).catch(() => ({ text: file.saved, tag: file.tag }));
      if (tag === file.tag) continue; // our own save
      if (file.text === file.saved) Object.assign(file, { text, saved: text, tag });
      else file.clash = true;
    }
    this.tell();
    const any = this.open.values().next();
    if (changed.length > 0 && !any.done) this.checkSoon(any.value);
  }
}
