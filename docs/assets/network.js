// The network of the entities, to explore. The page has it as a drawing and as a table too.
//
// The data are those of build_tools/pages/network.py. Positions come from the data alone, so that every visit
// shows the same picture.

/**
 * @typedef {[id: string, name: string, kind: number, address: string, degree: number]} Entity
 * @typedef {[subject: number, type: number, object: number, when: string, anchor: string]} Relation
 * @typedef {{kinds: string[], types: string[], nodes: Entity[], edges: Relation[], rest: number}} Data
 */

const SVG = "http://www.w3.org/2000/svg";
const PADDING = 24;
// A shape for each kind, so that colours are not all that tells them apart.
const SHAPES = ["ellipse", "round-rectangle", "diamond", "triangle", "hexagon", "pentagon"];
const POINTS = ["", "2,3 14,3 14,13 2,13", "8,0 16,8 8,16 0,8", "8,1 15,15 1,15", "4,1 12,1 16,8 12,15 4,15 0,8", "8,0 16,6 13,15 3,15 0,6"];

/**
 * An element with properties and children; texts become text, never markup.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean | number>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/**
 * The mark of a kind, as the network draws it.
 * @param {number} kind
 */
function mark(kind) {
  const number = kind % SHAPES.length;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "network-mark");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, number ? "polygon" : "circle");
  if (number) shape.setAttribute("points", POINTS[number]);
  else for (const [name, value] of [["cx", "8"], ["cy", "8"], ["r", "7"]]) shape.setAttribute(name, value);
  shape.style.fill = `var(--kind-${number + 1})`;
  svg.append(shape);
  return svg;
}

/**
 * The colours of the page as they are at this moment.
 * @param {HTMLElement} place
 */
function colours(place) {
  const probe = make("span", { hidden: true });
  place.append(probe);
  /** @param {string} name */
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found = {
    ink: read("ink"), paper: read("paper"), edge: read("edge"), link: read("link"), mark: read("mark-edge"),
    kinds: SHAPES.map((_, number) => read(`kind-${number + 1}`)),
  };
  probe.remove();
  return found;
}

/**
 * How the network looks, in cytoscape's own language.
 * @param {HTMLElement} place
 */
function looks(place) {
  const colour = colours(place);
  const font = getComputedStyle(place).fontFamily;
  return [
    {
      selector: "node",
      style: {
        width: "data(size)", height: "data(size)", label: "data(name)", color: colour.ink, "font-family": font,
        "font-size": 12, "text-valign": "bottom", "text-margin-y": 3, "text-max-width": "110px", "text-wrap": "ellipsis",
        "text-outline-color": colour.paper, "text-outline-width": 2, "min-zoomed-font-size": 16,
        "border-width": 1, "border-color": colour.paper,
      },
    },
    ...colour.kinds.map((fill, number) => ({
      selector: `node[look = ${number}]`,
      style: { "background-color": fill, shape: SHAPES[number] },
    })),
    {
      selector: "edge",
      style: {
        width: 1, "line-color": colour.edge, "line-opacity": 0.6, "curve-style": "bezier", "target-arrow-color": colour.edge,
        "target-arrow-shape": "triangle", "arrow-scale": 0.7,
      },
    },
    { selector: "node.named, node.told", style: { "min-zoomed-font-size": 4 } },
    { selector: "node.hushed", style: { "min-zoomed-font-size": 99 } },
    { selector: "node.over", style: { "min-zoomed-font-size": 4 } },
    { selector: ".off", style: { display: "none" } },
    { selector: ".far", style: { opacity: 0.15 } },
    { selector: "edge.near", style: { width: 2, "line-color": colour.link, "target-arrow-color": colour.link, "line-opacity": 1 } },
    { selector: "node.near", style: { "font-weight": "bold", "z-index": 2 } },
    { selector: "node.chosen", style: { "border-width": 4, "border-color": colour.mark, "font-weight": "bold", "z-index": 3 } },
  ];
}

/**
 * Where the entities go in a picture of that size: related ones attract each other, all push each other
 * away, those with many relations more so, and the middle draws them a little (after Fruchterman and
 * Reingold 1991). They start on a circle, by kind, and nothing is left to chance.
 * @param {Data} data
 * @param {number} width
 * @param {number} height
 */
function layout(data, width, height) {
  const count = data.nodes.length;
  const near = 75; // between related ones, about
  const reach = near * Math.sqrt(count);
  const order = data.nodes.map((_, index) => index).sort((a, b) => data.nodes[a][2] - data.nodes[b][2] || a - b);
  const places = data.nodes.map(() => ({ x: 0, y: 0 }));
  order.forEach((index, at) => {
    const turn = (at / count) * Math.PI * 2;
    places[index] = { x: Math.cos(turn) * reach / 2, y: Math.sin(turn) * reach / 2 };
  });
  const weights = data.nodes.map((node) => Math.sqrt(node[4] + 1));
  const pairs = [...new Set(data.edges.map(([a, , b]) => Math.min(a, b) * count + Math.max(a, b)))];
  const rounds = 300;
  for (let round = 0; round < rounds; round++) {
    const moves = places.map(({ x, y }) => ({ x: -x, y: -y }));
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < count; b++) {
        const x = places[a].x - places[b].x, y = places[a].y - places[b].y;
        const push = (weights[a] * weights[b] * near * near) / Math.max(x * x + y * y, 1);
        moves[a].x += x * push; moves[a].y += y * push;
        moves[b].x -= x * push; moves[b].y -= y * push;
      }
    }
    for (const pair of pairs) {
      const a = Math.floor(pair / count), b = pair % count;
      const x = places[a].x - places[b].x, y = places[a].y - places[b].y;
      const pull = Math.hypot(x, y) / near;
      moves[a].x -= x * pull; moves[a].y -= y * pull;
      moves[b].x += x * pull; moves[b].y += y * pull;
    }
    const most = (reach / 8) * (1 - round / rounds); // ever smaller steps
    moves.forEach((move, index) => {
      const length = Math.max(Math.hypot(move.x, move.y), 1e-6);
      const step = Math.min(length, most) / length;
      places[index].x += move.x * step;
      places[index].y += move.y * step;
    });
  }
  // Laid out to fill the picture, so that names are as large as other text.
  const xs = places.map(({ x }) => x), ys = places.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const across = Math.max(Math.max(...xs) - left, 1), down = Math.max(Math.max(...ys) - top, 1);
  return places.map(({ x, y }) => ({ x: ((x - left) / across) * width, y: ((y - top) / down) * height }));
}

/**
 * Builds the network into its place on the page.
 * @param {HTMLElement} place
 */
async function build(place) {
  const root = place.dataset.root ?? "";
  const [{ default: cytoscape }, answer] = await Promise.all([
    import(new URL("vendor/cytoscape.js", import.meta.url).href),
    fetch(place.dataset.network ?? ""),
  ]);
  /** @type {Data} */
  const data = await answer.json();

  // ---- controls --------------------------------------------------------------------------------
  const shown = new Set(data.nodes.map((node) => node[2]));
  /** @type {Map<number, HTMLInputElement>} */
  const boxes = new Map();
  const kinds = make("fieldset", {}, make("legend", {}, "Show"));
  data.kinds.forEach((kind, number) => {
    if (!shown.has(number)) return;
    const box = make("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => {
      if (box.checked) shown.add(number);
      else shown.delete(number);
      filter();
    });
    boxes.set(number, box);
    kinds.append(make("label", {}, box, mark(number), kind));
  });
  const types = make("select", {}, make("option", { value: "" }, "All relations"));
  for (const number of [...new Set(data.edges.map((edge) => edge[1]))].sort((a, b) => a - b)) {
    types.append(make("option", { value: String(number) }, `… ${data.types[number]} …`));
  }
  types.addEventListener("change", () => filter());
  const entities = make("select", {}, make("option", { value: "" }, "None"));
  data.kinds.forEach((kind, number) => {
    const group = make("optgroup", { label: kind });
    const own = data.nodes.map((node, index) => ({ name: node[1], kind: node[2], index }));
    for (const { name, index } of own.filter((node) => node.kind === number).sort((a, b) => a.name.localeCompare(b.name))) {
      group.append(make("option", { value: String(index) }, name));
    }
    if (group.childElementCount) entities.append(group);
  });
  entities.addEventListener("change", () => choose(entities.value === "" ? null : Number(entities.value)));
  /** @param {string} label @param {HTMLElement} control */
  const field = (label, control) => {
    control.id = `_network-${label.toLowerCase()}`;
    return make("div", { className: "network-field" }, make("label", { htmlFor: control.id }, label), control);
  };
  const controls = make("div", { className: "network-controls" }, kinds, field("Relation", types), field("Entity", entities));

  // ---- the canvas and the panel ----------------------------------------------------------------
  const canvas = make("div", { className: "network-canvas" });
  canvas.setAttribute("aria-hidden", "true"); // the choice of an entity does all that a pointer does here
  const zoom = make("div", { className: "network-zoom" });
  const panel = make("div", { className: "network-panel", tabIndex: 0 });
  panel.setAttribute("role", "region");
  panel.setAttribute("aria-label", "Relations of the chosen entity");
  panel.setAttribute("aria-live", "polite");
  place.replaceChildren(controls, make("div", { className: "network-view" }, canvas, zoom), panel);

  // Cytoscape would add a <style>, which the pages' policy forbids, unless there is an element of this id.
  if (!document.getElementById("__________cytoscape_stylesheet")) {
    canvas.append(make("span", { id: "__________cytoscape_stylesheet", hidden: true }));
  }
  const [width, height] = [Math.max(canvas.clientWidth - 4 * PADDING, 200), Math.max(canvas.clientHeight - 3 * PADDING, 200)];
  const places = layout(data, width, height);
  /**
   * Those of the entities whose names have room beside those of the ones before them.
   * @param {number[]} indexes
   */
  const legible = (indexes) => {
    /** @type {{x: number, y: number, half: number}[]} */
    const taken = [];
    return indexes.filter((index) => {
      const box = { ...places[index], half: Math.min(data.nodes[index][1].length * 3.3, 55) + 3 };
      if (taken.some(({ x, y, half }) => Math.abs(x - box.x) < half + box.half && Math.abs(y - box.y) < 15)) return false;
      return taken.push(box);
    });
  };
  const named = new Set(legible(data.nodes.map((_, index) => index))); // those with most relations come first
  const cy = cytoscape({
    container: canvas,
    elements: [
      ...data.nodes.map(([, name, kind, , degree], index) => ({
        data: { id: `n${index}`, name, look: kind % SHAPES.length, size: 7 + 3.5 * Math.sqrt(degree) },
        classes: named.has(index) ? "named" : "",
        position: places[index],
      })),
      ...data.edges.map(([subject, type, object], index) => ({
        data: { id: `e${index}`, source: `n${subject}`, target: `n${object}`, type },
      })),
    ],
    style: looks(place),
    layout: { name: "preset", fit: true, padding: PADDING },
    minZoom: 0.1,
    maxZoom: 3,
    userZoomingEnabled: false, // the wheel scrolls the page; the buttons zoom
    boxSelectionEnabled: false,
    autounselectify: true,
  });
  /** @param {string} sign @param {string} name @param {() => void} act */
  const button = (sign, name, act) => {
    const made = make("button", { type: "button", title: name }, sign);
    made.setAttribute("aria-label", name);
    made.addEventListener("click", act);
    return made;
  };
  const middle = () => ({ x: cy.width() / 2, y: cy.height() / 2 });
  zoom.append(
    button("+", "Zoom in", () => cy.zoom({ level: cy.zoom() * 1.3, renderedPosition: middle() })),
    button("−", "Zoom out", () => cy.zoom({ level: cy.zoom() / 1.3, renderedPosition: middle() })),
    button("Whole", "Show the whole network", () => cy.fit(cy.elements(":visible"), PADDING)),
  );

  // ---- what happens ----------------------------------------------------------------------------
  /** @type {number | null} */
  let chosen = null;

  /** The relations that the filters let through. */
  const visible = () =>
    data.edges.filter(
      ([subject, type, object]) =>
        shown.has(data.nodes[subject][2]) && shown.has(data.nodes[object][2]) &&
        (types.value === "" || Number(types.value) === type),
    );

  function filter() {
    const edges = new Set(visible());
    const ends = new Set([...edges].flatMap(([subject, , object]) => [subject, object]));
    cy.batch(() => {
      data.edges.forEach((edge, index) => cy.getElementById(`e${index}`).toggleClass("off", !edges.has(edge)));
      data.nodes.forEach((node, index) => {
        const off = !shown.has(node[2]) || (types.value !== "" && !ends.has(index));
        cy.getElementById(`n${index}`).toggleClass("off", off);
      });
    });
    if (chosen !== null && cy.getElementById(`n${chosen}`).hasClass("off")) chosen = null;
    say();
  }

  /** @param {number | null} index */
  function choose(index) {
    chosen = index;
    if (chosen !== null && cy.getElementById(`n${chosen}`).hasClass("off")) {
      const kind = data.nodes[chosen][2]; // who asks for an entity wants to see it
      shown.add(kind);
      const box = boxes.get(kind);
      if (box) box.checked = true;
      types.value = "";
      filter();
    } else say();
  }

  /** @param {number} index */
  const link = (index) => make("a", { href: root + data.nodes[index][3] }, data.nodes[index][1]);

  function say() {
    entities.value = chosen === null ? "" : String(chosen);
    const edges = visible();
    const own = edges.filter(([subject, , object]) => subject === chosen || object === chosen);
    cy.batch(() => {
      cy.elements().removeClass("chosen near far told hushed");
      if (chosen === null) return;
      const node = cy.getElementById(`n${chosen}`);
      const near = node.closedNeighborhood().not(".off");
      cy.elements().not(near).addClass("far");
      near.addClass("near");
      node.addClass("chosen");
      const around = [...new Set(own.flatMap(([subject, , object]) => [subject, object]))];
      const told = legible([chosen, ...around.filter((index) => index !== chosen).sort((a, b) => a - b)]);
      for (const index of told) cy.getElementById(`n${index}`).addClass("told");
      cy.elements(".named").not(".told").addClass("hushed");
    });
    if (chosen === null) {
      const rest = data.rest ? ` ${data.rest} more with fewer relations are left out.` : "";
      const met = new Set(edges.flatMap(([subject, , object]) => [subject, object])).size;
      panel.replaceChildren(
        make("p", {}, `${edges.length} relations of ${met} entities.${rest}`),
        make("p", {}, "Choose an entity, here or in the list above, to see what it is joined to, in words."),
      );
      return;
    }
    const [, , kind] = data.nodes[chosen];
    const list = make("ul");
    for (const [subject, type, object, when, anchor] of own) {
      const evidence = make("a", { href: `${root}${data.nodes[subject][3]}#${anchor}`, className: "quiet" }, "evidence");
      evidence.setAttribute("aria-label", `evidence: ${data.nodes[subject][1]} ${data.types[type]} ${data.nodes[object][1]}`);
      /** @param {number} index */
      const end = (index) => (index === chosen ? make("strong", {}, data.nodes[index][1]) : link(index));
      list.append(make("li", {}, end(subject), ` ${data.types[type]} `, end(object), when ? `, ${when} ` : " ", evidence));
    }
    const clear = make("button", { type: "button" }, "Clear");
    clear.addEventListener("click", () => {
      choose(null);
      entities.focus();
    });
    panel.replaceChildren(
      make("h2", {}, link(chosen)),
      make("p", {}, `${data.kinds[kind]} · ${own.length} ${own.length === 1 ? "relation" : "relations"} shown `, clear),
      list,
    );
    panel.scrollTop = 0;
  }

  cy.on("tap", "node", (/** @type {{target: {id: () => string}}} */ event) => choose(Number(event.target.id().slice(1))));
  cy.on("mouseover", "node", (/** @type {{target: {addClass: (name: string) => void}}} */ event) => event.target.addClass("over"));
  cy.on("mouseout", "node", (/** @type {{target: {removeClass: (name: string) => void}}} */ event) => event.target.removeClass("over"));
  cy.on("tap", (/** @type {{target: unknown}} */ event) => event.target === cy && choose(null));
  place.addEventListener("keydown", (event) => event.key === "Escape" && choose(null));
  const repaint = () => cy.style(looks(place));
  new MutationObserver(repaint).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  new ResizeObserver(() => {
    cy.resize();
    cy.fit(cy.elements(":visible"), PADDING);
  }).observe(canvas);
  say();
  place.dataset.ready = "";
}

/**
 * Offers to open the network, which is heavier than all the rest of the page: nobody loads it unasked.
 * @param {HTMLElement} place
 * @param {string} [why] what went wrong the last time
 */
function offer(place, why = "") {
  const open = make("button", { type: "button" }, "Explore the network");
  open.addEventListener("click", async () => {
    place.classList.add("network-open");
    place.replaceChildren();
    try {
      await build(place);
      place.querySelector("select")?.focus();
    } catch (error) {
      place.classList.remove("network-open"); // the drawing stands in
      offer(place, "It could not be loaded.");
      throw error;
    }
  });
  place.replaceChildren(open, ...(why ? [make("p", { role: "status" }, why)] : []));
}

for (const place of document.querySelectorAll("[data-network]")) {
  if (place instanceof HTMLElement) offer(place);
}
