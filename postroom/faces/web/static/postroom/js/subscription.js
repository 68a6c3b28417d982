/** This browser's subscription to push: begun and ended on the settings page, kept up after a new sign-in. */

const PLACE = "postroom:push";
const mine = () => document.body.dataset;

/** Whose choice this browser keeps, and in which session it was last told to the server. */
function known() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) || {};
  } catch {
    return {};
  }
}

function remember(what) {
  try {
    if (what) localStorage.setItem(PLACE, JSON.stringify(what));
    else localStorage.removeItem(PLACE);
  } catch {
    // A browser that keeps nothing is told of its subscription on the settings page only.
  }
}

/** Subscribe and tell the server; throws with `name` NotAllowedError when the person or the browser refuses. */
export async function begin(key) {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") throw new DOMException("refused", "NotAllowedError");
  const registration = await navigator.serviceWorker.ready;
  const old = await registration.pushManager.getSubscription();
  // One that was made with another key of ours can never be used again.
  if (old && encoded(old.options.applicationServerKey) !== key) await old.unsubscribe();
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: decoded(key) });
  await send(made);
}

/** No more in this browser. */
export async function end() {
  remember(null);
  const registration = await navigator.serviceWorker?.getRegistration();
  const made = await registration?.pushManager?.getSubscription();
  await made?.unsubscribe();
}

/** A new session of the same person goes on being told; somebody else's choice is their own. */
export async function keepUp() {
  const { person, session } = known();
  if (!person || person !== mine().person || session === mine().session || Notification.permission !== "granted") return;
  const registration = await navigator.serviceWorker.ready;
  const made = await registration.pushManager?.getSubscription();
  if (made) await send(made);
}

async function send(made) {
  const { endpoint, keys } = made.toJSON();
  const answer = await fetch("/settings/notifications/devices", {
    method: "POST",
    headers: JSON.parse(document.body.getAttribute("hx-headers")),
    body: new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth }),
  });
  if (!answer.ok) throw new Error(answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : "");
  remember({ person: mine().person, session: mine().session });
}

const decoded = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const encoded = (bytes) =>
  bytes ? btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") : "";
