// What the live preview adds to each page that it serves: the page is loaded again when it changed, where
// its reader stood in it; and what is wrong with the records is shown over it, until it is mended.

/**
 * @typedef {{path: string, line: number, column: number, code: string, severity: string, message: string,
 *   hint: string, text: [string, string, string] | null}} Finding
 * @typedef {{edition: string, building: boolean, following: boolean, changed: string[] | null,
 *   saved: string[], behind: boolean, findings: Finding[]}} Notice
 */

const MOST_LINKS = 5; // to pages that changed elsewhere
const PLACE = `preview-place:${location.pathname}`;
const FOLDED = "preview-folded"; // the problems that the reader has put away, while this tab is open

const own = document.querySelector('script[data-edition][src="/_preview/preview.js"]');
const edition = (own instanceof HTMLElement && own.dataset.edition) || "";

// ---- the elements ---------------------------------------------------------------------------------

/**
 * An element with attributes and what it holds; text stays text, whatever it says.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} parts
 */
const make = (name, attributes = {}, ...parts) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...parts);
  return element;
};

// In a tree of its own: the page's styles do not reach in, and its scripts find nothing of it.
const host = make("div", { id: "_preview" });
const tree = host.attachShadow({ mode: "open" });
const title = make("h2", { id: "title", tabindex: "-1" });
const note = make("p", { class: "note" });
const list = make("ol", { class: "findings" });
const fold = make("button", { type: "button" }, "Put away");
const dialog = make("dialog", { "aria-labelledby": "title" }, make("div", { class: "head" }, title, fold), note, list);
const unfold = make("button", { type: "button", class: "unfold", hidden: "" });
const status = make("p", { role: "status" });
const links = make("ul", { hidden: "" });
const corner = make("div", { class: "corner" }, status, links, unfold);
tree.append(make("link", { rel: "stylesheet", href: "/_preview/preview.css" }), corner, dialog);
document.body.append(host);

// ---- where the reader stands ----------------------------------------------------------------------

const foldables = () => [...document.querySelectorAll("details")];

/** What the reader sees stays in place over a new load: by the nearest anchor above, as lengths may change. */
const load = () => {
  const above = [...document.querySelectorAll("article [id]")]
    .map((element) => ({ id: element.id, top: element.getBoundingClientRect().top }))
    .filter(({ top }) => top <= 1)
    .at(-1);
  const place = { y: scrollY, above, open: foldables().map((details) => [name(details), details.open]) };
  sessionStorage.setItem(PLACE, JSON.stringify(place));
  location.reload();
};

/**
 * What a part that folds is known by in the next edition of the page.
 * @param {HTMLDetailsElement} details
 */
const name = (details) => details.id || `${details.closest("[id]")?.id} ${details.querySelector("summary")?.textContent}`;

const restore = () => {
  const kept = sessionStorage.getItem(PLACE);
  if (kept === null) return;
  sessionStorage.removeItem(PLACE);
  /** @type {{y: number, above?: {id: string, top: number}, open: [string, boolean][]}} */
  const { y, above, open } = JSON.parse(kept);
  const states = new Map(open);
  for (const details of foldables()) details.open = states.get(name(details)) ?? details.open;
  const settle = () => {
    const anchor = above && document.getElementById(above.id);
    const to = anchor ? scrollY + anchor.getBoundingClientRect().top - above.top : y;
    scrollTo({ top: to, behavior: "instant" });
  };
  history.scrollRestoration = "manual"; // the browser would go to where it was in pixels
  settle();
  let moved = false; // by the reader
  const events = ["wheel", "keydown", "touchstart", "pointerdown"];
  for (const event of events) addEventListener(event, () => (moved = true), { once: true, passive: true });
  addEventListener("load", () => {
    if (!moved) settle(); // images and fonts are there now
    history.scrollRestoration = "auto";
  });
};

// ---- what is wrong --------------------------------------------------------------------------------

/** @param {Finding} finding */
const item = ({ path, line, column, code, severity, message, hint, text }) => {
  /** @type {HTMLElement[]} */
  const parts = [
    make("p", { class: "place" }, make("code", {}, `${path}:${line}:${column}`), ` ${severity} `, make("code", {}, code)),
    make("p", { class: "message" }, message),
  ];
  if (text) {
    const [before, marked, after] = text;
    parts.push(make("pre", {}, make("code", {}, before, make("mark", {}, marked), after)));
  }
  if (hint) parts.push(make("p", { class: "hint" }, hint));
  return make("li", { class: severity }, ...parts);
};

/** @param {Finding[]} findings */
const count = (findings) => {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const parts = [];
  if (errors) parts.push(`${errors} error${errors === 1 ? "" : "s"}`);
  if (warnings) parts.push(`${warnings} warning${warnings === 1 ? "" : "s"}`);
  return parts.join(", ");
};

let broken = false;

const putAway = () => {
  if (broken) sessionStorage.setItem(FOLDED, "yes");
  unfold.hidden = false;
  dialog.close(); // which gives the focus back to where it was
};
fold.addEventListener("click", putAway);
dialog.addEventListener("cancel", (event) => {
  event.preventDefault(); // Escape
  putAway();
});
dialog.addEventListener("keydown", (event) => event.stopPropagation()); // the page's own keys rest meanwhile
unfold.addEventListener("click", () => {
  sessionStorage.removeItem(FOLDED);
  open();
});

const open = () => {
  unfold.hidden = true;
  if (dialog.open) return;
  dialog.showModal();
  title.focus({ preventScroll: true });
};

/** @param {Notice} notice */
const show = ({ findings, behind }) => {
  broken = findings.some(({ severity }) => severity === "error");
  title.textContent = count(findings);
  note.textContent = behind ? "The page below is as it was before." : "";
  list.replaceChildren(...findings.map(item));
  unfold.textContent = count(findings);
  if (broken && !sessionStorage.getItem(FOLDED)) open();
  if (!broken) sessionStorage.removeItem(FOLDED);
  if (!findings.length) dialog.close();
  unfold.hidden = !findings.length || dialog.open;
};

// ---- what changed ---------------------------------------------------------------------------------

const here = decodeURI(location.pathname).slice(1).replace(/index\.html$/, "");

/**
 * Whether this page changed, or a style, script or picture that it has loaded.
 * @param {string[] | null} changed
 */
const concerned = (changed) => {
  if (changed === null) return true;
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const used = new Set([here, ...loaded.filter(({ origin }) => origin === location.origin).map((url) => url.pathname.slice(1))]);
  return changed.some((address) => used.has(address));
};

/** @param {Notice} notice */
const tell = ({ building, following, changed, saved }) => {
  const pages = (changed ?? []).filter((address) => address === "" || address.endsWith("/"));
  const first = [...saved.filter((address) => pages.includes(address)), ...pages];
  const shown = [...new Set(first)].slice(0, MOST_LINKS);
  const words = [];
  if (building) words.push("Being made anew …");
  else if (following) words.push("The search follows …");
  if (pages.length) words.push(`${pages.length === 1 ? "Another page" : `${pages.length} other pages`} changed:`);
  status.textContent = words.join(" ");
  links.replaceChildren(...shown.map((address) => make("li", {}, make("a", { href: `/${encodeURI(address)}` }, `/${address}`))));
  links.hidden = !shown.length;
};

/** @param {Notice} notice */
const heed = (notice) => {
  if (notice.edition !== edition && concerned(notice.changed)) return load();
  show(notice);
  tell(notice);
};

/** @type {EventSource | undefined} */
let stream;
const listen = () => {
  stream?.close();
  stream = undefined;
  if (document.hidden) return; // a browser grants a site few connections, over all its tabs
  stream = new EventSource(`/_preview/events?since=${encodeURIComponent(edition)}`);
  stream.addEventListener("message", ({ data }) => heed(JSON.parse(data)));
  stream.addEventListener("error", () => (status.textContent = "The preview has stopped; `make serve` starts it."));
};

addEventListener("DOMContentLoaded", restore); // once the page's own scripts have laid it out
listen();
document.addEventListener("visibilitychange", listen);
addEventListener("pageshow", ({ persisted }) => persisted && listen()); // back from the browser's memory

export {}; // a module: its names are its own
