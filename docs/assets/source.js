// The annotated source: pointing at a passage, at a run of its words, or at a statement lights up the other
// side. By mouse it follows the pointer, by keyboard the focus; the number of a passage and the kind of a
// statement are switches that keep the light on. Each of a statement's appearances on the page lights up.

/** @typedef {{passage: Element | null, span: string | null, statement: string | null}} Target */

const LIT = "lit"; // what is pointed at, and what belongs to it
const root = /** @type {HTMLElement} */ (document.querySelector("[data-annotated]"));

/** @type {Map<string, HTMLElement[]>} statement → its rows */
const appearances = new Map();
/** @type {Map<Element, HTMLElement[]>} passage → its rows */
const rowsOf = new Map();
/** @type {Map<string, Element>} id → cell of the overview */
const cells = new Map();
for (const cell of document.querySelectorAll("[data-cell]")) {
  cells.set(cell.getAttribute("data-cell") ?? "", cell);
}

for (const passage of root.querySelectorAll("[data-passage]")) {
  /** @type {HTMLElement[]} */
  const rows = [...passage.querySelectorAll("li")].filter((row) => row.dataset.statement);
  rowsOf.set(passage, rows);
  for (const row of rows) {
    const key = row.dataset.statement ?? "";
    const known = appearances.get(key);
    if (known) known.push(row);
    else appearances.set(key, [row]);
  }
}

/** @param {string} text `3-9` @returns {[number, number]} */
const words = (text) => {
  const [first, last] = text.split("-").map(Number);
  return [first, last];
};
/** @param {HTMLElement} row @returns {[number, number][]} */
const runs = (row) => (row.dataset.spans ? row.dataset.spans.split(" ").map(words) : []);

/** Whether a row rests on a run of words, or on a part of it; the empty run is all of the passage.
 * @param {HTMLElement} row @param {string} span */
const restsOn = (row, span) => {
  if (span === "") return row.dataset.whole !== undefined;
  const [first, last] = words(span);
  return runs(row).some(([begin, end]) => begin <= last && first <= end);
};

/** The rows that belong to what is pointed at. @param {Target} target @returns {HTMLElement[]} */
const rowsFor = ({ passage, span, statement }) => {
  if (statement !== null) return appearances.get(statement) ?? [];
  const here = passage ? (rowsOf.get(passage) ?? []) : [];
  if (span === null) return here;
  const keys = new Set(here.filter((row) => restsOn(row, span)).map((row) => row.dataset.statement ?? ""));
  return [...keys].flatMap((key) => appearances.get(key) ?? []);
};

/** @type {Set<Element>} */
let lit = new Set();

/** @param {Target | null} target */
const light = (target) => {
  /** @type {Set<Element>} */
  const next = new Set();
  if (target) {
    /** @type {Map<Element, HTMLElement[]>} */
    const touched = new Map();
    for (const row of rowsFor(target)) {
      next.add(row);
      const passage = row.closest("[data-passage]");
      if (!passage) continue;
      const known = touched.get(passage);
      if (known) known.push(row);
      else touched.set(passage, [row]);
    }
    if (target.passage && !touched.has(target.passage)) touched.set(target.passage, []);
    for (const [passage, rows] of touched) {
      next.add(passage);
      const cell = cells.get(passage.getAttribute("data-passage") ?? "");
      if (cell) next.add(cell);
      const all = rows.some((row) => row.dataset.whole !== undefined);
      const covered = cover(rows.flatMap(runs));
      for (const mark of passage.querySelectorAll("[data-span]")) {
        const span = mark.getAttribute("data-span") ?? "";
        if (span === "" ? all : within(covered, words(span))) next.add(mark);
      }
      if (all) for (const text of passage.querySelectorAll(".words")) next.add(text);
    }
  }
  for (const element of lit) if (!next.has(element)) element.classList.remove(LIT);
  for (const element of next) element.classList.add(LIT);
  root.classList.toggle("has-light", next.size > 0);
  lit = next;
};

/** The runs joined where they meet, in order. @param {[number, number][]} found @returns {[number, number][]} */
const cover = (found) => {
  /** @type {[number, number][]} */
  const joined = [];
  for (const [first, last] of found.sort((one, other) => one[0] - other[0])) {
    const before = joined.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
};

/** @param {[number, number][]} covered @param {[number, number]} run */
const within = (covered, [first, last]) => covered.some(([begin, end]) => begin <= first && last <= end);

// ---- what is pointed at ------------------------------------------------------------------------------

/** @param {EventTarget | null} element @returns {Target | null} */
const targetOf = (element) => {
  if (!(element instanceof Element)) return null;
  const passage = element.closest("[data-passage]");
  if (!passage || !root.contains(passage)) return null;
  const statement = element.closest("[data-statement]")?.getAttribute("data-statement") ?? null;
  if (statement !== null) return { passage: null, span: null, statement };
  if (!element.closest(".passage-gist")) return null;
  return { passage, span: element.closest("[data-span]")?.getAttribute("data-span") ?? null, statement: null };
};

/** @param {Target | null} one @param {Target | null} other */
const same = (one, other) =>
  one === other ||
  (one !== null &&
    other !== null &&
    one.passage === other.passage &&
    one.span === other.span &&
    one.statement === other.statement);

/** @type {Target | null} */
let pointed = null;
/** @type {Target | null} */
let kept = null;

const show = () => light(pointed ?? kept);

/** @param {Target | null} target */
const point = (target) => {
  if (same(target, pointed)) return;
  pointed = target;
  show();
};

root.addEventListener("pointerover", (event) => {
  if (event.pointerType === "mouse") point(targetOf(event.target));
});
root.addEventListener("pointerleave", (event) => {
  if (event.pointerType === "mouse") point(null);
});
root.addEventListener("focusin", (event) => {
  // A finger leaves the focus behind, too; only where the browser shows it does somebody point with it.
  if (event.target instanceof Element && event.target.matches(":focus-visible")) point(targetOf(event.target));
});
root.addEventListener("focusout", (event) => {
  if (!(event.relatedTarget instanceof Node && root.contains(event.relatedTarget))) point(null);
});

// ---- switches ----------------------------------------------------------------------------------------

/** @type {Map<HTMLButtonElement, Target>} */
const switches = new Map();

/** @param {Target | null} target */
const keep = (target) => {
  kept = same(target, kept) ? null : target;
  pointed = null;
  for (const [button, own] of switches) button.setAttribute("aria-pressed", String(same(own, kept)));
  show();
};

/** The text becomes a switch of the same size. @param {Element} label @param {Target} target
 * @param {string} name */
const makeSwitch = (label, target, name) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = label.className;
  button.title = name;
  button.setAttribute("aria-pressed", "false");
  button.append(...label.childNodes);
  button.addEventListener("click", () => keep(target));
  switches.set(button, target);
  label.replaceWith(button);
};

for (const [passage, rows] of rowsOf) {
  const number = passage.querySelector(".number");
  if (number && rows.length) {
    makeSwitch(number, { passage, span: null, statement: null }, "Keep what rests on this passage lit");
  }
  for (const row of rows) {
    const marker = row.querySelector("[data-marker]");
    const statement = row.dataset.statement ?? "";
    if (marker) makeSwitch(marker, { passage: null, span: null, statement }, "Keep what this rests on lit");
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || (!kept && !pointed)) return;
  keep(null);
});

export {};
