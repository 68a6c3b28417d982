/** Lighthouse on the demo's inbox and a conversation, each as on a desktop and on a phone, signed in, with an empty cache. */

import { writeFileSync } from "node:fs";
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const [url, folder] = process.argv.slice(2);
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const LEAST = 95;
// What a browser keeps of a theme (faces/web/preferences.py).
const THEMES = (process.env.THEMES || "light dark").split(" ");
const FORMS = (process.env.FORMS || "desktop phone").split(" ");

const session = await signedIn();
const found = await conversation(session);
const pages = { inbox: "/folders/open", conversation: found };
const chrome = await puppeteer.launch({ executablePath: process.env.CHROME_PATH, args: ["--no-sandbox", "--disable-gpu"] });
// Lighthouse empties everything else before it looks.
await chrome.setCookie(...session.split("; ").map((one) => ({ name: one.split("=")[0], value: one.split("=")[1], domain: new URL(url).hostname, path: "/" })));
let low = 0;
try {
  for (const [name, path] of Object.entries(pages)) {
    for (const form of FORMS) for (const theme of THEMES) low += await measured(name, path, form, theme);
  }
} finally {
  await chrome.close();
}
process.exitCode = low ? 1 : 0;

/** Say the three scores of one page and what took points; returns how many are too low. */
async function measured(name, path, form, theme) {
  await chrome.setCookie({ name: "postroom_theme", value: theme, domain: new URL(url).hostname, path: "/" });
  const page = await chrome.newPage();
  const flags = { output: "json", logLevel: "error", onlyCategories: CATEGORIES };
  const { lhr } = await lighthouse(url + path, flags, form === "desktop" ? desktopConfig : undefined, page);
  await page.close();
  const scores = CATEGORIES.map((one) => Math.round((lhr.categories[one].score ?? 0) * 100));
  const kilobytes = (lhr.audits["total-byte-weight"]?.numericValue ?? 0) / 1000;
  const shown = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"]
    .map((one) => `${lhr.audits[one].displayValue}`).join(" / ");
  console.log(`${name.padEnd(13)} ${form.padEnd(8)} ${theme.padEnd(6)} ${scores.map((one) => String(one).padStart(4)).join("")}   ${shown}, ${kilobytes.toFixed(0)} kB`);
  if (lhr.finalDisplayedUrl.includes("/sign-in")) throw new Error("The session was not taken.");
  for (const category of CATEGORIES) {
    for (const { id, weight } of lhr.categories[category].auditRefs) {
      const { score, title } = lhr.audits[id];
      if (weight && score !== null && score < 0.9) console.log(`    ${category}: ${title} (${lhr.audits[id].displayValue ?? score})`);
    }
  }
  if (folder) writeFileSync(`${folder}/${name}-${form}-${theme}.json`, JSON.stringify(lhr, null, 1));
  return scores.filter((one) => one < LEAST).length;
}

/** The demo lets anybody in as its first person. */
async function signedIn() {
  const page = await fetch(`${url}/sign-in`);
  const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(await page.text())[1];
  const cookies = page.headers.getSetCookie().map((one) => one.split(";")[0]);
  const body = new URLSearchParams({ csrfmiddlewaretoken: token, next: "/" });
  const answer = await fetch(`${url}/sign-in/as/1`, { method: "POST", body, redirect: "manual", headers: { Cookie: cookies.join("; "), Referer: url } });
  return answer.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
}

async function conversation(cookie) {
  const list = await (await fetch(`${url}/folders/open`, { headers: { Cookie: cookie } })).text();
  return /class="line-link" href="([^"]+)"/.exec(list)[1];
}
