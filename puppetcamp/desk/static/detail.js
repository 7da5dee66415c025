// One attendee, looked at closely: a sheet at the side that follows the snapshots.

import { FOR_PEOPLE, labelOf } from "./actions.js";
import { byId, h, say } from "./dom.js";
import { isOver, runs } from "./tell.js";
import { bytes, count, figure, length, notebook, STATES } from "./words.js";

const EXERCISE = {
  open: "not begun", "worked-on": "begun", submitted: "handed in", graded: "graded",
};

/** Show one attendee; `begin(action, whom)` starts an action on them alone. */
export class Detail {
  #name = null;
  #drawn = "";
  #left = null;

  constructor(clock, desk, begin) {
    this.clock = clock;
    this.desk = desk;
    this.begin = begin;
    this.dialog = byId("detail");
    this.sheet = h("div", { class: "sheet" });
    this.dialog.append(this.sheet);
    this.dialog.addEventListener("close", () => { this.#name = null; });
    // A click beside the sheet closes it, as people expect.
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  open(name) {
    this.#name = name;
    this.#drawn = "";
    this.update();
    if (!this.dialog.open) this.dialog.showModal();
  }

  update() {
    if (this.#name == null) return;
    const seat = this.desk.snapshot.seats.find((one) => one.attendee === this.#name);
    if (!seat) return this.dialog.close();
    // What counts down is no reason to draw anew.
    const moves = new Set(["remaining_seconds", "last_activity"]);
    const key = JSON.stringify([seat, this.desk.snapshot.you], (name, value) => (moves.has(name) ? 0 : value));
    if (key !== this.#drawn) this.#draw(seat);
    this.#drawn = key;
    this.tick();
  }

  tick() {
    if (this.#name == null || !this.#left) return;
    const { snapshot } = this.desk;
    const seat = snapshot.seats.find((one) => one.attendee === this.#name);
    if (!seat) return;
    const left = this.clock.left(seat, snapshot.camp.paused);
    const paused = snapshot.camp.paused && left != null ? " (paused)" : "";
    say(this.#left, left == null ? "not begun" : `${figure(isOver(seat) ? 0 : left)}${paused}`);
  }

  #draw(seat) {
    this.#left = h("strong", { class: "figure" });
    const focused = this.dialog.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.sheet.replaceChildren(
      h("header", {},
        h("h2", { id: "detail-title" }, seat.attendee),
        h("button", { type: "button", class: "close", "data-key": "close", "aria-label": "Close", onclick: () => this.dialog.close() }, "×")),
      ...(seat.stuck ? [h("p", { class: "stuck" }, h("strong", {}, "Stuck: "), seat.stuck.why)] : []),
      h("dl", {}, this.#facts(seat)),
      ...this.#buttons(seat),
      ...this.#exercises(seat), ...this.#lessons(seat));
    if (focused) this.dialog.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  #facts(seat) {
    const at = (moment) => this.clock.wall(Date.parse(moment), false);
    const facts = [["State", STATES[seat.state] ?? seat.state], ["Time left", this.#left]];
    if (seat.place) facts.push(["Place in line", String(seat.place)]);
    if (seat.started) facts.push(["Began", at(seat.started)]);
    if (seat.deadline && !isOver(seat)) facts.push(["Ends", at(seat.deadline)]);
    if (seat.extensions) facts.push(["Extensions", `${seat.extensions}, ${length(seat.extension_seconds)} together`]);
    if (seat.last_activity) facts.push(["Last active", at(seat.last_activity)]);
    if (seat.memory_bytes != null) facts.push(["Memory", bytes(seat.memory_bytes)]);
    if (seat.cpu != null) facts.push(["Processor", `${seat.cpu.toFixed(2)} cores`]);
    return facts.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value)));
  }

  #buttons(seat) {
    const { you } = this.desk.snapshot;
    const may = new Set(you.may);
    const own = seat.help.find((one) => one.by === you.name);
    const offered = [...FOR_PEOPLE, "ask"].filter((action) => may.has(action) && !(action === "ask" && own));
    const url = own?.state === "agreed" ? own.url : this.#door(seat);
    const look = url && h("a", { class: "button", href: url, target: "_blank", rel: "noopener" }, "Open their JupyterLab");
    return [
      h("p", { class: "detail-buttons" }, offered.map((action) =>
        h("button", { type: "button", "data-key": action, class: action === "end" ? "grave" : "", onclick: () => this.begin(action, [seat.attendee]) }, labelOf(action))), look),
      ...seat.help.map((one) => this.#help(one)),
    ];
  }

  /** Give the address of a running server to organizers, who need not ask. */
  #door(seat) {
    const { you, camp } = this.desk.snapshot;
    if (you.role !== "organizer" || !runs(seat)) return null;
    return `${camp.hub_url.replace(/hub\/$/, "")}user/${encodeURIComponent(seat.attendee)}/`;
  }

  #help({ by, state, ends }) {
    const until = this.clock.wall(Date.parse(ends));
    const text = state === "agreed" ? `They let ${by} in until ${until}.` : `${by} has asked to look; they have not answered (until ${until}).`;
    return h("p", { class: "quiet" }, text);
  }

  #exercises({ exercises }) {
    if (!exercises.length) return [];
    return [h("h3", {}, "Exercises"), h("ul", { class: "plain" }, exercises.map((one) => {
      const score = one.score != null && one.max_score != null ? `, ${one.score} of ${one.max_score} points` : "";
      const checks = one.checks ? `, ${one.checks_passed} of ${count(one.checks, "check")} passed` : "";
      return h("li", {}, h("strong", {}, one.name), `: ${EXERCISE[one.state]}${score}${checks}`);
    }))];
  }

  #lessons({ lessons }) {
    if (!lessons.length) return [];
    return [h("h3", {}, "Lessons"), h("ul", { class: "plain" }, lessons.map((one) =>
      h("li", {}, h("strong", {}, notebook(one.notebook)), `: ${count(one.cells_run, "cell")} run`,
        one.cells_failed > 0 && `, ${one.cells_failed} failed last`)))];
  }
}
