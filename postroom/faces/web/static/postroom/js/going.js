/**
 * One way at a time: of the requests that bring another conversation or list, the one that a person asked for last is
 * shown, whichever answer comes first. Imported before what else listens to requests.
 */

const PLACES = new Set(["conversation", "panes"]);
let under = null;
const unwanted = new WeakSet();

/** What is under way is no longer wanted: something newer is shown. */
export function overtake() {
  const { xhr, led } = under ?? {};
  under = null;
  // Nobody holds the promise of what htmx asks for by itself: to break it off would be an error that nobody catches.
  if (led) unwanted.add(xhr);
  else xhr?.abort();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const { detail } = event;
  if (detail.requestConfig?.verb !== "get" || !PLACES.has(detail.target?.id)) return;
  // The server leads on after a verb, through the page's body. Whoever went elsewhere meanwhile stays there.
  const led = detail.elt === document.body;
  if (led && under && !under.led) {
    event.preventDefault();
    return;
  }
  overtake();
  // What waited for another request was meant for a pane that this one has replaced.
  if (!detail.target.isConnected) detail.target = document.getElementById(detail.target.id) || detail.target;
  // The same object comes back with the answer: what was heard since then, the answer may not know (live.js).
  detail.askedAt = performance.now();
  under = { xhr: detail.xhr, led };
  detail.xhr.addEventListener("loadend", () => { if (under?.xhr === detail.xhr) under = null; });
}, true);

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (unwanted.has(event.detail.xhr)) event.preventDefault();
}, true);
