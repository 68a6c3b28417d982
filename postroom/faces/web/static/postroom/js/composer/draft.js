/**
 * What somebody is writing, kept in this browser per person and conversation until the server has it:
 * it survives a reload, a lost connection, a refusal and a closed lid.
 */

const PREFIX = "postroom:draft:";

/** @typedef {{mode: string, html: string, to: Person[], cc: Person[], bcc: Person[], files: File[], token: string, seen: number}} Content */

export class Draft {
  constructor(person, conversation) {
    this.key = `${PREFIX}${person}:${conversation}`;
  }

  /** Return what was kept, or null. A damaged draft counts as none. */
  load() {
    try {
      const content = JSON.parse(localStorage.getItem(this.key));
      return content && typeof content.html === "string" ? content : null;
    } catch {
      return null;
    }
  }

  /** Keep the content; false when this browser will not (private window, full, switched off). */
  keep(content) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...content, kept: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  /** The server has this content: nothing but it is lost when this browser's store goes. Newer words stay as they are. */
  settle(content, place) {
    const kept = this.load();
    if (kept) this.keep({ ...kept, ...place, unsaved: kept.html !== content.html });
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Where nothing can be kept there is nothing to forget.
    }
  }
}

/**
 * Choose between what this browser kept and what the server had when the page was made; null for neither. A page may be
 * older than the store (it was fetched ahead), and the store older than the server (somebody went on elsewhere).
 */
export function newest(local, server) {
  if (!local || !server) return local || server || null;
  const same = local.draft === server.draft;
  if (same && !local.unsaved && server.version > local.version) return server;
  if (local.html === server.html) return { ...local, ...place(server.version < local.version && same ? local : server), unsaved: false };
  // Where both are new, saving asks which one is meant.
  return local;
}

export const place = ({ draft = null, version = 0, shared = false }) => ({ draft, version, shared });

/** One per composed message: a second POST with the same token is answered with the first one's result. */
export function freshToken() {
  // crypto.randomUUID exists on https and localhost only; a team may well run this on a plain address in its own network.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
