/** Speak with the server. Whatever goes wrong becomes a Refusal, with a sentence that a person may read. */

import { BY_ITSELF } from "../lanes.js";

const PATIENCE = 30_000;

export class Refusal extends Error {
  /** @param {string} kind offline | signed-out | forbidden | gone | moved | refused | broken */
  constructor(kind, sentence, details = {}) {
    super(sentence);
    this.kind = kind;
    this.details = details;
  }
}

/**
 * Ask for something that answers with JSON; `words` are the sentences for what the server cannot say itself. What a page
 * asks `byItself` is no sign that somebody is there.
 */
export async function ask(method, url, { body = null, words, keepalive = false, byItself = false }) {
  let response;
  try {
    response = await fetch(url, {
      method,
      body,
      headers: { "X-CSRFToken": token(), Accept: "application/json", ...(byItself && BY_ITSELF) },
      // A redirect means the sign-in page: following it would look like success.
      redirect: "manual",
      // It may outlive the page (of 64 kB at most).
      keepalive,
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Refusal("offline", words.offline);
  }
  if (response.type === "opaqueredirect") throw new Refusal("signed-out", words.signedOut);
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  throw refusal(response.status, answer, words);
}

/** Send one file and tell how far it is: `fetch` cannot say that of an upload. */
export function upload(url, { file, name, inline, words, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText);
      if (request.status === 201 && answer) resolve(answer);
      else if (!request.responseURL.endsWith(url)) reject(new Refusal("signed-out", words.signedOut));
      else reject(refusal(request.status, answer, words));
    });
    request.addEventListener("error", () => reject(new Refusal("offline", words.offline)));
    request.addEventListener("abort", () => reject(new Refusal("aborted", "")));
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file, name);
    if (inline) form.append("inline", "1");
    request.send(form);
  });
}

/** The page keeps its token where htmx finds it too. */
function token() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
}

function refusal(status, answer, words) {
  if (answer && answer.sentence) return new Refusal(answer.kind || "refused", answer.sentence, answer);
  if (status === 401) return new Refusal("signed-out", words.signedOut);
  if (status === 403) return new Refusal("forbidden", words.forbidden);
  if (status === 404) return new Refusal("gone", words.gone);
  if (status === 413) return new Refusal("refused", words.tooLarge);
  return new Refusal("broken", words.broken);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
