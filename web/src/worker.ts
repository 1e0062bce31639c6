// What a worker of the page does: one engine, told by messages what to do, one at a time.

import { EngineModule } from "./module";

export type Order =
  | { do: "start"; module: WebAssembly.Module; plan: Uint8Array }
  | { do: "reset" }
  | { do: "set"; name: string; value: string }
  | { do: "run"; draws: number }
  | { do: "json" | "report" };
export type Answer = { id: number; value: unknown } | { id: number; error: string } | { id: number; draws: number; total: number };

let engine: EngineModule | null = null;

function act(order: Order, onDraws: (done: number, total: number) => boolean): unknown {
  if (order.do === "start") {
    engine = new EngineModule(order.module);
    engine.load(order.plan);
    return engine.version();
  }
  if (engine === null) throw new Error("the engine has not been started");
  if (order.do === "set") return engine.set(order.name, order.value);
  if (order.do === "run") return engine.run(order.draws, onDraws);
  if (order.do === "json") return engine.json();
  if (order.do === "report") return engine.report();
  return engine.reset();
}

const answer = (message: Answer, transfer: Transferable[] = []): void => postMessage(message, { transfer });

addEventListener("message", (event: MessageEvent<{ id: number; order: Order }>) => {
  const { id, order } = event.data;
  try {
    const value = act(order, (draws, total) => {
      answer({ id, draws, total });
      return false;
    });
    answer({ id, value }, value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : []);
  } catch (error) {
    answer({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
