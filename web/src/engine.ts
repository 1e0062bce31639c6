// The engine in the page: workers that run the plan of this report again, with changes. They come from a blob, so that a
// report that was opened from disk has them as well.
//
//     const engine = await Engine.start();           // null where the page carries none
//     await engine.set("precision", "10 to 20");     // as `entente run --set precision="10 to 20"`
//     const data = await engine.run(20000, { onLook, onDraws });
//
// One worker, the *desk*, holds the plan as it stands, gives first looks and puts parts of runs together; the *crew*
// makes the parts. A run is cancelled by ending the crew, which is started again when it is needed.

import type { Answer, Change, Order } from "./worker";

// The script of a worker, put in by build.mjs.
declare const ENGINE_WORKER: string;

const BATCH = 64; // draws that the engine runs together
const REMEMBERED = 4 * BATCH;
const QUICK = 110; // ms for a first look, of which some are spent whatever the number of draws
const ANYWAY = 35;
const MOST_CREW = 4; // each takes the memory of a run

// A block of the page: deflated without header, in base64 (src/results/live.c). Null where the page has none.
async function unpack(id: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const text = document.getElementById(id)?.textContent ?? "";
  if (text === "" || text.startsWith("@")) return null;
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  onDraws: (done: number) => void;
}

// A worker, and who waits for its answers.
class Hand {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  changes: readonly Change[] = []; // of the plan that it has

  constructor(address: string) {
    this.worker = new Worker(address);
    this.worker.addEventListener("message", (event: MessageEvent<Answer>) => this.hear(event.data));
    this.worker.addEventListener("error", (event) => this.fail(new Error(event.message || "the engine's worker failed")));
  }

  tell<T>(order: Order, onDraws: (done: number) => void = () => {}, transfer: Transferable[] = []): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.set(this.next, { resolve: resolve as (value: unknown) => void, reject, onDraws });
      this.worker.postMessage({ id: this.next++, order }, transfer);
    });
  }

  busy(): boolean {
    return this.waiting.size > 0;
  }

  end(): void {
    this.worker.terminate();
    this.fail(new Cancelled());
  }

  private hear(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    if (waiting === undefined) return;
    if ("draws" in answer) return waiting.onDraws(answer.draws);
    this.waiting.delete(answer.id);
    if ("error" in answer) waiting.reject(new Error(answer.error));
    else waiting.resolve(answer.value);
  }

  private fail(error: Error): void {
    for (const waiting of this.waiting.values()) waiting.reject(error);
    this.waiting.clear();
  }
}

// What a run that was cancelled, or overtaken by another one, is rejected with.
export class Cancelled extends Error {
  constructor() {
    super("the run was cancelled");
    this.name = "Cancelled";
  }
}

export interface RunEvents {
  // A first look, from few draws: the text of a data block with claims, quantities and provisions alone. Comes several
  // times, each time from more draws.
  onLook?: (text: string, draws: number) => void;
  // How many draws of the run are done.
  onDraws?: (done: number, total: number) => void;
}

type Now = <T>(value: T) => T;

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export class Engine {
  private crew: Hand[] = [];
  private changes: readonly Change[] = [];
  private runs = 0; // so far; a run that is no longer the last one is over
  private touched = ""; // the names that were set since the last look
  private readonly cost = new Map<string, number>(); // ms a draw of the look after these names were set

  private constructor(
    private readonly address: string,
    private readonly module: WebAssembly.Module,
    private readonly plan: Uint8Array,
    private readonly desk: Hand,
    private readonly size: number,
  ) {}

  // Null where this page carries no engine. `crew`: how many workers make the parts of a run.
  static async start(crew = Math.min(MOST_CREW, Math.max(1, (navigator.hardwareConcurrency || 2) - 1))): Promise<Engine | null> {
    const [code, plan] = await Promise.all([unpack("entente-engine"), unpack("entente-plan")]);
    if (code === null || plan === null) return null;
    const module = await WebAssembly.compile(code);
    const address = URL.createObjectURL(new Blob([ENGINE_WORKER], { type: "text/javascript" }));
    const desk = new Hand(address);
    await desk.tell({ do: "start", module, plan });
    await desk.tell({ do: "look", draws: BATCH }); // to be remembered: the next ones are quick
    const engine = new Engine(address, module, plan, desk, crew);
    engine.looks(BATCH, {}, engine.ifLast()).catch(() => {});
    return engine;
  }

  // The changes so far, in their order: what `entente run --set` takes.
  settings(): readonly Change[] {
    return this.changes;
  }

  // One change more; one that is refused changes nothing, and its error says what is allowed.
  async set(name: string, value: string): Promise<void> {
    this.cancel();
    await this.desk.tell({ do: "set", change: [name, value] });
    this.changes = [...this.changes, [name, value]];
    this.touched = this.touched.includes(`${name}\n`) ? this.touched : `${this.touched}${name}\n`;
  }

  // The plan of the report with these changes, or with none. Where one is refused there are none.
  async reset(changes: readonly Change[] = []): Promise<void> {
    this.cancel();
    this.changes = [];
    this.touched = "all";
    try {
      await this.desk.tell({ do: "plan", changes });
    } catch (error) {
      await this.desk.tell({ do: "plan", changes: [] });
      throw error;
    }
    this.changes = changes;
  }

  // The text of the report's data block after so many draws of the plan as it stands. Another run, a change or cancel()
  // ends it: it is then rejected with Cancelled.
  async run(draws: number, events: RunEvents = {}): Promise<string> {
    this.cancel();
    const now = this.ifLast();
    const first = Math.min(draws, this.affordable());
    await this.look(first, events, now);
    // The crew begins only where nobody has touched anything meanwhile: to end it and start it again takes its time.
    await this.looks(first, events, now, Math.min(draws, 2 * BATCH));
    const parts = this.makeParts(draws, events, now);
    parts.catch(() => {}); // heard of below
    await this.looks(Math.min(draws, 2 * BATCH), events, now, draws);
    for (const part of await parts)
      if (part.length > 0) await this.desk.tell({ do: "join", part }, undefined, [part.buffer]).then(now);
    await this.desk.tell({ do: "joined" }).then(now);
    return decode(now(await this.desk.tell<Uint8Array>({ do: "report" })));
  }

  // The JSON of `entente run --json` of the last run that has ended.
  async json(): Promise<string> {
    return decode(await this.desk.tell<Uint8Array>({ do: "json" }));
  }

  cancel(): void {
    this.runs++;
    this.crew = this.crew.filter((hand) => {
      const busy = hand.busy();
      if (busy) hand.end();
      return !busy;
    });
  }

  // Ends all workers; the engine is of no use then.
  end(): void {
    this.cancel();
    for (const hand of [...this.crew, this.desk]) hand.end();
    this.crew = [];
    URL.revokeObjectURL(this.address);
  }

  // Lets values through as long as no other run has begun.
  private ifLast(): Now {
    const run = this.runs;
    return (value) => {
      if (run !== this.runs) throw new Cancelled();
      return value;
    };
  }

  // How many draws a first look may have after what was touched.
  private affordable(): number {
    const each = this.cost.get(this.touched);
    const fit = each === undefined ? BATCH / 2 : (QUICK - ANYWAY) / each;
    return Math.min(BATCH, Math.max(BATCH / 4, 8 * Math.floor(fit / 8)));
  }

  private async look(draws: number, events: RunEvents, now: Now): Promise<void> {
    const began = performance.now(), touched = this.touched;
    const text = now(await this.desk.tell<Uint8Array>({ do: "look", draws }));
    if (touched !== "") this.cost.set(touched, Math.max(0.01, (performance.now() - began - ANYWAY) / draws));
    this.touched = "";
    events.onLook?.(decode(text), draws);
  }

  // From more and more draws, as far as they are remembered; one batch at a time, so that the desk is never busy for long.
  private async looks(from: number, events: RunEvents, now: Now, draws = REMEMBERED): Promise<void> {
    const end = Math.min(draws, REMEMBERED);
    for (let n = from; n < end; ) {
      n = Math.min(end, BATCH * (Math.floor(n / BATCH) + 1));
      await this.look(n, events, now);
    }
  }

  private async makeParts(draws: number, events: RunEvents, now: Now): Promise<Uint8Array<ArrayBuffer>[]> {
    while (this.crew.length < this.size) {
      const hand = new Hand(this.address);
      hand.tell({ do: "start", module: this.module, plan: this.plan }).catch(() => {});
      this.crew.push(hand);
    }
    const done = this.crew.map(() => 0), run = this.runs;
    const part = async (hand: Hand, k: number): Promise<Uint8Array<ArrayBuffer>> => {
      if (hand.changes !== this.changes) {
        hand.changes = this.changes;
        hand.tell({ do: "plan", changes: this.changes }).catch(() => {});
      }
      const order: Order = { do: "part", draws, k, n: this.size };
      const bytes = await hand.tell<Uint8Array<ArrayBuffer>>(order, (n) => {
        done[k] = n;
        if (run === this.runs) events.onDraws?.(done.reduce((a, b) => a + b, 0), draws);
      });
      return now(bytes);
    };
    const bytes = await Promise.all(this.crew.map(part));
    events.onDraws?.(draws, draws);
    return bytes;
  }
}
