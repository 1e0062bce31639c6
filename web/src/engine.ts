// The engine in the page: workers that run the plan of this report again. They come from a blob, so that a report that
// was opened from disk has them as well.

import type { Answer, Order } from "./worker";

// The script of a worker, put in by build.mjs.
declare const ENGINE_WORKER: string;

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
  onDraws: (done: number, total: number) => void;
}

class Hand {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;

  constructor(address: string) {
    this.worker = new Worker(address);
    this.worker.addEventListener("message", (event: MessageEvent<Answer>) => this.hear(event.data));
    this.worker.addEventListener("error", (event) => this.fail(new Error(event.message)));
  }

  tell<T>(order: Order, onDraws: (done: number, total: number) => void = () => {}): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.set(this.next, { resolve: resolve as (value: unknown) => void, reject, onDraws });
      this.worker.postMessage({ id: this.next++, order });
    });
  }

  end(): void {
    this.worker.terminate();
    this.fail(new Error("stopped"));
  }

  private hear(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    if (waiting === undefined) return;
    if ("draws" in answer) return waiting.onDraws(answer.draws, answer.total);
    this.waiting.delete(answer.id);
    if ("error" in answer) waiting.reject(new Error(answer.error));
    else waiting.resolve(answer.value);
  }

  private fail(error: Error): void {
    for (const waiting of this.waiting.values()) waiting.reject(error);
    this.waiting.clear();
  }
}

export class Engine {
  private constructor(private readonly hand: Hand) {}

  // Null where this page carries no engine.
  static async start(): Promise<Engine | null> {
    const [code, plan] = await Promise.all([unpack("entente-engine"), unpack("entente-plan")]);
    if (code === null || plan === null) return null;
    const address = URL.createObjectURL(new Blob([ENGINE_WORKER], { type: "text/javascript" }));
    const hand = new Hand(address);
    await hand.tell({ do: "start", module: await WebAssembly.compile(code), plan });
    URL.revokeObjectURL(address);
    return new Engine(hand);
  }

  // A change, as `entente run --set NAME=VALUE` makes it; one that is refused changes nothing and says what is allowed.
  set(name: string, value: string): Promise<void> {
    return this.hand.tell({ do: "set", name, value });
  }

  // Back to the plan of the report.
  reset(): Promise<void> {
    return this.hand.tell({ do: "reset" });
  }

  // The text of the report's data block after so many draws of the plan as it stands.
  async run(draws: number, onDraws?: (done: number, total: number) => void): Promise<Uint8Array> {
    await this.hand.tell({ do: "run", draws }, onDraws);
    return this.hand.tell({ do: "report" });
  }

  // That of `entente run --json`.
  json(): Promise<Uint8Array> {
    return this.hand.tell({ do: "json" });
  }
}
