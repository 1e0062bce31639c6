// What a worker of the page does: one engine, told by messages what to do, one at a time.

import { EngineModule } from "./module";

export type Change = readonly [name: string, value: string];
export type Order =
  | { do: "start"; module: WebAssembly.Module; plan: Uint8Array }
  | { do: "set"; change: Change }
  | { do: "plan"; changes: readonly Change[] } // that of the report, with these changes
  | { do: "look"; draws: number }
  | { do: "part"; draws: number; k: number; n: number }
  | { do: "join"; part: Uint8Array }
  | { do: "joined" | "json" | "report" };
export type Answer = { id: number; value: unknown } | { id: number; error: string } | { id: number; draws: number };

let engine: EngineModule | null = null;

function act(order: Order, onDraws: (done: number) => boolean): unknown {
  if (order.do === "start") {
    engine = new EngineModule(order.module);
    engine.load(order.plan);
    return engine.version();
  }
  if (engine === null) throw new Error("the engine has not been started");
  switch (order.do) {
    case "set":
      return engine.set(...order.change);
    case "plan":
      engine.reset();
      for (const change of order.changes) engine.set(...change);
      return null;
    case "look":
      engine.look(order.draws);
      return engine.report();
    case "part":
      return engine.part(order.draws, order.k, order.n, onDraws);
    case "join":
      return engine.join(order.part);
    case "joined":
      return engine.joined();
    case "json":
      return engine.json();
    case "report":
      return engine.report();
  }
}

const answer = (message: Answer, transfer: Transferable[] = []): void => postMessage(message, { transfer });

addEventListener("message", (event: MessageEvent<{ id: number; order: Order }>) => {
  const { id, order } = event.data;
  try {
    const value = act(order, (draws) => {
      answer({ id, draws });
      return false;
    });
    answer({ id, value }, value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : []);
  } catch (error) {
    answer({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
