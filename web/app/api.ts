// What the server is asked (docs/serve.md). A refusal is an Error with the server's words.

export interface Listed { id: string; title: string; folder: string; runs: number }
export interface FileFact { path: string; bytes: number; changed: string }
export interface Scenario { id: string; title: string; folder: string; files: FileFact[] }
export interface Finding { file: string; line: number; column: number; severity: "error" | "warning"; message: string }
export interface Failure { error: string; findings: Finding[] }
export interface Run {
  id: string; title: string; note: string; started: string; seconds: number; seed: string; draws: number; draws_asked: number;
  interrupted: boolean; csv: boolean; command: string; settings: Record<string, string>;
  claims: { id: string; verdict: string; share: number | null }[];
}
export interface Job { id: string; state: "running" | "done" | "stopped" | "failed"; done: number; total: number; failure?: Failure }
export interface Port {
  name: string; shape: string; unit: string; low: number | null; high: number | null; fallback: number | null; choices: string;
  falls_back: string; meaning: string; required: boolean;
}
export interface Model { name: string; room: string; title: string; summary: string; equation: string; citation: string; inputs: Port[]; options: Port[]; outputs: Port[] }
export interface Pair { title: string; unit?: string; headline?: boolean; a: number | null; b: number | null; difference: number | null; mc_error: number | null; verdict_a?: string; verdict_b?: string }
export interface Comparison { draws: number; a: { title: string }; b: { title: string }; claims: Record<string, Pair>; quantities: Record<string, Pair>; only_a: string[]; only_b: string[] }
export interface Side { scenario: string; run?: string; settings?: Record<string, string> }

export class Refused extends Error {
  constructor(readonly status: number, message: string) { super(message); }
}

async function ask(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { method, body: body ?? null, headers });
  } catch {
    throw new Refused(0, "The server does not answer. Is `entente serve` still running?");
  }
  if (answer.ok) return answer;
  const told = (await answer.json().catch(() => null)) as Failure | null;
  throw new Refused(answer.status, told?.error ?? `The server refused (${answer.status})`);
}

const get = async <T>(path: string): Promise<T> => (await (await ask("GET", path)).json()) as T;
const post = async <T>(path: string, body: unknown): Promise<T> =>
  (await (await ask("POST", path, JSON.stringify(body), { "Content-Type": "application/json" })).json()) as T;

export const base = (id: string): string => `/api/scenarios/${encodeURIComponent(id)}`;
const filePath = (id: string, path: string): string => `${base(id)}/files/${path.split("/").map(encodeURIComponent).join("/")}`;

export const scenarios = (): Promise<{ version: string; scenarios: Listed[] }> => get("/api/scenarios");
export const create = (folder: string): Promise<{ id: string }> => post("/api/scenarios", { folder });
export const scenario = (id: string): Promise<Scenario> => get(base(id));
export const models = (): Promise<{ models: Model[] }> => get("/api/models");
export const runs = (id: string): Promise<{ runs: Run[] }> => get(`${base(id)}/runs`);
export const removeRun = async (id: string, run: string): Promise<void> => void (await ask("DELETE", `${base(id)}/runs/${run}`));
export const startRun = (id: string, body: unknown): Promise<{ id: string }> => post(`${base(id)}/runs`, body);
export const startCompare = (body: { a: Side; b: Side; draws?: number }): Promise<{ id: string }> => post("/api/compare", body);
export const cancel = (job: string): Promise<Job> => post(`/api/jobs/${job}/cancel`, {});
export const result = (job: string): Promise<Comparison> => get(`/api/jobs/${job}/result`);
export const runFile = (id: string, run: string, name: string): string => `${base(id)}/runs/${run}/${name}`;

export async function readFile(id: string, path: string): Promise<{ text: string; tag: string }> {
  const answer = await ask("GET", filePath(id, path));
  return { text: await answer.text(), tag: answer.headers.get("ETag") ?? "" };
}

// Writes over what was read with this tag; a Refused of status 409 says that another program wrote meanwhile.
export async function writeFile(id: string, path: string, text: string, tag: string): Promise<string> {
  const answer = await ask("PUT", filePath(id, path), text, { "If-Match": tag });
  return answer.headers.get("ETag") ?? "";
}

export async function check(id: string, path: string, text: string): Promise<Failure> {
  return (await (await ask("POST", `${base(id)}/check?file=${encodeURIComponent(path)}`, text, { "Content-Type": "text/plain" })).json()) as Failure;
}

// Progress of a job until it ends.
export function follow(job: string, on: (told: Job) => void): () => void {
  const source = new EventSource(`/api/jobs/${job}/events`);
  source.addEventListener("progress", (e) => on(JSON.parse((e as MessageEvent<string>).data) as Job));
  source.addEventListener("end", (e) => {
    source.close();
    on(JSON.parse((e as MessageEvent<string>).data) as Job);
  });
  return () => source.close();
}

// The scenario's files whenever one changes on disk. Only while the page is seen: a browser has few connections to give.
export function watch(id: string, on: (files: FileFact[]) => void): () => void {
  let source: EventSource | null = null;
  const look = (): void => {
    source?.close();
    source = null;
    if (document.visibilityState === "hidden") return;
    source = new EventSource(`${base(id)}/events`);
    source.addEventListener("files", (e) => on((JSON.parse((e as MessageEvent<string>).data) as { files: FileFact[] }).files));
    source.addEventListener("gone", () => source?.close());
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    source?.close();
  };
}
