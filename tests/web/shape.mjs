// Where the data of votes, alliances and wars leave the form of docs/report-data.md: the page skips what it cannot read,
// so that a mistake of the writer would be seen by nobody.

const ARMS = ["without", "with", "taken"];
const POINT = ["mean", "mc_error", "p05", "p25", "p50", "p75", "p95", "sd", "quantile_error", "undefined", "dots"];
const SERIES = ["mean", "mc_error", "p05", "p25", "p50", "p75", "p95"];

const KEYS = {
  decisions: ["id", "title", "group", "members", "issue", "from", "to", "rule", "rounds", "years", "asked", "by_year", "chance", "blocks", "accept", "gridlock", "expected_time"],
  power: ["id", "title", "rule", "method", "members"],
  burdens: ["id", "title", "unit", "years", "members", "under_provision", "rank_correlation"],
  memberships: ["id", "title", "year", "members"],
  deterrence: ["id", "title", "challenger", "years", "challenge", "force", "honour_year", "honour"],
  capability: ["id", "title", "unit", "without_ally", "years", "stock", "required", "first_closed", "window"],
  wars: ["id", "title", "a", "b", "start", "months", "known", "states", "line", "concession", "leverage_a", "leverage_a_no_aid", "events"],
};
const OPTIONAL = ["under_provision", "rank_correlation", "force", "gridlock", "expected_time", "window", "known", "from", "to", "concession", "leverage_a", "leverage_a_no_aid"];
const STATES = ["fighting", "frozen", "settled", "collapse_a", "collapse_b"];

export function shapeErrors(data) {
  const errors = [];
  const say = (where, what) => errors.push(`${where}: ${what}`);
  const isNumber = (x) => x === null || (typeof x === "number" && Number.isFinite(x));
  const known = (where, x, keys, optional = OPTIONAL) => {
    for (const key of Object.keys(x ?? {})) if (!keys.includes(key)) say(where, `“${key}” is no key`);
    for (const key of keys) if (x?.[key] === undefined && !optional.includes(key)) say(where, `“${key}” is missing`);
  };
  const ordered = (where, x) => {
    const q = ["p05", "p25", "p50", "p75", "p95"].map((k) => x[k]).filter((v) => typeof v === "number");
    if (q.some((v, i) => i > 0 && v < q[i - 1])) say(where, `quantiles fall: ${q}`);
  };
  const point = (where, x) => {
    if (x === null || typeof x !== "object") return void say(where, "is no number over draws");
    known(where, x, POINT, POINT);
    for (const key of ["mean", "mc_error", "p05", "p50", "p95"]) if (x[key] !== undefined && !isNumber(x[key])) say(where, `${key} is ${x[key]}`);
    ordered(where, x);
  };
  const series = (n) => (where, x) => {
    if (x === null || typeof x !== "object") return void say(where, "is no series");
    known(where, x, SERIES, SERIES);
    for (const [key, list] of Object.entries(x)) {
      if (!Array.isArray(list) || list.length !== n) say(where, `${key} has ${list?.length} values, not ${n}`);
      else if (!list.every(isNumber)) say(where, `${key} has a value that is no number`);
    }
    for (let i = 0; i < n; i++) ordered(`${where}[${i}]`, Object.fromEntries(SERIES.map((k) => [k, x[k]?.[i]])));
  };
  const share = (where, x) => {
    for (const v of [x?.mean].flat()) if (typeof v === "number" && (v < -1e-9 || v > 1 + 1e-9)) say(where, `${v} is no share`);
  };
  const arms = (where, x, each) => {
    if (x === undefined || x === null) return;
    if (x.with === undefined) return void say(where, "has no arm “with”");
    for (const arm of ARMS) if (x[arm] !== undefined) each(`${where}.${arm}`, x[arm]);
  };
  const byActor = (where, list, each = point) => (list ?? []).forEach((m) => {
    if (typeof m.actor !== "string" || m.actor === "") say(where, "a member has no actor");
    known(`${where}[${m.actor}]`, m, ["actor", ...ARMS], ARMS);
    arms(`${where}[${m.actor}]`, m, each);
  });
  const both = (...checks) => (where, x) => checks.forEach((check) => check(where, x));

  for (const [key, keys] of Object.entries(KEYS))
    for (const entry of data[key] ?? []) {
      const where = `${key}.${entry.id}`;
      known(where, entry, keys);
      const n = entry.years?.length ?? entry.months ?? 0;
      if (entry.years?.some((y, i) => i > 0 && y <= entry.years[i - 1])) say(where, "years do not rise");
      if (key === "decisions") {
        for (const k of ["by_year", "chance"]) arms(`${where}.${k}`, entry[k], both(series(n), share));
        for (const k of ["blocks", "accept"]) byActor(`${where}.${k}`, entry[k]);
        for (const year of entry.asked ?? []) if (!entry.years.includes(year)) say(where, `asked in ${year}, which is none of its years`);
        arms(`${where}.expected_time`, entry.expected_time, point);
        arms(`${where}.by_year`, entry.by_year, (w, x) => x.mean?.some((v, i) => i > 0 && v !== null && v < x.mean[i - 1] - 1e-6) && say(w, "what is adopted does not stay so"));
      }
      if (key === "power")
        for (const index of ["shapley_shubik", "banzhaf"]) {
          const sum = entry.members.reduce((a, m) => a + m[index], 0);
          if (Math.abs(sum - 1) > 1e-3) say(where, `${index} adds up to ${sum}`);
        }
      if (key === "burdens") {
        for (const m of entry.members) {
          known(`${where}[${m.actor}]`, m, ["actor", "gdp_share", "burden", "alone", "free_ride"], ["free_ride"]);
          arms(`${where}[${m.actor}].burden`, m.burden, series(n));
          for (const k of ["alone", "free_ride"]) arms(`${where}[${m.actor}].${k}`, m[k], point);
        }
        const sum = entry.members.reduce((a, m) => a + m.gdp_share, 0);
        if (Math.abs(sum - 1) > 1e-2) say(where, `gdp_share adds up to ${sum}`);
        for (const k of ["under_provision", "rank_correlation"]) arms(`${where}.${k}`, entry[k], series(n));
      }
      if (key === "memberships") for (const m of entry.members) arms(`${where}[${m.actor}]`, m.equivalent, point);
      if (key === "deterrence") {
        for (const k of ["challenge", "force"]) arms(`${where}.${k}`, entry[k], both(series(n), share));
        byActor(`${where}.honour`, entry.honour, both(point, share));
      }
      if (key === "capability") {
        for (const k of ["stock", "required"]) arms(`${where}.${k}`, entry[k], series(n));
        arms(`${where}.window`, entry.window, point);
        arms(`${where}.first_closed`, entry.first_closed, (w, x) => {
          if (x.dots?.length !== 20 || !x.dots.every(isNumber)) say(w, "has not 20 dots");
          else if (x.dots.some((v, i) => i > 0 && (v ?? Infinity) < (x.dots[i - 1] ?? Infinity))) say(w, "dots are not in order");
        });
      }
      if (key === "wars") {
        if (!/^-?\d{1,4}-\d{2}$/.test(entry.start)) say(where, `start “${entry.start}” is no month`);
        for (const k of Object.keys(entry.states)) if (!STATES.includes(k)) say(where, `“${k}” is no state`);
        for (const k of STATES) arms(`${where}.${k}`, entry.states[k], both(series(n), share));
        for (const arm of ARMS)
          for (let i = 0; i < n && entry.states.fighting?.[arm]; i++) {
            const sum = STATES.reduce((a, k) => a + (entry.states[k]?.[arm]?.mean[i] ?? 0), 0);
            if (Math.abs(sum - 1) > 2e-3) say(where, `states ${arm} add up to ${sum} in month ${i}`);
          }
        for (const k of ["line", "concession", "leverage_a", "leverage_a_no_aid"]) arms(`${where}.${k}`, entry[k], series(n));
        for (const e of entry.events ?? []) arms(`${where}.${e.id}`, e, both(series(n), share));
      }
    }
  for (const [i, story] of (data.stories ?? []).entries()) {
    const where = `stories[${i}] (${story.issue}, ${story.model}, ${story.arm})`;
    if (story.positions.some((row) => row.length !== story.actors.length || !row.every(Number.isFinite))) say(where, "a row of positions is not whole");
    if (story.median.length !== story.positions.length || story.mean.length !== story.positions.length) say(where, "median and mean are not as long as the rounds");
    for (const o of story.offers)
      if (!story.actors.includes(o.from) || !story.actors.includes(o.to) || o.round < 1 || o.round >= story.positions.length + 1) say(where, `an offer of ${o.from} to ${o.to} in round ${o.round}`);
  }
  return errors;
}
