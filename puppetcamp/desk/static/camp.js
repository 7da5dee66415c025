// Ask the camp's service over HTTP, as whoever is signed in.

/** Read what proves that a request comes from a page of the camp's. */
export function token() {
  const found = document.cookie.match(/(?:^|; )_xsrf=([^;]+)/);
  return found ? decodeURIComponent(found[1]) : "";
}

/** An answer that is no success: `message` is a sentence, `status` the HTTP status. */
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** Send a request; return the JSON of its answer, or throw Refused. */
export async function ask(path, body) {
  const headers = { "X-XSRFToken": token() };
  const options = { headers, cache: "no-store" };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    Object.assign(options, { method: "POST", body: JSON.stringify(body) });
  }
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refused("The camp does not answer. Look at the seats before you repeat it.", 0);
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  throw new Refused(sentence(said.detail, answer.status), answer.status);
}

function sentence(detail, status) {
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail) && detail[0]?.msg) return `Not understood: ${detail[0].msg}.`;
  return `The camp refused this (${status}). Nothing was done.`;
}
