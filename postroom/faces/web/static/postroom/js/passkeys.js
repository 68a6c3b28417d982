/** Forms that make or show a passkey (WebAuthn): the server says what it takes, the browser does it, the form brings it. */

if (window.PublicKeyCredential && navigator.credentials) {
  for (const none of document.querySelectorAll("[data-passkey-none]")) none.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form).catch(() => { trouble(form).hidden = false; }).finally(() => { delete form.dataset.asking; });
    });
  }
}

function trouble(form) {
  return form.querySelector("[data-passkey-trouble]");
}

async function ask(form) {
  // The browser shows one question at a time.
  if (form.dataset.asking) return;
  form.dataset.asking = "yes";
  trouble(form).hidden = true;
  const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
  if (answer.redirected) { location.assign(answer.url); return; }
  if (!answer.ok) throw new Error(String(answer.status));
  const { publicKey } = await answer.json();
  const making = form.dataset.passkey === "make";
  const credential = making
    ? await navigator.credentials.create({ publicKey: readable(publicKey) })
    : await navigator.credentials.get({ publicKey: readable(publicKey) });
  form.elements.credential.value = JSON.stringify(written(credential));
  form.submit();
}

/** The server writes bytes as base64url (WebAuthn 5.1.8); the browser wants them as bytes. */
function readable(options) {
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = known(options.allowCredentials);
  return read;
}

function written(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = words(response[name]);
  }
  return {
    id: credential.id,
    rawId: words(credential.rawId),
    type: credential.type,
    response: parts,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment,
  };
}

function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

function words(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
