/**
 * The verbs that are on their way. What asked for one may be gone when the answer comes: drawn anew, since something was
 * heard of meanwhile, or left by whoever went on to another conversation. What the answer says is heard all the same.
 */

const ERRORS = ["htmx:responseError", "htmx:sendError", "htmx:timeout"];
const underWay = new Set();

/** Tell whether a verb is on its way whose toast is still to come. */
export const isUnderWay = () => underWay.size > 0;

const openOne = () => document.getElementById("conversation")?.dataset.id;
const say = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));

document.addEventListener("htmx:beforeSend", ({ detail: { elt, xhr, requestConfig } }) => {
  if (requestConfig.verb === "get") return;
  const asked = openOne();
  // Comes before htmx takes the answer.
  xhr.addEventListener("readystatechange", () => {
    if (xhr.readyState === XMLHttpRequest.DONE && !elt.isConnected) speakFor(elt, xhr, { isElsewhere: asked !== openOne() });
  });
  if (!elt.closest("#conversation-head, [data-do]")) return;
  underWay.add(xhr);
  xhr.addEventListener("loadend", () => underWay.delete(xhr));
});

/** Say on the page what htmx says to an element that is in it no more: its events rise no further than that. */
function speakFor(elt, xhr, { isElsewhere }) {
  for (const name of ERRORS) elt.addEventListener(name, (event) => say(name, event.detail), { once: true });
  // The server leads on to the next conversation. Whoever has chosen another stays there.
  if (isElsewhere && xhr.getResponseHeader("HX-Location")) elt.addEventListener("htmx:beforeOnLoad", (event) => event.preventDefault(), { once: true });
  for (const [name, detail] of Object.entries(JSON.parse(xhr.getResponseHeader("HX-Trigger") || "{}"))) say(name, detail);
}
