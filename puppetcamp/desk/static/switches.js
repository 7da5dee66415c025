// What concerns the whole camp: doors, class clock, the line and the warm seats.

import { byId, h, mark, say } from "./dom.js";
import { length } from "./words.js";

class Switch {
  constructor(id, title, buttons) {
    this.state = h("strong");
    this.detail = h("span", { class: "quiet" });
    this.buttons = Object.fromEntries(buttons.map(([action, label, press]) =>
      [action, h("button", { type: "button", class: "small", onclick: () => press(action) }, label)]));
    byId(id).append(
      h("div", {}, h("h2", {}, title), h("p", {}, this.state, " ", this.detail)),
      ...Object.values(this.buttons));
    this.element = byId(id);
  }

  update(kind, state, detail, offered, may) {
    mark(this.element, "data-kind", kind);
    say(this.state, state);
    say(this.detail, detail);
    for (const [action, button] of Object.entries(this.buttons)) {
      const hidden = !offered.includes(action) || !may.has(action);
      if (button.hidden !== hidden) button.hidden = hidden;
    }
  }
}

/** Show the four switches; `press(action)` asks for what a button says. */
export class Switches {
  constructor(clock, press) {
    this.clock = clock;
    this.doors = new Switch("doors", "Doors", [
      ["close-doors", "Close doors …", press], ["open-doors", "Open doors", press]]);
    this.pause = new Switch("pause", "Class clock", [
      ["pause", "Pause clock …", press], ["resume", "Let it run", press]]);
    this.line = new Switch("line", "Line", []);
    this.warm = new Switch("warm", "Warm seats", [["warm", "Warm seats …", press]]);
  }

  update({ camp, line, warm }, may) {
    const closes = camp.closes ? `until ${this.clock.wall(Date.parse(camp.closes))}` : "";
    if (camp.doors_open) this.doors.update("", "Open", closes, ["close-doors"], may);
    else this.doors.update("off", "Closed", "nobody new gets in", ["open-doors"], may);
    if (camp.paused) {
      const since = camp.paused_since ? `since ${this.clock.wall(Date.parse(camp.paused_since))}` : "";
      this.pause.update("off", "Paused", since, ["resume"], may);
    } else this.pause.update("", "Running", "", ["pause"], may);
    const wait = line.estimate == null ? "" : `all in after about ${length(line.estimate)}`;
    this.line.update(line.waiting ? "busy" : "", line.waiting ? `${line.waiting} waiting` : "Empty", line.waiting ? wait : "", [], may);
    const making = warm.making ? `${warm.making} in the making` : "";
    const wanted = warm.target ? `of ${warm.target}` : "";
    this.warm.update("", `${warm.ready} ready`, [wanted, making].filter(Boolean).join(", "), ["warm"], may);
  }
}
