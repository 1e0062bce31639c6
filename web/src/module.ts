// One instance of the engine: the exports of web/engine/engine.c as methods. Runs wherever WebAssembly does: in the
// page's workers, and in node for the tests.

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  engine_take(bytes: number): number;
  engine_give(at: number): void;
  engine_error(): number;
  engine_version(): number;
  engine_load(at: number, length: number): number;
  engine_reset(): number;
  engine_set(name: number, value: number): number;
  engine_run(draws: number): number;
  engine_look(draws: number): number;
  engine_part(draws: number, k: number, n: number): number;
  engine_join(at: number, length: number): number;
  engine_joined(): number;
  engine_json(): number;
  engine_report(): number;
  engine_text(): number;
  engine_text_length(): number;
}

// Called while a run goes on; true stops it after the draws under way.
export type OnDraws = (done: number, total: number) => boolean;

export class EngineModule {
  private readonly x: Exports;
  private onDraws: OnDraws = () => false;

  constructor(module: WebAssembly.Module) {
    const clock = (_id: number, _precision: bigint, at: number): number => {
      new DataView(this.x.memory.buffer).setBigUint64(at, BigInt(Math.round(performance.now() * 1e6)), true);
      return 0;
    };
    const instance = new WebAssembly.Instance(module, {
      page: { progress: (done: number, total: number): number => (this.onDraws(done, total) ? 1 : 0) },
      wasi_snapshot_preview1: { clock_time_get: clock },
    });
    this.x = instance.exports as unknown as Exports;
    this.x._initialize();
  }

  version(): string {
    return this.textAt(this.x.engine_version());
  }

  // A saved plan, as the report carries it.
  load(plan: Uint8Array): void {
    this.done(this.x.engine_load(this.put(plan), plan.length));
  }

  // Back to the plan as it was loaded.
  reset(): void {
    this.done(this.x.engine_reset());
  }

  // As `entente run --set NAME=VALUE`.
  set(name: string, value: string): void {
    const texts = [name, value].map((text) => this.put(new TextEncoder().encode(text)));
    const status = this.x.engine_set(texts[0] as number, texts[1] as number);
    for (const at of texts) this.x.engine_give(at);
    this.done(status);
  }

  run(draws: number, onDraws: OnDraws = () => false): void {
    this.onDraws = onDraws;
    this.done(this.x.engine_run(draws));
  }

  // Claims and outcomes of a few draws: only what follows from changes since the last look is computed.
  look(draws: number): void {
    this.onDraws = () => false;
    this.done(this.x.engine_look(draws));
  }

  // The k-th of n parts of a run, for join() of another module; empty where there is nothing for it to do.
  part(draws: number, k: number, n: number, onDraws: OnDraws = () => false): Uint8Array {
    this.onDraws = onDraws;
    this.done(this.x.engine_part(draws, k, n));
    return this.text();
  }

  join(part: Uint8Array): void {
    this.done(this.x.engine_join(this.put(part), part.length));
  }

  // All parts are there: then json() and report() are those of the run.
  joined(): void {
    this.done(this.x.engine_joined());
  }

  // The JSON of `entente run --json`.
  json(): Uint8Array {
    this.done(this.x.engine_json());
    return this.text();
  }

  // The data block of the report; after a look its claims, quantities and provisions alone.
  report(): Uint8Array {
    this.done(this.x.engine_report());
    return this.text();
  }

  private bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.x.memory.buffer, at >>> 0, length);
  }

  private put(bytes: Uint8Array): number {
    const at = this.x.engine_take(bytes.length + 1);
    if (at === 0) throw new Error("not enough memory in this page");
    const to = this.bytes(at, bytes.length + 1);
    to.set(bytes);
    to[bytes.length] = 0;
    return at;
  }

  private textAt(at: number): string {
    const all = new Uint8Array(this.x.memory.buffer);
    return new TextDecoder().decode(all.slice(at >>> 0, all.indexOf(0, at >>> 0)));
  }

  private text(): Uint8Array {
    return this.bytes(this.x.engine_text(), this.x.engine_text_length()).slice();
  }

  private done(status: number): void {
    if (status !== 0) throw new Error(this.textAt(this.x.engine_error()) || `the engine failed (${status})`);
  }
}
