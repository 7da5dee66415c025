// Keep the page at what is so, without a reload: it is where people wait at the end.

const SOON = 1500;
const LATER = 5000;

const main = document.querySelector("main");
const part = (id) => document.getElementById(id);

function word() {
  const found = document.cookie.split("; ").find((one) => one.startsWith("_xsrf="));
  return found ? decodeURIComponent(found.slice("_xsrf=".length)) : "";
}

// A screen reader hears of what changed once, not at every look.
function say(id, text) {
  if (part(id).textContent !== text) {
    part(id).textContent = text;
  }
}

function show(told) {
  say("heading", told.heading);
  say("time", told.time);
  say("status", told.text);
  const waiting = told.state === "queued" || told.state === "making";
  main.dataset.state = told.state;
  part("progress").hidden = !waiting;
  part("download").hidden = !told.url;
  part("ask").hidden = !told.may_ask;
  part("ask").querySelector("button").textContent = told.url
    ? "Make a new one"
    : "Make one now";
  return waiting ? SOON : LATER;
}

async function look() {
  let pause = LATER;
  try {
    const answer = await fetch(main.dataset.api, {
      headers: { "X-XSRFToken": word(), Accept: "application/json" },
      cache: "no-store",
    });
    if (answer.status === 401) {
      location.reload();
      return;
    }
    if (answer.ok) {
      pause = show(await answer.json());
    }
  } catch {
    // The camp may be restarting: the next look finds it.
  }
  setTimeout(look, pause);
}

setTimeout(look, SOON);
