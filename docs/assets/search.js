// The search: in a dialog that opens over any page, and on the page of its own. Pagefind finds the pages;
// which claims and passages of a page carry the words is worked out here, from what its record says of the
// anchors (see build_tools/site/search_index.py). Pagefind and its index are loaded when they are first needed.

/** @typedef {{cites: [string, string][], words?: number, [facet: string]: any}} Mark */
/** @typedef {{element: string, id: string, location: number, text: string}} Anchor */
/**
 * @typedef {object} Found
 * @property {string} id
 * @property {number} score
 * @property {number[]} words
 * @property {string[]} [matchedMetaFields]
 * @property {string[]} [stems] of an index in parts: what was looked for
 * @property {() => Promise<Fragment>} data
 */
/**
 * @typedef {object} Fragment
 * @property {string} raw_url
 * @property {string} content
 * @property {string} raw_content
 * @property {Record<string, string>} meta
 * @property {Anchor[]} anchors
 * @property {string} kind
 * @property {Record<string, Mark>} marks
 */
/**
 * @typedef {object} Engine
 * @property {number} parts
 * @property {(words: string | null, options: object) => Promise<Answer>} search
 * @property {() => Promise<Record<string, Record<string, number>>>} filters
 */
/** @typedef {{results: Found[], query_term_idfs?: {term: string}[]}} Answer */
/** @typedef {Record<string, string>} Choice */
/** @typedef {{anchor: Anchor, mark: Mark, from: number, to: number, hits: number[]}} Part */

const ROOT = new URL("../", import.meta.url);
const FACETS = { kind: "Kind", topic: "Topic", source: "Source", speaker: "Speaker", year: "Year" };
const BATCH = 8; // pages loaded at a time
const PARTS = 3; // claims and passages of one page, before "more"
const LONGEST = 300; // characters that are searched for
const PAUSE = 150; // ms after the last key
const PLAIN = { ı: "i", ß: "ss", ø: "o", æ: "ae", œ: "oe", ł: "l", đ: "d", ð: "d", þ: "th" };
const SPECIAL = new RegExp(`[${Object.keys(PLAIN).join("")}]`, "g");

/** Small letters without marks, as `plain_letters` in build_tools/pages/search_entries.py has them. */
const plain = (/** @type {string} */ text) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(SPECIAL, (letter) => PLAIN[/** @type {keyof typeof PLAIN} */ (letter)]);

/** A word without the signs that stand at it, or in it. */
const bare = (/** @type {string} */ word) => plain(word).replace(/[^\p{L}\p{N}]+/gu, "");

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const counted = (/** @type {number} */ number, /** @type {string} */ noun) =>
  `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

// ---- finding ------------------------------------------------------------------------------------------

/** @type {Promise<Engine> | undefined} */
let loading;

/** Pagefind, loaded once; after a failure it is tried again. */
function engine() {
  loading ??= (async () => {
    const module = await import(new URL("pagefind/pagefind.js", ROOT).href);
    // Its worker would be a second script of the same size, to save a few milliseconds.
    const instance = new module.PagefindWrapper({
      basePath: new URL("pagefind/", ROOT).href,
      language: document.documentElement.lang.toLowerCase(),
      noWorker: true,
      primary: true,
    });
    const ranking = { metaWeights: { title: 6, names: 6 } };
    await instance.options({ ranking });
    // The index of a large wiki is in several parts, which are searched as one. Their first one tells the
    // stems of the words that are searched for: see `carries`.
    const parts = Array.from({ length: module.shards - 1 }, (_, at) => new URL(`pagefind/${at + 1}/`, ROOT).pathname);
    if (parts.length) await instance.enterPlaygroundMode();
    await Promise.all(parts.map((part) => instance.mergeIndex(part, { ranking })));
    instance.parts = module.shards;
    return instance;
  })();
  loading.catch(() => (loading = undefined));
  return loading;
}

/**
 * The pages that have the words, best first. Pagefind folds marks itself; letters that are no base letter
 * with a mark are looked for as typed and plain.
 * @param {string} words
 * @param {Choice} choice
 * @returns {Promise<Found[]>}
 */
async function find(words, choice) {
  const pagefind = await engine();
  if (!words) {
    return Object.keys(choice).length ? (await pagefind.search(null, { filters: choice })).results : [];
  }
  const small = words.toLowerCase();
  const forms = new Set([small, small.replace(SPECIAL, (letter) => PLAIN[/** @type {"ı"} */ (letter)])]);
  /** @type {Map<string, Found>} */
  const found = new Map();
  for (const form of forms) {
    const answer = await pagefind.search(form, { filters: choice });
    const stems = answer.query_term_idfs?.map(({ term }) => bare(term));
    for (const result of answer.results) {
      if (stems && pagefind.parts > 1) result.stems = stems;
      const known = found.get(result.id);
      if (!known || known.score < result.score) found.set(result.id, result);
    }
  }
  const results = [...found.values()].sort((one, other) => other.score - one.score);
  const first = results.slice(0, 2 * BATCH).filter((result) => byName(result));
  const called = await Promise.all(first.map(async (result) => isCalled((await result.data()).meta, words)));
  const exact = first.filter((_, at) => called[at]);
  return [...exact, ...results.filter((result) => !exact.includes(result))];
}

/** Of an index in parts, which one holds a page: see `_settle` in build_tools/site/search_index.py. */
const partOf = (/** @type {Found} */ result) => result.id.split("-")[0];

/**
 * Whether a page has a word of each stem that was looked for. A part of the index that lacks a word offers
 * pages with the beginning of it instead, be it an article: what the other parts have is what was meant. A
 * stem may end in other letters than its words do (ferry, ferri), so of the words that match two are not
 * looked at, and of those that may have matched, which are the page's names, one.
 * @param {Fragment} page
 * @param {string[]} found the words that match
 * @param {string[]} stems
 */
function carries(page, found, stems) {
  const forms = (/** @type {string[]} */ words) =>
    words.flatMap((word) => [bare(word), ...plain(word).split(/[^\p{L}\p{N}]+/u)]);
  const matching = forms(found);
  const names = forms(Object.values(page.meta).flatMap((text) => text.split(/\s+/)));
  const has = (/** @type {string[]} */ words, /** @type {string} */ stem, /** @type {number} */ less) =>
    words.some((word) => word.length >= stem.length && word.startsWith(stem.slice(0, Math.max(stem.length - less, 1))));
  return stems.every((stem) => has(matching, stem, 2) || has(names, stem, 1));
}

/** Whether a page was found by its title or another of its names. */
const byName = (/** @type {Found} */ result) =>
  (result.matchedMetaFields ?? []).some((field) => field === "title" || field === "names");

const SEPARATOR = " · "; // between the names of a page, in its record

/** Whether these words are a page's whole name, or another name of it: it then comes first. */
function isCalled(/** @type {Record<string, string>} */ meta, /** @type {string} */ words) {
  const spaced = (/** @type {string} */ text) => plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean).join(" ");
  return [meta.title ?? "", ...(meta.names ?? "").split(SEPARATOR)].some((name) => spaced(name) === spaced(words));
}

/**
 * The claims, quotations and passages of a page: where each begins and ends, and which words of it match.
 * @param {Fragment} page
 * @param {string[]} words all words of the page
 * @param {Set<number>} hits
 * @returns {Part[]}
 */
function partsOf(page, words, hits) {
  const anchors = [...page.anchors].sort((one, other) => one.location - other.location);
  return anchors.flatMap((anchor, index) => {
    const mark = page.marks[anchor.id];
    if (!mark) return [];
    const from = anchor.location + anchor.text.split(/\s+/).filter(Boolean).length;
    const to = Math.min(from + (mark.words ?? Infinity), anchors[index + 1]?.location ?? words.length);
    const own = [...hits].filter((at) => from <= at && at < to).sort((one, other) => one - other);
    return [{ anchor, mark, from, to, hits: own }];
  });
}

/** Whether what stands at an anchor is of the kind that was chosen, as far as anchors know it. */
const fits = (/** @type {Mark} */ mark, /** @type {Choice} */ choice) =>
  Object.entries(choice).every(([facet, value]) => facet === "kind" || (mark[facet] ?? []).includes(value));

/** How many different words match: the stems of the language are not known here, their beginnings are. */
const variety = (/** @type {Part} */ part, /** @type {string[]} */ words) =>
  new Set(part.hits.map((at) => plain(words[at] ?? "").replace(/[^\p{L}\p{N}]/gu, "").slice(0, 4))).size;

// ---- near misses --------------------------------------------------------------------------------------

/** @type {Promise<[string, string, ...string[]][]> | undefined} */
let names;

/** The pieces of three letters in a name, with its beginning and end. */
function pieces(/** @type {string} */ name) {
  const padded = `  ${plain(name)} `;
  const found = new Set();
  for (let at = 0; at + 3 <= padded.length; at++) found.add(padded.slice(at, at + 3));
  return found;
}

/**
 * The entities whose names, or words of whose names, are most like the words.
 * @param {string} words
 * @returns {Promise<{address: string, name: string, also: string}[]>}
 */
async function nearest(words) {
  names ??= fetch(new URL("data/names.json", ROOT))
    .then((answer) => answer.json())
    .then((data) => data.names);
  names.catch(() => (names = undefined));
  const wanted = pieces(words.slice(0, 100));
  const like = (/** @type {string} */ name) => {
    const own = pieces(name);
    let common = 0;
    for (const piece of own) if (wanted.has(piece)) common++;
    return (2 * common) / (own.size + wanted.size);
  };
  const scored = (await names).map(([address, name, ...others]) => {
    let [best, also] = [0, ""];
    for (const each of [name, ...others]) {
      const likeness = Math.max(like(each), ...each.split(/[\s-]+/).map((word) => 0.9 * like(word)));
      if (likeness > best) [best, also] = [likeness, each === name ? "" : each];
    }
    return { address, name, also, best };
  });
  return scored
    .filter(({ best }) => best >= 0.25)
    .sort((one, other) => other.best - one.best)
    .slice(0, 5);
}

// ---- showing ------------------------------------------------------------------------------------------

/**
 * Some words of a page around the first that matches, the matching ones marked.
 * @param {string[]} words
 * @param {number} from
 * @param {number} to
 * @param {Set<number>} hits
 */
function excerpt(words, from, to, hits) {
  let first = from;
  if (to - from > 45) {
    let hit = from;
    while (hit < to && !hits.has(hit)) hit++;
    first = hit < to ? Math.max(from, Math.min(hit - 12, to - 40)) : from;
  }
  const last = Math.min(to, to - from > 45 ? first + 40 : to);
  const shown = make("span", { class: "search-excerpt" });
  if (first > from) shown.append("… ");
  for (let at = first; at < last; at++) {
    const [, before, word, after] = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su.exec(words[at] ?? "") ?? [];
    if (hits.has(at) && word) shown.append(before ?? "", make("mark", {}, word), after ?? "");
    else shown.append(words[at] ?? "");
    if (at + 1 < last) shown.append(" ");
  }
  if (last < to) shown.append(" …");
  return shown;
}

/**
 * @param {Part} part
 * @param {string} address of the page
 * @param {string[]} words
 */
function partItem(part, address, words) {
  const item = make("li", { class: "search-part" });
  const href = new URL(`${address}#${part.anchor.id}`, ROOT).href;
  item.append(make("a", { href, class: "search-claim" }, excerpt(words, part.from, part.to, new Set(part.hits))));
  const cites = part.mark.cites.map(([label, to]) =>
    make("a", { href: new URL(to, ROOT).href, class: "search-cite" }, label),
  );
  if (cites.length) item.append(make("span", { class: "search-cites" }, ...cites));
  return item;
}

/**
 * A page with its claims and passages; nothing if none of them is what was chosen, or if its part of the index
 * lacks what was looked for, which then is one of those that do.
 * @param {Found} result
 * @param {string} query
 * @param {Choice} choice
 * @param {Set<string>} lacking
 */
async function pageItem(result, query, choice, lacking) {
  const page = await result.data();
  const words = page.raw_content.includes("\u200b")
    ? page.raw_content.replace(/&lt;/g, "<").replace(/&gt;/g, ">").split("\u200b")
    : page.content.split(/\s+/);
  const terms = plain(query).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const hits = new Set(result.words);
  words.forEach((word, at) => {
    // Words that Pagefind knows only with their special letters.
    if (word.toLowerCase().search(SPECIAL) >= 0 && terms.some((term) => plain(word).startsWith(term))) hits.add(at);
  });
  const found = [...hits].map((at) => words[at] ?? "");
  if (result.stems && !carries(page, found, result.stems)) {
    lacking.add(partOf(result));
    return undefined;
  }
  const all = partsOf(page, words, hits);
  const narrow = Object.keys(choice).some((facet) => facet !== "kind");
  let parts = all.filter((part) => part.hits.length && fits(part.mark, choice));
  if (narrow && !parts.length && (byName(result) || !query)) parts = all.filter((part) => fits(part.mark, choice));
  if (narrow && !parts.length) return undefined;
  parts.sort((one, other) => variety(other, words) - variety(one, words));

  const address = page.raw_url.replace(/^\//, "");
  const title = make("a", { href: new URL(address, ROOT).href, class: "search-page" }, page.meta.title ?? address);
  const head = make("p", { class: "search-head" }, title);
  if (page.kind) head.append(" ", make("span", { class: "search-kind" }, page.kind));
  const alias = (page.meta.names ?? "")
    .split(SEPARATOR)
    .find((name) => terms.length && terms.every((term) => plain(name).includes(term)));
  if (alias && !terms.every((term) => plain(page.meta.title ?? "").includes(term))) {
    head.append(" ", make("span", { class: "search-also" }, `also ${alias}`));
  }
  const item = make("li", { class: "search-result" }, head);
  if (!parts.length) {
    const summary = all.find((part) => part.anchor.id === "_summary");
    const own = summary && (byName(result) || !hits.size) ? summary : undefined;
    const heading = (page.meta.title ?? "").split(/\s+/).filter(Boolean).length; // the text begins with it
    const [from, to] = own ? [own.from, own.to] : [Math.min(heading, words.length), words.length];
    if (to > from) item.append(make("p", { class: "search-about" }, excerpt(words, from, to, hits)));
    return item;
  }
  const list = make("ul", { class: "search-parts" });
  list.append(...parts.slice(0, PARTS).map((part) => partItem(part, address, words)));
  item.append(list);
  const rest = parts.slice(PARTS);
  if (rest.length) {
    const more = make("button", { type: "button", class: "search-more-parts" }, `${rest.length} more on this page`);
    more.addEventListener("click", () => {
      const items = rest.map((part) => partItem(part, address, words));
      list.append(...items);
      more.remove();
      items[0]?.querySelector("a")?.focus();
    });
    item.append(more);
  }
  return item;
}

/** The parts of the search as a reader has them before them. */
class Search {
  /**
   * @param {HTMLElement} host what the search is laid out in
   * @param {boolean} inline whether it is the page's own, whose address then says what is searched for
   */
  constructor(host, inline) {
    this.inline = inline;
    this.turn = 0; // counts searches, so that a late answer is known for one
    this.timer = 0;
    const id = inline ? "search-page" : "search-dialog";
    this.input = make("input", {
      type: "search",
      id: `${id}-input`,
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
      enterkeyhint: "search",
      placeholder: "A name, a word, a claim …",
      "aria-describedby": `${id}-help`,
    });
    this.form = make(
      "form",
      { role: "search", class: "search-form" },
      make("label", { for: `${id}-input`, class: "search-label" }, "Search this wiki"),
      this.input,
    );
    this.facets = make("div", { class: "search-facets" });
    /** @type {Map<string, HTMLSelectElement>} */
    this.selects = new Map();
    for (const [facet, label] of Object.entries(FACETS)) {
      const select = make("select", { id: `${id}-${facet}` }, new Option("Any", ""));
      select.addEventListener("change", () => this.run());
      this.selects.set(facet, select);
      this.facets.append(make("div", {}, make("label", { for: select.id }, label), select));
    }
    this.clear = make("button", { type: "button", class: "search-clear", hidden: "" }, "Clear filters");
    this.clear.addEventListener("click", () => this.widen());
    this.facets.append(this.clear);
    this.narrowing = make("summary", {}, "Filter");
    this.panel = make("details", { class: "search-narrow" }, this.narrowing, this.facets);
    this.panel.addEventListener("toggle", () => this.panel.open && this.offer());
    this.status = make("p", { class: "search-status", role: "status" });
    this.list = make("ol", { class: "search-results" });
    this.more = make("button", { type: "button", class: "search-more", hidden: "" }, "More results");
    const help = "Results come as you type; the arrow keys move through them.";
    this.body = make(
      "div",
      { class: "search-body" },
      make("p", { id: `${id}-help`, class: "search-help" }, help),
      this.panel,
      this.status,
      this.list,
      this.more,
    );
    host.append(this.form, this.body);
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.run(), PAUSE);
    });
    this.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await this.run();
      if (!inline) this.links()[0]?.click();
    });
    host.addEventListener("keydown", (event) => this.move(event));
  }

  /** What can be gone through with the arrow keys. */
  links() {
    const links = this.body.querySelectorAll(".search-page, .search-claim, .search-near, .search-more:not([hidden])");
    return /** @type {HTMLElement[]} */ ([...links]);
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.target instanceof HTMLSelectElement) return;
    const stops = [this.input, ...this.links()];
    const at = stops.indexOf(/** @type {HTMLInputElement} */ (document.activeElement));
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }

  /** @returns {Choice} */
  choice() {
    const chosen = [...this.selects].map(([facet, select]) => [facet, select.value]);
    return Object.fromEntries(chosen.filter(([, value]) => value));
  }

  /** The values to choose from are there. */
  async offer() {
    if (this.offered) return;
    this.offered = true;
    const filters = await (await engine()).filters().catch(() => ({}));
    for (const [facet, select] of this.selects) {
      const values = Object.keys(/** @type {Record<string, object>} */ (filters)[facet] ?? {});
      const sign = facet === "year" ? -1 : 1;
      values.sort((one, other) => sign * one.localeCompare(other, "en"));
      const had = select.value;
      select.replaceChildren(new Option("Any", ""), ...values.map((value) => new Option(value)));
      if (had) this.choose(facet, had);
    }
  }

  /** @param {string} facet @param {string} value */
  choose(facet, value) {
    const select = this.selects.get(facet);
    if (!select) return;
    if (![...select.options].some((option) => option.value === value)) select.append(new Option(value));
    select.value = value;
  }

  widen() {
    for (const select of this.selects.values()) select.value = "";
    this.input.focus();
    return this.run();
  }

  /** What is searched for, as the search page's address has it. */
  parameters() {
    const query = this.input.value.slice(0, LONGEST).trim();
    return new URLSearchParams({ ...(query && { q: query }), ...this.choice() });
  }

  /** Searches for what stands in the field; the list holds the first pages when this is done. */
  async run() {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    const query = this.input.value.slice(0, LONGEST).trim();
    const choice = this.choice();
    const chosen = Object.keys(choice).length;
    this.narrowing.textContent = chosen ? `Filter (${chosen})` : "Filter";
    this.clear.hidden = !chosen;
    if (this.inline) {
      const parameters = this.parameters().toString();
      history.replaceState(history.state, "", parameters ? `?${parameters}` : location.pathname);
    }
    let shown = 0;
    /** @type {Found[]} */
    let waiting = [];
    try {
      waiting = await find(query, choice);
    } catch {
      if (turn === this.turn) this.fail();
      return;
    }
    if (turn !== this.turn) return;
    const total = waiting.length;
    // Whether some of them may turn out to be none, once they are loaded.
    const loose = Object.keys(choice).some((facet) => facet !== "kind") || waiting.some((result) => result.stems);
    /** @type {Set<string>} */
    const lacking = new Set();
    const cut = this.input.value.length > LONGEST ? ` Only the first ${LONGEST} characters count.` : "";

    const next = async () => {
      /** @type {HTMLElement[]} */
      const items = [];
      while (items.length < BATCH && waiting.length) {
        const batch = waiting.splice(0, BATCH);
        const made = await Promise.all(batch.map((result) => pageItem(result, query, choice, lacking)));
        if (turn !== this.turn) return undefined;
        if (lacking.size) waiting = waiting.filter((result) => !result.stems || !lacking.has(partOf(result)));
        items.push(...made.filter((item) => item !== undefined));
      }
      shown += items.length;
      return items;
    };
    const say = () => {
      const exact = !loose || !waiting.length;
      const number = loose ? shown + waiting.length : total;
      const some = shown < number ? `, the first ${shown} shown` : "";
      this.status.textContent = `${exact ? "" : "At most "}${counted(number, "page")}${some}.${cut}`;
      this.more.hidden = !waiting.length;
    };
    const items = await next().catch(() => null);
    if (items === undefined || turn !== this.turn) return;
    if (items === null) {
      this.fail();
      return;
    }
    this.list.replaceChildren(...items);
    if (shown) {
      say();
      this.more.onclick = async () => {
        const further = await next().catch(() => null);
        if (!further) return;
        this.list.append(...further);
        say();
        further[0]?.querySelector("a")?.focus();
      };
      return;
    }
    this.more.hidden = true;
    if (!query && !chosen) this.status.textContent = "";
    else await this.nothing(turn, query, chosen > 0, cut);
  }

  fail() {
    this.list.replaceChildren();
    this.more.hidden = true;
    this.status.textContent = "The search could not be loaded. Try again, or go through the lists of this wiki.";
  }

  /**
   * Says that nothing was found, and offers what is nearest.
   * @param {number} turn
   * @param {string} query
   * @param {boolean} chosen
   * @param {string} cut
   */
  async nothing(turn, query, chosen, cut) {
    const near = query && !chosen ? await nearest(query).catch(() => []) : [];
    if (turn !== this.turn) return;
    const short = query.length > 60 ? `${query.slice(0, 60)}…` : query;
    const words = query ? `Nothing found for “${short}”` : "Nothing found";
    const offer = near.length ? " The nearest names:" : chosen ? "" : " No name here is like it.";
    this.status.textContent = `${words}${chosen ? " with these filters" : ""}.${cut}${offer}`;
    this.list.replaceChildren(
      ...near.map(({ address, name, also }) => {
        const link = make("a", { href: new URL(address, ROOT).href, class: "search-near" }, name);
        const head = make("p", { class: "search-head" }, link);
        if (also) head.append(" ", make("span", { class: "search-also" }, `also ${also}`));
        return make("li", { class: "search-result" }, head);
      }),
    );
  }
}

// ---- where it stands ----------------------------------------------------------------------------------

/** @type {Search | undefined} */
let own;
/** @type {{dialog: HTMLDialogElement, search: Search} | undefined} */
let over;

/** The search stands on its page, and searches for what the address says. */
export function settle(/** @type {HTMLElement} */ host) {
  own = new Search(host, true);
  const parameters = new URLSearchParams(location.search);
  own.input.value = parameters.get("q") ?? "";
  for (const facet of Object.keys(FACETS)) {
    const value = parameters.get(facet);
    if (!value) continue;
    own.choose(facet, value);
    own.panel.open = true;
  }
  if (parameters.size) own.run();
}

/** The search is before the reader: on its own page there, on any other in a dialog. */
export function open() {
  if (own) {
    own.input.focus();
    own.input.select();
    return;
  }
  if (!over) {
    const dialog = make("dialog", { class: "search-dialog", "aria-label": "Search" });
    const search = new Search(dialog, false);
    const close = make("button", { type: "button", class: "search-close", "aria-label": "Close the search" }, "Close");
    close.addEventListener("click", () => dialog.close());
    search.form.append(close);
    const page = make("a", { href: new URL("search/", ROOT).href, class: "search-whole" }, "Open as a page");
    page.addEventListener("click", () => {
      page.href = new URL(`search/?${search.parameters()}`, ROOT).href;
    });
    search.body.append(make("p", { class: "search-foot" }, page));
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // a field of type "search" would only be emptied
      dialog.close();
    });
    dialog.addEventListener("click", (event) => {
      const link = event.target instanceof Element && event.target.closest("a");
      if (event.target === dialog || link) dialog.close(); // a result may stand on this very page
    });
    document.body.append(dialog);
    over = { dialog, search };
  }
  if (!over.dialog.open) over.dialog.showModal();
  over.search.input.focus();
  over.search.input.select();
  engine().catch(() => {}); // on its way while the reader types; a failure is told when they have
}
