// The table of attendees: one row each, of which only what changed is touched.

import { arrange, byId, h, mark, say, svg } from "./dom.js";
import { comparison, endsSoon, FILTERS, hasBegun, isDone, isOver, lastLesson } from "./tell.js";
import { bytes, count, figure, length, notebook, STATE_HINTS, STATES } from "./words.js";

class Row {
  constructor(name, table) {
    this.name = name;
    this.visible = true;
    this.box = h("input", { type: "checkbox", "aria-label": `Choose ${name}` });
    this.box.addEventListener("change", () => table.choose(name, this.box.checked));
    this.badge = h("span", { class: "badge" });
    this.why = h("span", { class: "why" });
    this.figure = h("span", { class: "figure" });
    this.more = h("span", { class: "quiet more" });
    this.level = svg("rect", { class: "level", height: 4, rx: 2, width: 0 });
    this.pips = svg("svg", { class: "pips", height: 14, role: "img" });
    this.lesson = h("span", { class: "quiet lesson" });
    this.use = h("span", { class: "figure" });
    const bar = svg("svg", { class: "meter", viewBox: "0 0 100 4", "aria-hidden": "true", preserveAspectRatio: "none" },
      svg("rect", { class: "track", height: 4, rx: 2, width: 100 }), this.level);
    const open = h("button", { type: "button", class: "name", "aria-haspopup": "dialog", onclick: () => table.open(name) }, name);
    const cell = (kind, ...children) => h("td", { role: "cell", class: kind }, ...children);
    this.element = h("tr", { role: "row" },
      cell("choose", this.box),
      h("th", { role: "rowheader", scope: "row", class: "who" }, open),
      cell("state", this.badge, this.why),
      cell("left", this.figure, this.more, bar),
      cell("done", this.pips, this.lesson),
      cell("use", this.use));
    this.element.row = this;
  }

  update(seat, camp, clock) {
    this.seat = seat;
    this.paused = camp.paused;
    const [looks, done] = [`${seat.state} ${seat.extension_seconds} ${seat.memory_bytes}`, JSON.stringify([seat.exercises, seat.lessons])];
    if (looks !== this.looks) this.#look(seat);
    if (done !== this.done) this.#progress(seat);
    this.looks = looks;
    this.done = done;
    if (this.visible) this.tick(clock);
  }

  #look(seat) {
    mark(this.element, "data-state", seat.state);
    say(this.badge, STATES[seat.state] ?? seat.state);
    mark(this.badge, "title", STATE_HINTS[seat.state]);
    say(this.more, seat.extensions ? `+${length(seat.extension_seconds)}` : "");
    mark(this.more, "title", seat.extensions ? `Extensions: ${seat.extensions}` : null);
    say(this.use, seat.memory_bytes == null ? "" : bytes(seat.memory_bytes));
  }

  /** Show what moves by itself: the countdown and "for how long". */
  tick(clock) {
    const { seat } = this;
    const left = clock.left(seat, this.paused);
    const over = isOver(seat);
    say(this.figure, left == null ? "–" : figure(over ? 0 : left));
    mark(this.element, "data-soon", endsSoon(seat, left));
    mark(this.element, "data-stuck", seat.stuck != null);
    say(this.why, this.#reason(seat, clock));
    const whole = seat.started && seat.deadline ? (Date.parse(seat.deadline) - Date.parse(seat.started)) / 1000 : 0;
    const share = whole > 0 && left != null && !over ? Math.min(1, left / whole) : 0;
    mark(this.level, "width", Math.round(share * 100));
  }

  #reason(seat, clock) {
    if (seat.stuck) return `Stuck for ${length(clock.since(seat.stuck.since))}: ${seat.stuck.why}`;
    if (seat.state === "queued" && seat.place) {
      const wait = seat.estimate_seconds == null ? "" : `, about ${length(seat.estimate_seconds)}`;
      return `Place ${seat.place}${wait}`;
    }
    if (seat.state === "idle" && seat.last_activity) {
      return `for ${length(clock.since(seat.last_activity))}`;
    }
    return "";
  }

  #progress(seat) {
    const done = seat.exercises.filter(isDone).length;
    this.pips.replaceChildren(...seat.exercises.map((exercise, at) => svg("rect", {
      class: isDone(exercise) ? "done" : hasBegun(exercise) ? "begun" : "open",
      x: at * 14 + 1, y: 1, width: 11, height: 11, rx: 2,
    })));
    mark(this.pips, "width", Math.max(1, seat.exercises.length * 14));
    mark(this.pips, "aria-label", `${done} of ${count(seat.exercises.length, "exercise")} done`);
    const lesson = lastLesson(seat);
    const failed = lesson?.cells_failed ? `, ${lesson.cells_failed} failed` : "";
    say(this.lesson, lesson ? `${notebook(lesson.notebook)}: ${count(lesson.cells_run, "cell")}${failed}` : "");
  }
}

/** Keep the table; `chosen` is a set of names, `onchoice` is told when it changes. */
export class Seats {
  #rows = new Map();
  #body = byId("rows");
  #pending = false;

  constructor(clock, open, onchoice) {
    this.clock = clock;
    this.open = open;
    this.onchoice = onchoice;
    this.chosen = new Set();
    this.filter = null;
    this.snapshot = null;
    // Rows out of sight need not count down.
    this.sight = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        target.row.visible = isIntersecting;
        if (isIntersecting) target.row.tick(this.clock);
      }
    }, { rootMargin: "300px" });
    byId("search").addEventListener("input", () => this.show(true));
    byId("order").addEventListener("change", () => this.show(true));
    byId("choose-shown").addEventListener("change", (event) => this.#chooseShown(event.target.checked));
    // Rows must not move away below a finger; they do when it has left.
    this.#body.addEventListener("pointerleave", () => this.#pending && this.show(true));
    document.addEventListener("keydown", (event) => this.#keys(event));
  }

  update(snapshot) {
    this.snapshot = snapshot;
    const here = new Set();
    for (const seat of snapshot.seats) {
      here.add(seat.attendee);
      let row = this.#rows.get(seat.attendee);
      if (!row) {
        row = new Row(seat.attendee, this);
        this.#rows.set(seat.attendee, row);
        this.sight.observe(row.element);
      }
      row.update(seat, snapshot.camp, this.clock);
    }
    for (const [name, row] of this.#rows) {
      if (here.has(name)) continue;
      this.sight.unobserve(row.element);
      row.element.remove();
      this.#rows.delete(name);
      if (this.chosen.delete(name)) this.onchoice();
    }
    this.show(false);
  }

  tick() {
    for (const row of this.#rows.values()) if (row.visible) row.tick(this.clock);
  }

  /** Show the rows that the filters let through, in order. */
  show(now) {
    if (!this.snapshot) return;
    const left = (seat) => this.clock.left(seat, this.snapshot.camp.paused);
    const seats = [...this.snapshot.seats].sort(comparison(byId("order").value, left));
    const words = byId("search").value.trim().toLowerCase();
    let shown = 0;
    for (const seat of seats) {
      const fits = seat.attendee.toLowerCase().includes(words) && this.#passes(seat, left(seat));
      const { element } = this.#rows.get(seat.attendee);
      if (element.hidden === fits) element.hidden = !fits;
      shown += fits;
    }
    const busy = this.#body.matches(":hover") || this.#body.contains(document.activeElement);
    const fresh = this.#body.childElementCount !== seats.length;
    this.#pending = busy && !now && !fresh;
    if (!this.#pending) arrange(this.#body, seats.map((seat) => this.#rows.get(seat.attendee).element));
    this.#say(shown, seats.length);
  }

  choose(name, chosen) {
    if (chosen) this.chosen.add(name);
    else this.chosen.delete(name);
    this.#boxes();
  }

  chooseNobody() {
    this.chosen.clear();
    this.#boxes();
  }

  /** Count the chosen ones that the filters hide. */
  hiddenChosen() {
    return [...this.chosen].filter((name) => this.#rows.get(name)?.element.hidden).length;
  }

  #passes(seat, left) {
    if (!this.filter) return true;
    const special = FILTERS[this.filter];
    return special ? special.holds(seat, left) : seat.state === this.filter;
  }

  #chooseShown(chosen) {
    for (const row of this.#rows.values()) {
      if (row.element.hidden) continue;
      if (chosen) this.chosen.add(row.name);
      else this.chosen.delete(row.name);
    }
    this.#boxes();
  }

  #boxes() {
    let all = this.#rows.size > 0;
    for (const row of this.#rows.values()) {
      row.box.checked = this.chosen.has(row.name);
      mark(row.element, "data-chosen", row.box.checked);
      if (!row.element.hidden && !row.box.checked) all = false;
    }
    const head = byId("choose-shown");
    head.checked = all && this.chosen.size > 0;
    head.indeterminate = !head.checked && this.chosen.size > 0;
    this.onchoice();
  }

  #say(shown, all) {
    say(byId("shown"), shown === all ? `${all} in all` : `${shown} of ${all} shown`);
    const nobody = byId("nobody");
    nobody.hidden = shown > 0;
    say(nobody, all ? "Nobody fits. Press “All”, or empty the search field." : "Nobody has come yet. Who signs in with the join code appears here.");
  }

  #keys(event) {
    const typing = event.target.closest?.("input, textarea, select, dialog");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      byId("search").focus();
    } else if (event.key === "Escape" && event.target.id === "search") {
      event.target.value = "";
      this.show(true);
    }
  }
}
