// Three charts: how much time people have, how far they are, what the machine carries.

import { byId, h, mark, say, svg } from "./dom.js";
import { hasBegun, isDone, isOver } from "./tell.js";
import { bytes, count, length, notebook } from "./words.js";

/** Draw rows of labelled bars, each of parts `{kind, value, label}`, as one table. */
class Bars {
  #rows = new Map();

  constructor(parent, heading) {
    this.list = h("ul", { class: "bars", "aria-label": heading });
    parent.append(this.list);
  }

  update(rows) {
    this.list.hidden = rows.length === 0;
    for (const key of this.#rows.keys()) {
      if (rows.some((row) => row.key === key)) continue;
      this.#rows.get(key).item.remove();
      this.#rows.delete(key);
    }
    for (const row of rows) this.#draw(row);
  }

  #draw({ key, name, whole, parts, said, hint }) {
    const found = this.#rows.get(key) ?? this.#make(key, name, parts);
    let x = 0;
    parts.forEach(({ kind, value }, index) => {
      const width = whole > 0 ? Math.min(100 - x, (value / whole) * 100) : 0;
      mark(found.rects[index], "class", kind);
      mark(found.rects[index], "x", x.toFixed(2));
      mark(found.rects[index], "width", Math.max(0, width).toFixed(2));
      x += width;
    });
    say(found.said, said);
    mark(found.item, "title", hint);
  }

  #make(key, name, parts) {
    const rects = parts.map(() => svg("rect", { height: 10, width: 0 }));
    const said = h("span", { class: "figure" });
    const picture = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { class: "track", width: 100, height: 10 }), rects);
    const item = h("li", {}, h("span", { class: "bar-name" }, name), picture, said);
    this.list.append(item);
    const made = { item, rects, said };
    this.#rows.set(key, made);
    return made;
  }
}

const STEPS = [
  ["up to 10 min", 10], ["up to 30 min", 30], ["up to 1 h", 60], ["up to 2 h", 120], ["more", Infinity],
];

/** Sort people by the time that they have left. */
export class TimeLeft {
  constructor(clock) {
    this.clock = clock;
    this.bars = new Bars(byId("left-chart"), "Attendees by time left");
  }

  update({ seats, camp }) {
    const counts = STEPS.map(() => 0);
    let least = Infinity;
    for (const seat of seats) {
      const left = this.clock.left(seat, camp.paused);
      if (left == null || isOver(seat)) continue;
      least = Math.min(least, left);
      counts[STEPS.findIndex(([, minutes]) => left <= minutes * 60)] += 1;
    }
    const whole = Math.max(1, ...counts);
    this.bars.update(STEPS.map(([name], index) => ({
      key: name, name, whole, said: String(counts[index]),
      parts: [{ kind: index === 0 ? "soon" : "fill", value: counts[index] }],
    })));
    const closes = camp.closes ? `, all at ${this.clock.wall(Date.parse(camp.closes))}` : "";
    say(byId("left-caption"), least === Infinity ? "" : `first ends in ${length(least)}${closes}`);
  }
}

/** Show how many people have done, begun and not begun each exercise, and the lessons. */
export class Progress {
  constructor() {
    this.off = h("p", { class: "quiet" });
    const swatch = (kind) => h("span", { class: `swatch ${kind}`, "aria-hidden": "true" });
    this.key = h("p", { class: "quiet key" }, swatch("done"), "done ", swatch("begun"), "begun");
    const parent = byId("progress-chart");
    parent.append(this.off, this.key);
    this.exercises = new Bars(parent, "Attendees by exercise");
    this.lessons = new Bars(parent, "Attendees by lesson");
  }

  update({ seats, camp }) {
    const exercises = tally(seats, "exercises", (one) => one.name, isDone, hasBegun);
    const lessons = tally(seats, "lessons", (one) => one.notebook, () => false, (one) => one.cells_run > 0);
    const off = camp.progress_on ? "" : "Lessons are not reported: camp.toml says [desk] progress = false.";
    say(this.off, off || (exercises.length + lessons.length ? "" : "Nobody has begun a lesson yet."));
    this.off.hidden = this.off.textContent === "";
    this.key.hidden = !exercises.length && !lessons.length;
    this.exercises.update(exercises.map((row) => exercise(row, seats.length)));
    this.lessons.update(lessons.map((row) => lesson(row, seats.length)));
    say(byId("progress-caption"), seats.length ? `of ${count(seats.length, "attendee")}` : "");
  }
}

function tally(seats, field, nameOf, done, begun) {
  const found = new Map();
  for (const seat of seats) {
    for (const one of seat[field]) {
      const row = found.get(nameOf(one)) ?? { name: nameOf(one), done: 0, begun: 0 };
      if (done(one)) row.done += 1;
      else if (begun(one)) row.begun += 1;
      found.set(row.name, row);
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function exercise({ name, done, begun }, whole) {
  return {
    key: name, name, whole, said: String(done),
    parts: [{ kind: "done", value: done }, { kind: "begun", value: begun }],
    hint: `${name}: ${done} done, ${begun} begun, of ${count(whole, "attendee")}`,
  };
}

function lesson({ name, begun }, whole) {
  return {
    key: name, name: notebook(name), whole, said: String(begun),
    parts: [{ kind: "begun", value: begun }],
    hint: `${begun} of ${count(whole, "attendee")} ran cells in it`,
  };
}

const KEPT = 10 * 60_000;

/** Show what the machine carries, and its load over the last ten minutes. */
export class Machine {
  #loads = [];

  constructor() {
    this.bars = new Bars(byId("machine-chart"), "The machine's load");
    this.line = svg("polyline", { class: "load", points: "" });
    this.limit = svg("line", { class: "limit", x1: 0, x2: 300 });
    this.picture = svg("svg", { class: "spark", viewBox: "0 0 300 50", preserveAspectRatio: "none", role: "img" }, this.limit, this.line);
    byId("machine-chart").append(this.picture, h("p", { class: "quiet" }, "Load since you opened the desk, ten minutes at most. Dashed: all processors busy."));
  }

  update({ capacity, seats }) {
    const { cores, load, memory_total: total, memory_used: used, disk_free: free } = capacity;
    const busy = seats.filter((seat) => seat.memory_bytes != null).length;
    const rows = [];
    if (load != null) rows.push(part("Processors", load, cores, `${load.toFixed(1)} of ${cores}`));
    if (total) rows.push(part("Memory", used ?? 0, total, `${bytes(used)} / ${bytes(total)}`));
    const fits = capacity.seats_that_fit;
    if (fits != null) rows.push(part("Seats that fit", busy, fits, `${busy} of ${fits}`));
    this.bars.update(rows);
    say(byId("machine-caption"), free == null ? "" : `${bytes(free)} of disk free`);
    if (load != null) this.#spark(load, cores);
  }

  #spark(load, cores) {
    const now = performance.now();
    this.#loads = [...this.#loads.filter(([at]) => at > now - KEPT), [now, load]];
    const most = Math.max(cores * 1.25, ...this.#loads.map(([, value]) => value));
    const y = (value) => (48 - (value / most) * 46).toFixed(1);
    const points = this.#loads.map(([at, value]) => `${(300 - ((now - at) / KEPT) * 300).toFixed(1)},${y(value)}`);
    mark(this.line, "points", points.join(" "));
    mark(this.limit, "y1", y(cores));
    mark(this.limit, "y2", y(cores));
    mark(this.picture, "aria-label", `Load ${load.toFixed(1)} with ${count(cores, "core")}`);
  }
}

function part(name, value, whole, said) {
  const share = whole > 0 ? value / whole : 0;
  return { key: name, name, whole, said, parts: [{ kind: share > 0.9 ? "soon" : "fill", value }] };
}
