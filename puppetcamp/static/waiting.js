// The waiting page: shows place and estimate, goes on by itself, survives the hub.
"use strict";
(() => {
  const at = JSON.parse(document.getElementById("waiting-data").textContent);
  const show = (id) => document.getElementById(id);
  const title = document.title;
  const button = show("stop-server-btn");
  const LEAVE = "Leave the line";
  let leaving = false;
  const AGAIN_MS = 2000;
  const SILENCE_MS = 12000; // the hub says something every five seconds

  function tell(event) {
    if (event.progress !== undefined) {
      show("progress-bar").style.width = `${event.progress}%`;
      show("progress-bar-frame").setAttribute("aria-valuenow", event.progress);
    }
    const message = show("progress-message");
    if (event.message && message.textContent !== event.message) {
      message.textContent = event.message;
    }
    place(event.line);
  }

  function place(line) {
    const waits = line && line.place > 0;
    const sign = show("waiting-place");
    sign.hidden = !waits;
    document.title = waits ? `${line.place} in line · ${title}` : title;
    show("waiting-title").textContent = !line || line.place === 0
      ? "Your machine is being prepared"
      : line.stage === "seat" ? "You are on the waiting list" : "You are in line";
    if (!leaving) button.textContent = waits ? LEAVE : "Cancel the start";
    if (!waits) return;
    const words = document.createElement("small");
    words.textContent = `of ${line.waiting} waiting`;
    sign.replaceChildren(String(line.place), words);
  }

  // The start is asked for once more when the hub is back: the place in line is kept.
  async function comeBack() {
    source.close();
    clearInterval(watch);
    while (!(await answers())) {
      tell({ message: "The camp is being restarted. You keep your place …" });
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
    if (!leaving) location.replace(at.spawn + location.search);
  }

  async function answers() {
    try {
      const signal = AbortSignal.timeout(SILENCE_MS);
      return (await fetch(at.health, { cache: "no-store", signal })).ok;
    } catch {
      return false;
    }
  }

  let heard = performance.now();
  const source = new EventSource(at.progress);
  source.onmessage = (message) => {
    heard = performance.now();
    const event = JSON.parse(message.data);
    tell(event);
    if (event.ready || event.failed) {
      source.close();
      clearInterval(watch);
      // The hub's page at this address goes on to the server, or says what failed.
      if (!leaving) location.reload();
    }
  };
  source.onerror = comeBack;
  // A proxy may hold the line open although the hub behind it is gone.
  const watch = setInterval(() => {
    if (performance.now() - heard > SILENCE_MS) comeBack();
  }, 1000);

  button.addEventListener("click", async () => {
    leaving = true;
    button.disabled = true;
    button.textContent = "Leaving …";
    try {
      const answer = await fetch(at.server, {
        method: "DELETE",
        headers: { "X-XSRFToken": window.jhdata.xsrf_token },
      });
      if (!answer.ok) throw new Error(answer.statusText);
      location.replace(at.home);
    } catch {
      leaving = false;
      button.disabled = false;
      button.textContent = LEAVE;
      tell({ message: "That did not work. Try again in a moment." });
    }
  });
})();
