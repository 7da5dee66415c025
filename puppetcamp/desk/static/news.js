// What is said: problems, the log of what was done, and short words that go again.

import { ask } from "./camp.js";
import { byId, h, say } from "./dom.js";
import { count, names } from "./words.js";

const STAY = 12_000;

/** What somebody did, said before whom they did it to; the camp's own need nobody. */
const TO_PEOPLE = {
  extend: "gave more time to", message: "sent a message to", end: "ended the session of",
  restart: "restarted the machine of", ask: "asked to open the JupyterLab of",
  consent: "changed who may open the JupyterLab of",
};
const TO_THE_CAMP = {
  pause: "paused the class clock", resume: "let the class clock run again",
  "open-doors": "opened the doors", "close-doors": "closed the doors", warm: "set the warm seats",
};

byId("detail").addEventListener("close", house);

/** Keep the short words where they can be seen and clicked: in the open sheet, if any. */
function house() {
  const sheet = byId("detail");
  const home = sheet.open ? sheet : document.body;
  if (byId("toasts").parentNode !== home) home.append(byId("toasts"));
}

/** Show a short word in the corner; a failure stays until it is closed. */
export function toast(text, { failed = false, more = [] } = {}) {
  const close = h("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
  const note = h("div", { class: failed ? "toast failed" : "toast" },
    h("p", {}, text),
    more.length > 0 && h("ul", {}, more.map((line) => h("li", {}, line))),
    close);
  close.addEventListener("click", () => note.remove());
  house();
  byId("toasts").append(note);
  if (!failed) setTimeout(() => note.remove(), STAY);
}

/** Say changes that matter to who cannot see them happen, at most one line at a time. */
export class News {
  #before = null;

  update(snapshot) {
    const now = {
      stuck: new Set(snapshot.seats.filter((seat) => seat.stuck).map((seat) => seat.attendee)),
      expired: new Set(snapshot.seats.filter((seat) => seat.state === "expired").map((seat) => seat.attendee)),
      problems: new Set(snapshot.problems.map((problem) => `${problem.where}: ${problem.text}`)),
      paused: snapshot.camp.paused,
      doors: snapshot.camp.doors_open,
    };
    const before = this.#before;
    this.#before = now;
    if (!before) return;
    const fresh = (kind) => [...now[kind]].filter((one) => !before[kind].has(one));
    const lines = [];
    if (fresh("problems").length) lines.push(`Problem. ${fresh("problems")[0]}`);
    if (fresh("stuck").length) lines.push(`${names(fresh("stuck"))} may be stuck.`);
    if (fresh("expired").length) lines.push(`Time is up for ${names(fresh("expired"))}.`);
    if (now.paused !== before.paused) lines.push(now.paused ? "The class clock is paused." : "The class clock runs again.");
    if (now.doors !== before.doors) lines.push(now.doors ? "The doors are open." : "The doors are closed.");
    if (lines.length) say(byId("news"), lines.join(" "));
  }
}

/** List problems, newest first. */
export class Problems {
  #shown = "";

  constructor(clock) {
    this.clock = clock;
  }

  update({ problems }) {
    byId("problems").hidden = problems.length === 0;
    const key = JSON.stringify(problems);
    if (key === this.#shown) return;
    this.#shown = key;
    byId("problem-list").replaceChildren(...problems.slice(0, 8).map(({ at, where, text, times }) =>
      h("li", {},
        h("time", { datetime: at }, this.clock.wall(Date.parse(at))), " ",
        h("strong", {}, where), ": ", text,
        times > 1 && h("span", { class: "quiet" }, ` (${times} times)`))));
  }
}

/** List what was done at the desk, newest first, older entries on demand. */
export class Audit {
  #entries = new Map();

  constructor(clock) {
    this.clock = clock;
    byId("audit-older").addEventListener("click", () => this.#older());
  }

  update({ audit }) {
    const fresh = audit.filter((entry) => !this.#entries.has(entry.id));
    if (fresh.length) this.#add(fresh);
    const last = audit[0];
    say(byId("audit-caption"), last ? `last by ${last.by} at ${this.clock.wall(Date.parse(last.at))}` : "nothing yet");
    byId("audit-older").hidden = audit.length === 0;
  }

  #add(entries) {
    for (const entry of entries) this.#entries.set(entry.id, entry);
    const all = [...this.#entries.values()].sort((a, b) => b.id - a.id);
    byId("audit-list").replaceChildren(...all.map((entry) => this.#line(entry)));
  }

  #line({ at, by, action, attendees, everybody, text, done }) {
    const whom = everybody ? "everybody" : names(attendees, 5);
    const deed = TO_THE_CAMP[action] ?? `${TO_PEOPLE[action] ?? action} ${whom}`;
    return h("li", { class: done ? "" : "failed" },
      h("time", { datetime: at }, this.clock.wall(Date.parse(at), true)), " ",
      h("strong", {}, by), ` ${deed}. `, h("span", { class: "quiet" }, text));
  }

  async #older() {
    const button = byId("audit-older");
    button.disabled = true;
    try {
      const before = Math.min(...this.#entries.keys());
      const entries = await ask(`api/desk/audit?before=${before}`);
      if (entries.length) this.#add(entries);
      else toast(`That is all: ${count(this.#entries.size, "entry", "entries")}.`);
    } catch (error) {
      toast(error.message, { failed: true });
    } finally {
      button.disabled = false;
    }
  }
}
