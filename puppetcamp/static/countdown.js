/* Count down on the start page: the figure that JupyterLab and the terminal show.

The hub says what is left, and again every few seconds: somebody may be given more time,
or the class may have a break. In between the page counts by a clock that nobody sets. */
(function () {
  "use strict";

  var EVERY_SECONDS = 10;
  var figure = document.getElementById("camp-left");
  var sentences = document.getElementById("camp-sentences");
  if (!figure) {
    return;
  }
  var left = Number(figure.dataset.seconds);
  var paused = figure.dataset.paused === "true";
  var heard = performance.now();

  function remaining() {
    var passed = paused ? 0 : (performance.now() - heard) / 1000;
    return Math.max(0, left - passed);
  }

  function shown(seconds) {
    var whole = Math.ceil(seconds);
    var parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    return parts
      .map(function (part, at) {
        return at === 0 ? String(part) : String(part).padStart(2, "0");
      })
      .join(":");
  }

  function show() {
    var text = shown(remaining());
    if (figure.textContent !== text) {
      figure.textContent = text;
      if (remaining() === 0) {
        setTimeout(ask, 500); /* what follows is for the hub to say */
      }
    }
  }

  function tell(time) {
    if (time === null || time.remaining_seconds === null) {
      location.reload(); /* it is over, or the camp has closed */
      return;
    }
    left = time.remaining_seconds;
    paused = time.paused;
    heard = performance.now();
    var text = time.sentences.join(" ");
    if (sentences.textContent.trim() !== text) {
      sentences.textContent = text;
    }
    show();
  }

  async function ask() {
    if (document.hidden) {
      return;
    }
    try {
      var answer = await fetch(figure.dataset.url, { cache: "no-store" });
      if (answer.ok) {
        tell(await answer.json());
      }
    } catch (error) {
      /* The hub is away for a moment; the page counts on and asks again. */
    }
  }

  show();
  setInterval(show, 250);
  setInterval(ask, EVERY_SECONDS * 1000);
  document.addEventListener("visibilitychange", ask);
})();
