/* The service worker: an offline page instead of the browser's, and news while no page is open. It keeps no mail.
   The server puts before this: const KNOWN = { cache, offline, parts, icon, badge, title, news }. */

/* global KNOWN */

self.addEventListener("install", (event) => {
  const wanted = [KNOWN.offline, ...KNOWN.parts].map((path) => new Request(path, { cache: "reload", credentials: "same-origin" }));
  event.waitUntil(caches.open(KNOWN.cache).then((cache) => cache.addAll(wanted)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("postroom-") && name !== KNOWN.cache) await caches.delete(name);
    // The page is asked for while the worker still starts.
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(event));
  else if (KNOWN.parts.includes(new URL(request.url).pathname)) event.respondWith(part(request));
});

async function page(event) {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return (await caches.match(KNOWN.offline)) || Response.error();
  }
}

/* The server's is newer; ours is for when there is no server. */
async function part(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request.url)) || Response.error();
  }
}

self.addEventListener("push", (event) => {
  event.waitUntil(tell(event.data));
});

async function tell(data) {
  let said = {};
  try {
    said = data.json();
  } catch {
    // A browser asks that each push shows something.
  }
  const { id = 0, conversation = null, title = KNOWN.title, body = "", unseen = 0 } = said;
  if (unseen) await self.navigator.setAppBadge?.(unseen).catch(() => {});
  const tag = conversation ? `conversation-${conversation}` : `news-${id}`;
  const url = conversation ? `/conversations/${conversation}` : KNOWN.news;
  await self.registration.showNotification(title, { body, tag, renotify: true, icon: KNOWN.icon, badge: KNOWN.badge, data: { url } });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url || KNOWN.news));
});

/* In a window that is there already, else in a new one. */
async function open(url) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = windows.find((one) => one.focused) || windows[0];
  if (!shown) return self.clients.openWindow(url);
  await shown.focus().catch(() => {});
  // The page knows whether something would be lost by leaving it.
  shown.postMessage({ open: url });
  return null;
}
