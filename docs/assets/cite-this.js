// Beside each claim and quotation: its address to copy, and how to cite it, as text, BibTeX and CSL-JSON.

/**
 * What is known of a statement that may be cited.
 * @typedef {{
 *   site: string, page: string, words: string, url: string, key: string,
 *   issued: string, accessed: string,
 * }} Citable
 */

const LONGEST = 300; // of the words in a citation

/** @param {string} name @returns {string} what a <meta> of the page says */
const meta = (name) =>
  document.querySelector(`meta[name="${name}"], meta[property="${name}"]`)?.getAttribute("content")?.trim() ?? "";

/** @param {Date} date @returns {string} the day where the reader is */
const day = (date) =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

/** @param {string} text @returns {string} on one line, not too long */
function short(text) {
  const line = text.replace(/\s+/g, " ").trim();
  const letters = [...line];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("").trimEnd()}…` : line;
}

/** @param {Element} statement @returns {string} its sentence, without evidence, dates and controls */
function wordsOf(statement) {
  const sentence = statement.querySelector(".sentence") ?? statement.querySelector("blockquote") ?? statement;
  const copy = /** @type {Element} */ (sentence.cloneNode(true));
  const besides = ".cite, .cites, .cite-note, .fragment, .permalink, .report, .when, .quiet, .derived, .cite-menu, .former, aside";
  for (const part of copy.querySelectorAll(besides)) part.remove();
  return short(copy.textContent ?? "");
}

/** @param {Element} statement @returns {Citable} */
function citable(statement) {
  const page = document.querySelector("link[rel=canonical]")?.getAttribute("href") ?? location.href;
  const url = new URL(page, location.href);
  url.hash = statement.id;
  url.search = "";
  const site = meta("og:site_name");
  const place = url.pathname.split("/").filter(Boolean).at(-1) ?? "page";
  return {
    site,
    page: meta("og:title") || document.title,
    words: wordsOf(statement),
    url: url.href,
    key: `${place}-${statement.id}`.toLowerCase().replace(/[^a-z0-9-]/g, ""),
    issued: meta("date"),
    accessed: day(new Date()),
  };
}

/** @param {Citable} item @returns {string} */
export function asText(item) {
  const end = /[.?!…]$/.test(item.words) ? "" : ".";
  const issued = item.issued ? `, ${item.issued}` : "";
  return `“${item.words}${end}” ${item.page}. ${item.site}${issued}. ${item.url} (accessed ${item.accessed}).`;
}

/** @type {Record<string, string>} */
const TEX = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "&": "\\&",
  "%": "\\%",
  $: "\\$",
  "#": "\\#",
  _: "\\_",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};

/** @param {string} text @returns {string} the text as TeX prints it; letters stay UTF-8 */
export const tex = (text) => text.replace(/[\\{}&%$#_~^]/g, (sign) => TEX[sign] ?? sign);

/** @param {Citable} item @returns {string} */
export function asBibtex(item) {
  // Styles take an address as it is: only what would end its field is written otherwise.
  const url = item.url.replace(/[{}\\]/g, encodeURIComponent);
  const fields = [
    ["title", `{${tex(`${item.page}: ${item.words}`)}}`],
    ["howpublished", tex(item.site)],
    ["year", item.issued.slice(0, 4)],
    ["date", item.issued],
    ["url", url],
    ["urldate", item.accessed],
  ];
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}},`);
  return `@misc{${item.key},\n${lines.join("\n")}\n}`;
}

/** @param {string} date @returns {{"date-parts": number[][]} | undefined} */
const parts = (date) => (date ? { "date-parts": [date.split("-").map(Number)] } : undefined);

/** @param {Citable} item @returns {string} */
export function asCsl(item) {
  const csl = {
    id: item.key,
    type: "webpage",
    title: `${item.page}: ${item.words}`,
    "container-title": item.site,
    URL: item.url,
    issued: parts(item.issued),
    accessed: parts(item.accessed),
  };
  const fields = Object.entries(csl).filter(([, value]) => value !== undefined);
  const lines = fields.map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `[\n  {\n${lines.join(",\n")}\n  }\n]`;
}

// ---- on the page -------------------------------------------------------------------------------

/**
 * @param {string} tag @param {Record<string, string>} attributes @param {(Node | string)[]} inner
 * @returns {HTMLElement}
 */
function element(tag, attributes, ...inner) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inner);
  return made;
}

const said = element("p", { class: "cite-said", role: "status" });

/** @param {string} text what screen readers say and others see for a while */
function say(text) {
  said.textContent = "";
  // Said anew, even if it is the same as before.
  requestAnimationFrame(() => {
    said.textContent = text;
  });
}

/** @param {string} text @param {string} what */
async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied: ${what}`);
  } catch {
    say(`Your browser does not let pages copy. Select the text and copy it yourself.`);
  }
}

const dialog = /** @type {HTMLDialogElement} */ (element("dialog", { class: "cite-dialog", "aria-labelledby": "_cite-this" }));

/** @param {Element} statement */
function show(statement) {
  const item = citable(statement);
  const close = element("button", { type: "button", class: "cite-close" }, "Close");
  close.addEventListener("click", () => dialog.close());
  const forms = [
    ["Text", asText(item)],
    ["BibTeX", asBibtex(item)],
    ["CSL-JSON", asCsl(item)],
  ].map(([name = "", text = ""], number) => {
    const button = element("button", { type: "button" }, "Copy");
    button.setAttribute("aria-label", `Copy ${name}`);
    button.addEventListener("click", () => copy(text, name));
    const shown = element("pre", { tabindex: "0", "aria-labelledby": `_cite-${number}` }, text);
    const heading = element("h3", { id: `_cite-${number}` }, name);
    return element("section", {}, element("div", { class: "cite-head" }, heading, button), shown);
  });
  const head = element("div", { class: "cite-head" }, element("h2", { id: "_cite-this" }, "Cite this"), close);
  dialog.replaceChildren(head, ...forms, said);
  dialog.showModal();
}

/** @param {Element} statement */
function addMenu(statement) {
  const link = statement.querySelector(".permalink");
  if (!link) return;
  const kind = statement.classList.contains("quotation") ? "quotation" : "claim";
  const opener = element("summary", { "aria-label": `Address and citation of this ${kind}`, title: `Cite this ${kind}` }, "“");
  const address = element("button", { type: "button" }, "Copy address");
  const cite = element("button", { type: "button" }, "Cite this");
  const items = [address, cite];
  const report = /** @type {HTMLElement | null} */ (statement.querySelector(".report"));
  if (report) items.push(report);
  const menu = /** @type {HTMLDetailsElement} */ (
    element("details", { class: "cite-menu", "data-search-exclude": "" }, opener, element("div", {}, ...items))
  );
  const shut = () => {
    menu.open = false;
    opener.focus();
  };
  address.addEventListener("click", () => {
    void copy(citable(statement).url, "the address");
    shut();
  });
  cite.addEventListener("click", () => {
    shut(); // when the dialog closes, the browser puts the focus back here
    show(statement);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) shut();
  });
  menu.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node && menu.contains(event.relatedTarget))) menu.open = false;
  });
  link.before(menu);
}

for (const statement of document.querySelectorAll(".claim[id], .quotation[id]")) addMenu(statement);
document.body.append(said, dialog);
dialog.addEventListener("close", () => document.body.append(said));
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // beside it
});
