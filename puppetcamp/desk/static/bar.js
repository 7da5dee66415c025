// The bar at the bottom: do something for the chosen ones, or for everybody.

import { FOR_PEOPLE, labelOf } from "./actions.js";
import { byId, h, mark, say } from "./dom.js";
import { count, names } from "./words.js";

/** Keep the bar; `begin(action, whom)` starts an action, `nobody()` drops the choice. */
export class Bar {
  #who = h("strong");
  #more = h("span", { class: "quiet" });
  #hint = h("span", { class: "quiet long" }, "; choose some in the list to do it for them alone");
  #drop;
  #chosen = [];

  constructor(begin, nobody) {
    this.#drop = h("button", { type: "button", class: "small", hidden: true, onclick: nobody }, "Choose nobody");
    byId("bar-who").append(this.#who, " ", this.#more, this.#hint, " ", this.#drop);
    this.buttons = FOR_PEOPLE.map((action) => {
      const press = () => begin(action, this.#chosen.length ? [...this.#chosen] : "all");
      const kind = action === "end" ? "grave" : action === "extend" ? "main" : "";
      const button = h("button", { type: "button", class: kind, onclick: press }, labelOf(action));
      byId("bar-buttons").append(button);
      return { action, button };
    });
  }

  update(chosen, hidden, all, may) {
    this.#chosen = [...chosen].sort();
    const some = this.#chosen.length > 0;
    say(this.#who, some ? names(this.#chosen) : "Everybody");
    say(this.#more, some ? `chosen${hidden ? ` (${hidden} not shown)` : ""}` : count(all, "attendee"));
    this.#hint.hidden = some;
    this.#drop.hidden = !some;
    for (const { action, button } of this.buttons) {
      button.hidden = !may.has(action);
      mark(button, "disabled", all === 0);
    }
    byId("bar").hidden = !this.buttons.some(({ button }) => !button.hidden);
    mark(byId("bar"), "data-some", some);
  }
}
