const STEP = 60, FOUND = 200;
const verbs = ["GET", "POST", "PATCH", "PUT", "DELETE"];
const state = {words: [], verbs: new Set(), shown: STEP};
const $ = (id) => document.getElementById(id);
const typeIds = Object.keys(data.types);

function heading() {
  $("title").textContent = data.title;
  $("lead").textContent = data.lead;
  for (const [count, name] of data.figures) {
    $("figures").append(make("li", {}, make("strong", {}, count.toLocaleString("en")), ` ${name}`));
  }
}

// A type's name leads to its card, or to nothing when the slice does not hold it.
function typeLink(text) {
  const box = document.createDocumentFragment();
  const [before, id] = text.startsWith("list of ") ? ["list of ", text.slice(8)] : ["", text];
  if (!data.types[id]) { box.append(text); return box; }
  const anchor = make("a", {href: "#" + anchorOf(id), title: id}, data.types[id].name);
  anchor.addEventListener("click", (event) => { event.preventDefault(); open(id); });
  box.append(before, anchor);
  return box;
}

function anchorOf(id) { return "type-" + id.replace(/[^A-Za-z0-9]+/g, "-"); }

function open(id) {
  $("search").value = id;
  state.words = wordsOf(id);
  update();
  const card = document.getElementById("found-" + anchorOf(id));
  if (card) card.querySelector("h3").focus();
}

function operation(path, op) {
  const item = make("li", {}, make("span", {class: `verb ${op.verb}`}, op.verb), " ",
    link(op.method, op.documentation, {class: "mono"}));
  if (op.documented === false) item.append(" ", make("span", {class: "tag"}, "not documented by the vendor"));
  if (op.deprecated) item.append(" ", make("span", {class: "tag"}, "deprecated"));
  if (op.description) item.append(make("div", {}, op.description));
  const types = make("div", {class: "quiet"});
  if (op.body) types.append("takes ", typeLink(op.body), "; ");
  types.append("gives ", typeLink(op.result));
  if (op.query.length) types.append("; options ", op.query.join(", "));
  item.append(types);
  for (const needed of op.permissions) item.append(make("div", {class: "quiet"}, needed));
  return item;
}

function node(index, level) {
  const [segment, member, path, children, operations, builder, page] = data.nodes[index];
  const title = make("span", {}, make("span", {class: "mono"}, member || segment), " ",
    make("span", {class: "quiet mono"}, segment && member !== segment ? segment : ""), " ");
  for (const op of operations) title.append(make("span", {class: `verb ${op.verb}`}, op.verb), " ");
  const body = make("div");
  const fill = () => {
    if (body.childElementCount) return;
    if (builder) body.append(make("div", {class: "quiet mono leaf"}, link(builder, page)));
    if (operations.length) body.append(make("ul", {class: "ops"}, ...operations.map((op) => operation(path, op))));
    if (children.length) body.append(make("ul", {}, ...children.map((child) => node(child, level + 1))));
  };
  const details = make("details", level < data.open ? {open: "open"} : {}, make("summary", {}, title), body);
  if (level < data.open) fill();
  details.addEventListener("toggle", fill);
  return make("li", {}, details);
}

function card(id, prefix) {
  const type = data.types[id];
  const heading = make("h3", {id: prefix + anchorOf(id), tabindex: "-1"}, link(type.name, type.documentation), " ",
    make("span", {class: "tag"}, type.kind));
  const box = make("li", {class: "card", id: prefix ? `found-${anchorOf(id)}` : undefined}, heading);
  box.append(make("div", {class: "quiet mono"}, type.label));
  if (type.base) box.append(make("div", {class: "quiet"}, "is a ", typeLink(type.base)));
  if (type.description) box.append(make("p", {}, type.description));
  const rows = make("dl");
  for (const [name, wire, kind, description, flags] of type.members) {
    const term = make("dt", {}, link(name, type.documentation, {class: "mono"}), wire && wire !== name ? make("span", {class: "quiet"}, ` ${wire}`) : "");
    const what = make("dd", {}, kind ? typeLink(kind) : "");
    for (const flag of flags) what.append(" ", make("span", {class: "tag"}, flag));
    if (description) what.append(make("div", {class: "quiet"}, description));
    rows.append(term, what);
  }
  if (type.members.length) {
    const details = make("details", type.members.length <= 8 ? {open: "open"} : {}, make("summary", {}, plural(type.members.length, "member", "members")), rows);
    box.append(details);
  }
  return box;
}

function types() {
  const list = document.createDocumentFragment();
  for (const id of typeIds.slice($("types").childElementCount, state.shown)) list.append(card(id, ""));
  $("types").append(list);
  $("more").hidden = state.shown >= typeIds.length;
}

// Built when the first search comes: most readers of a large map never search.
let index;
function searchIndex() {
  if (index) return index;
  index = {operations: [], types: []};
  data.nodes.forEach(([segment, member, path, children, operations, builder]) => {
    for (const op of operations) {
      index.operations.push({path, op, builder, text: [path, op.verb, op.method, op.description, op.body, op.result, builder, ...op.permissions].join("\n").toLowerCase()});
    }
  });
  for (const id of typeIds) {
    const type = data.types[id];
    index.types.push({id, text: [id, type.name, type.label, type.description, ...type.members.map((member) => member.slice(0, 2).join(" "))].join("\n").toLowerCase()});
  }
  return index;
}

function update() {
  const searching = state.words.length > 0 || state.verbs.size > 0;
  $("whole").hidden = searching;
  $("results").hidden = !searching;
  if (!searching) { $("count").textContent = ""; return; }
  const fits = (entry) => state.words.every((word) => entry.text.includes(word));
  const operations = searchIndex().operations.filter((entry) => fits(entry) && (!state.verbs.size || state.verbs.has(entry.op.verb)));
  const found = state.verbs.size ? [] : searchIndex().types.filter(fits);
  const exact = state.words.join(" ");
  found.sort((a, b) => (b.id.toLowerCase() === exact) - (a.id.toLowerCase() === exact));
  const list = document.createDocumentFragment();
  if (found.length) list.append(make("h2", {}, "Types"), make("ul", {class: "cards"}, ...found.slice(0, STEP).map((entry) => card(entry.id, "found-heading-"))));
  if (operations.length) list.append(make("h2", {}, "Operations"));
  for (const entry of operations.slice(0, FOUND)) {
    list.append(make("section", {class: "group"}, make("h3", {class: "mono"}, marked(entry.path, state.words)),
      make("div", {class: "quiet mono"}, entry.builder), make("ul", {class: "ops"}, operation(entry.path, entry.op))));
  }
  $("results").replaceChildren(list);
  const more = operations.length > FOUND || found.length > STEP ? ", the first are shown" : "";
  $("count").textContent = operations.length || found.length
    ? `${plural(operations.length, "operation", "operations")}, ${plural(found.length, "type", "types")}${more}`
    : "Nothing fits. Take a word or a method away.";
}

function controls() {
  for (const verb of verbs) {
    const box = make("input", {type: "checkbox", value: verb});
    box.addEventListener("change", () => { if (box.checked) state.verbs.add(verb); else state.verbs.delete(verb); update(); });
    $("verbs").append(make("label", {}, box, verb));
  }
  $("search").addEventListener("input", later(() => { state.words = wordsOf($("search").value); update(); }, 120));
  $("tools").addEventListener("submit", (event) => event.preventDefault());
  $("more").addEventListener("click", () => { state.shown += STEP; types(); });
}

heading();
controls();
$("tree").append(node(0, 0));
types();
