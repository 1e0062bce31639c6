// Reading a block whose parts may be missing or of another kind: each reader gives what is there or its empty value.

import type { Num } from "./data";

export type Raw = Record<string, unknown>;

export const object = (x: unknown): Raw => (typeof x === "object" && x !== null && !Array.isArray(x) ? (x as Raw) : {});
export const list = (x: unknown): unknown[] => (Array.isArray(x) ? x : []);
export const text = (x: unknown): string => (typeof x === "string" ? x : x === null || x === undefined ? "" : String(x));
export const number = (x: unknown): Num => (typeof x === "number" && Number.isFinite(x) ? x : null);
export const truth = (x: unknown): boolean => x === true;

export function readMap<T>(x: unknown, each: (value: unknown, key: string) => T): Record<string, T> {
  const out: Record<string, T> = Object.create(null) as Record<string, T>;
  for (const [key, value] of Object.entries(object(x))) out[key] = each(value, key);
  return out;
}

export function readList<T>(x: unknown, each: (value: Raw, key: string) => T): T[] {
  return Object.entries(object(x)).map(([key, value]) => each(object(value), key));
}
