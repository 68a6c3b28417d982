/**
 * Requests that no element of the page makes. htmx sends one request of an element at a time, and of those that wait it
 * keeps the last: what shares an element loses requests. So each thing that is read again has a lane, where only the
 * newest counts, and everything that changes something has one of its own.
 */

/** Of what a page asks with nobody before it: it keeps no session awake. */
export const BY_ITSELF = { "Postroom-By-Itself": "1" };

const lanes = new Map();

function made() {
  const lane = document.createElement("span");
  lane.hidden = true;
  // Inherits what the page says to each request, as its elements do.
  document.body.append(lane);
  return lane;
}

function lane(name) {
  if (!lanes.get(name)?.isConnected) lanes.set(name, made());
  return lanes.get(name);
}

/** Read into a target; asked again under the same name meanwhile, only the newest is still asked. */
export const read = (name, path, options) => window.htmx.ajax("GET", path, { ...options, source: lane(name) });

/** Ask for a change, whatever else is under way. */
export async function ask(method, path, options = {}) {
  const source = made();
  try {
    await window.htmx.ajax(method, path, { swap: "none", ...options, source });
  } finally {
    source.remove();
  }
}
