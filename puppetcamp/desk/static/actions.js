// What can be done, the question before it, and the answer after it.

import { ask } from "./camp.js";
import { byId, h, say } from "./dom.js";
import { toast } from "./news.js";
import { count, length, names } from "./words.js";

/**
 * Describe every action: `title` of the question, what `says` what will happen, `fields`
 * to fill in, the `button` that does it and whether it is `grave`.
 */
const ACTIONS = {
  extend: {
    label: "More time", title: "Give more time",
    says: "It is added to what they have left; they see it within seconds. The camp's closing time stays.",
    fields: minutes, button: "Give the time",
  },
  message: {
    label: "Message", title: "Send a message",
    says: "It appears in their JupyterLab, above what they are working on.",
    fields: words, button: "Send",
  },
  restart: {
    label: "Restart", more: " machine", title: "Restart the machine",
    says: "Their machine stops and a fresh one starts. Saved files are kept; running programs and installed packages are not. Their clock runs on.",
    button: "Restart", grave: true,
  },
  end: {
    label: "End", more: " session", title: "End the session",
    says: "Notebooks are saved, the machine is stopped and the take-home bundle is made. They cannot start again in this session.",
    button: "End the session", grave: true, typed: true,
  },
  ask: {
    label: "Ask to look", title: "Ask to open their JupyterLab",
    says: "They are asked whether you may open their JupyterLab. You can once they agree, until the time that they see.",
    button: "Ask",
  },
  pause: {
    label: "Pause the clock", title: "Pause the class clock", camp: true,
    says: "Everybody's time left stands still until you let it run again. People can work on. The camp's closing time stays.",
    button: "Pause",
  },
  resume: { camp: true, now: true },
  "open-doors": { camp: true, now: true },
  "close-doors": {
    label: "Close the doors", title: "Close the doors", camp: true,
    says: "Nobody new gets in, and who has stopped cannot start again. Who is at work stays at work.",
    button: "Close the doors",
  },
  warm: {
    label: "Warm seats", title: "Warm seats", camp: true,
    says: "Machines are made ready before people come; each takes memory. A person's time begins when they come, not before. 0 stops it.",
    fields: warm, button: "Warm them",
  },
};

export const FOR_PEOPLE = ["extend", "message", "restart", "end"];

/** Write an action on a button; a phone has room for the first word only. */
export function labelOf(action) {
  const { label, more = "" } = ACTIONS[action];
  return [label, h("span", { class: "long" }, `${more} …`)];
}

/** Ask for what an action needs, do it, and say what came of it. */
export class Actions {
  /** `desk.snapshot` is the camp as it is now. */
  constructor(desk) {
    this.desk = desk;
  }

  /** Begin an action on `whom`: names, "all", or nothing for the camp's own. */
  begin(action, whom) {
    const { fields, now, camp } = ACTIONS[action];
    if (now) return this.#send(action, {}).then((came) => came());
    const form = fields?.(this.desk) ?? { parts: [], read: () => ({}) };
    return this.#question(action, whom, form, (body) =>
      this.#send(action, camp ? body : { attendees: whom, ...body }));
  }

  #question(action, whom, form, go) {
    const { title, says, button, grave, typed, camp } = ACTIONS[action];
    const dialog = byId("ask");
    const check = typed && whom === "all" && confirmed(this.desk.snapshot.camp.name);
    const wrong = h("p", { class: "wrong", role: "alert" });
    const submit = h("button", { type: "submit", class: grave ? "grave" : "main" }, button);
    const cancel = h("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
    const sheet = h("form", { method: "dialog" },
      h("h2", { id: "ask-title" }, title),
      !camp && h("p", { class: "whom" }, "For ", h("strong", {}, this.#whom(whom)), "."),
      h("p", {}, says), form.parts, check && check.parts, wrong,
      h("p", { class: "dialog-buttons" }, cancel, submit));
    sheet.addEventListener("submit", async (event) => {
      event.preventDefault();
      const body = form.read();
      const fault = body.fault ?? (check && check.fault());
      if (fault) return say(wrong, fault);
      submit.disabled = true;
      const came = await go(body);
      dialog.close();
      came();
    });
    dialog.replaceChildren(sheet);
    dialog.showModal();
    (form.first ?? check?.first ?? (grave ? cancel : submit)).focus();
  }

  #whom(whom) {
    const many = this.desk.snapshot.seats.length;
    if (whom === "all") return many === 1 ? "everybody: 1 attendee" : `everybody: ${count(many, "attendee")}`;
    return names(whom, 5);
  }

  /** Do it; return the function that says what came of it. */
  async #send(action, body) {
    try {
      const said = await ask(`api/desk/actions/${action}`, body);
      const refused = said.outcomes.filter((outcome) => !outcome.done);
      const more = refused.slice(0, 6).map((one) => `${one.attendee}: ${one.text}`);
      if (refused.length > 6) more.push(`and ${refused.length - 6} more`);
      return () => toast(said.text, { failed: refused.length > 0, more });
    } catch (error) {
      return () => toast(error.message, { failed: true });
    }
  }
}

function minutes({ snapshot }) {
  const step = Math.max(1, Math.round(snapshot.camp.extension_step_seconds / 60));
  const input = h("input", { type: "number", id: "minutes", min: 1, max: 1440, step: 1, value: step, required: true, inputmode: "numeric" });
  const quick = [...new Set([5, step, 30, 60])].sort((a, b) => a - b).map((many) =>
    h("button", { type: "button", class: "small", onclick: () => { input.value = many; input.focus(); } }, length(many * 60)));
  const read = () => {
    const many = Number(input.value);
    const fits = Number.isInteger(many) && many >= 1 && many <= 1440;
    return fits ? { seconds: many * 60 } : { fault: "Give whole minutes, from 1 to 1440." };
  };
  const parts = [h("p", { class: "field" }, h("label", { for: "minutes" }, "Minutes"), input), h("p", { class: "quick" }, quick)];
  return { parts, first: input, read };
}

function words() {
  const input = h("textarea", { id: "words", rows: 4, maxlength: 500, required: true });
  const read = () => {
    const text = input.value.trim();
    return text ? { text } : { fault: "Write something first." };
  };
  return { parts: [h("p", { class: "field" }, h("label", { for: "words" }, "Message, up to 500 characters"), input)], first: input, read };
}

function warm({ snapshot }) {
  const input = h("input", { type: "number", id: "walk-ins", min: 0, max: 1000, step: 1, value: snapshot.warm.target, required: true, inputmode: "numeric" });
  const roster = h("input", { type: "checkbox", id: "roster" });
  const read = () => {
    const many = Number(input.value);
    const fits = input.value !== "" && Number.isInteger(many) && many >= 0 && many <= 1000;
    return fits ? { walk_ins: many, roster: roster.checked } : { fault: "Give a number from 0 to 1000." };
  };
  const parts = [
    h("p", { class: "field" }, h("label", { for: "walk-ins" }, "Seats for whoever comes"), input),
    h("p", { class: "tick" }, roster, h("label", { for: "roster" }, "And one for each name in camp.toml's [doors] roster")),
  ];
  return { parts, first: input, read };
}

/** Ask for the camp's name before what cannot be taken back from everybody. */
function confirmed(name) {
  const input = h("input", { id: "sure", autocomplete: "off", spellcheck: "false" });
  const parts = [h("p", { class: "field" }, h("label", { for: "sure" }, "This cannot be undone. Type the camp's name, ", h("strong", {}, name)), input)];
  const fault = () => (input.value.trim() === name ? null : `Type ${name} to go on, or cancel.`);
  return { parts, first: input, fault };
}
