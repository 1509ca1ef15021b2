// What a link within the wiki leads to, shown beside it while it is pointed at or focused: the passage
// behind a cite, the first sentence of an entity. The page that the link leads to is read for it, so that
// there is one text of everything, and a click that follows has the page at hand.

const WAIT = 160; // milliseconds that a pointer rests on a link before the card comes

/** @type {Map<string, Promise<Document | null>>} */
const pages = new Map();

/** @param {string} address without its fragment */
function read(address) {
  let page = pages.get(address);
  if (!page) {
    page = fetch(address)
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then((text) => (text ? new DOMParser().parseFromString(text, "text/html") : null))
      .catch(() => null);
    pages.set(address, page);
  }
  return page;
}

/**
 * @param {string} tag
 * @param {string} name
 * @param {Node[]} content
 */
function element(tag, name, ...content) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...content);
  return made;
}

/** @param {Element | null | undefined} found */
function words(found) {
  const copy = found?.cloneNode(true);
  if (!(copy instanceof Element)) return "";
  for (const mark of copy.querySelectorAll(".headerlink, .permalink, .report, .evidence")) mark.remove();
  return copy.textContent?.replace(/\s+/g, " ").trim() ?? "";
}

/**
 * The parts of the card for a link, none where there is nothing to show.
 * @param {HTMLAnchorElement} link
 * @returns {Promise<HTMLElement[]>}
 */
async function card(link) {
  const address = new URL(link.href);
  const anchor = decodeURIComponent(address.hash.slice(1));
  address.hash = "";
  const here = address.href === location.href.replace(/#.*/s, "");
  const page = here ? document : await read(address.href);
  const target = anchor ? page?.getElementById(anchor) : null;
  const passage = target?.closest(".passage");
  /** @type {HTMLElement[]} */
  const parts = [];
  /** @param {string} name @param {string} text @param {string} [language] */
  const add = (name, text, language) => {
    if (!text) return;
    const made = element("p", name, document.createTextNode(text));
    if (language) made.lang = language;
    parts.push(made);
  };
  if (passage) {
    add("preview-title", link.textContent?.trim() ?? "");
    add("", words(passage.querySelector(".gist")));
    const quote = link.parentElement?.querySelector(".fragment");
    if (quote && quote.previousElementSibling === link) add("preview-quote", `“${words(quote)}”`);
    add("preview-quiet", words(passage.querySelector(".passage-gist > .quiet")));
    const checked = (link.dataset.title ?? "").match(/\(([^()]*)\)\s*$/)?.[1] ?? link.dataset.title ?? "";
    add("preview-quiet", checked && `Checked: ${checked}`);
  } else if (target?.matches(".claim, .quotation, li, p, dd")) {
    add("preview-title", words(page?.querySelector("h1")));
    add("", words(target.querySelector(".sentence, .words") ?? target));
  } else if (!here && !anchor) {
    add("preview-title", words(page?.querySelector("h1")));
    add("preview-quiet", words(page?.querySelector(".kicker > a")));
    add("", words(page?.querySelector(".summary")));
    if (parts.length < 3) return [];
  }
  return parts;
}

/** @type {{ link: HTMLAnchorElement, box: HTMLElement } | null} */
let shown = null;
/** @type {HTMLAnchorElement | null} */
let wanted = null;
let timer = 0;

function hide() {
  clearTimeout(timer);
  wanted = null;
  if (!shown) return;
  shown.link.removeAttribute("aria-describedby");
  shown.box.remove();
  shown = null;
}

/** @param {HTMLAnchorElement} link */
async function show(link) {
  const parts = await card(link);
  if (wanted !== link || !link.isConnected) return; // the reader has gone on
  hide();
  if (!parts.length) return;
  const box = element("div", "preview", ...parts);
  box.id = "_preview";
  box.setAttribute("role", "tooltip");
  document.body.append(box);
  const place = link.getClientRects()[0] ?? link.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const left = Math.max(8, Math.min(place.left, width - box.offsetWidth - 8));
  const below = place.bottom + 6;
  const fits = below + box.offsetHeight < innerHeight || place.top < box.offsetHeight + 6;
  const top = fits ? below : place.top - box.offsetHeight - 6;
  box.style.left = `${left + scrollX}px`;
  box.style.top = `${top + scrollY}px`;
  link.setAttribute("aria-describedby", box.id);
  box.addEventListener("pointerleave", hide);
  shown = { link, box };
  wanted = link;
}

/** @param {EventTarget | null} target */
function linkOf(target) {
  const link = target instanceof Element ? target.closest("article a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.origin !== location.origin) return null;
  if (link.matches(".permalink, .headerlink, [download]") || link.closest(".preview, .toc")) return null;
  if (link.title) {
    link.dataset.title = link.title; // in its place comes the card
    link.removeAttribute("title");
  }
  return link;
}

/** @param {HTMLAnchorElement} link @param {number} wait */
function want(link, wait) {
  if (wanted === link) return;
  hide();
  wanted = link;
  timer = setTimeout(() => show(link), wait);
}

export function previews() {
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return; // a finger follows the link
    const link = linkOf(event.target);
    if (link) want(link, WAIT);
    else if (shown && event.target instanceof Node && !shown.box.contains(event.target)) {
      if (document.activeElement !== shown.link) hide();
    } else if (!shown) hide();
  });
  document.addEventListener("focusin", (event) => {
    const link = linkOf(event.target);
    if (link?.matches(":focus-visible")) want(link, 0);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) hide();
  });
  addEventListener("pagehide", hide);
}
