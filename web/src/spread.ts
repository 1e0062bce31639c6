// Labels beside what they name that never overlap: each as near to its place as the others allow.

import { label, line } from "./dom";

// The places nearest to those wanted (least squares) that keep a gap: with z_i = y_i - i gap the gap becomes an order, and
// pooling adjacent violators gives the nearest ordered z (Ayer et al. 1955, doi:10.1214/aoms/1177728423).
export function spread(wanted: number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  const step = Math.min(gap, (high - low) / Math.max(1, order.length - 1));
  const pools: { sum: number; n: number }[] = [];
  order.forEach((index, i) => {
    pools.push({ sum: (wanted[index] ?? 0) - i * step, n: 1 });
    for (;;) {
      const [a, b] = [pools[pools.length - 2], pools[pools.length - 1]];
      if (a === undefined || b === undefined || a.sum / a.n <= b.sum / b.n) break;
      pools.splice(-2, 2, { sum: a.sum + b.sum, n: a.n + b.n });
    }
  });
  const out = Array<number>(wanted.length).fill(0);
  let i = 0;
  for (const { sum, n } of pools)
    for (let k = 0; k < n; k++, i++) {
      const z = Math.max(low, Math.min(high - (order.length - 1) * step, sum / n));
      out[order[i] ?? 0] = z + i * step;
    }
  return out;
}

export interface LineEnd {
  y: number; // where the line ends
  text: string;
  type: string; // classes of the words
}

// Labels at the right ends of lines, with a hairline from each end to its label.
export function lineEnds(ends: LineEnd[], x: number, gap: number, low: number, high: number): SVGElement[] {
  const at = spread(ends.map((e) => e.y), gap, low, high);
  return ends.flatMap((end, i) => {
    const y = at[i] ?? end.y;
    return [line(x + 2, end.y, x + 12, y, "lead"), label(x + 15, y + 4, end.text, end.type)];
  });
}
