const STEP = 300;
const levels = ["breaking", "compatible", "documentation"];
const state = {words: [], levels: new Set(levels), rule: "", shown: STEP};
const $ = (id) => document.getElementById(id);

data.changes.forEach((change) => {
  change.text = [change.rule.replaceAll("-", " "), change.subject, change.member, change.old, change.new, ...change.names, ...change.lines]
    .join("\n").toLowerCase();
});

function heading() {
  $("title").textContent = `${data.old} → ${data.new}`;
  const counts = levels.map((level) => `${data.counts[level].toLocaleString("en")} ${level}`).join(", ");
  $("lead").textContent = `${counts}. Version ${data.version.from} → ${data.version.to}.`;
}

function controls() {
  for (const level of levels) {
    const box = make("input", {type: "checkbox", checked: "checked", value: level});
    box.addEventListener("change", () => {
      if (box.checked) state.levels.add(level); else state.levels.delete(level);
      update();
    });
    $("levels").append(make("label", {}, box, `${level} (${data.counts[level].toLocaleString("en")})`));
  }
  for (const rule of [...new Set(data.changes.map((change) => change.rule))].sort()) {
    $("rule").append(make("option", {value: rule}, rule.replaceAll("-", " ")));
  }
  $("rule").addEventListener("change", () => { state.rule = $("rule").value; update(); });
  $("search").addEventListener("input", later(() => { state.words = wordsOf($("search").value); update(); }, 80));
  $("tools").addEventListener("submit", (event) => event.preventDefault());
  $("more").addEventListener("click", () => { state.shown += STEP; show(); });
}

function fits(change) {
  return state.levels.has(change.level) && (!state.rule || change.rule === state.rule)
    && state.words.every((word) => change.text.includes(word));
}

function update() { state.shown = STEP; show(); }

function show() {
  const found = data.changes.filter(fits);
  const visible = found.slice(0, state.shown);
  const groups = new Map();
  for (const change of visible) {
    const key = change.level + "\n" + change.subject;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(change);
  }
  const list = document.createDocumentFragment();
  let level = "";
  for (const changes of groups.values()) {
    if (changes[0].level !== level) {
      level = changes[0].level;
      list.append(make("h2", {}, level[0].toUpperCase() + level.slice(1)));
    }
    list.append(group(changes));
  }
  $("changes").replaceChildren(list);
  $("more").hidden = found.length <= visible.length;
  $("count").textContent = found.length
    ? `${plural(found.length, "change", "changes")}` + (found.length > visible.length ? `, ${visible.length} shown` : "")
    : "Nothing fits. Take a word or a filter away.";
}

function group(changes) {
  const section = make("section", {class: "group"}, make("h3", {class: "mono"}, marked(changes[0].subject, state.words)));
  for (const change of changes) section.append(entry(change));
  return section;
}

function entry(change) {
  const title = make("p", {}, make("span", {class: `badge ${change.level}`}, change.rule.replaceAll("-", " ")), " ");
  if (change.member) title.append(make("code", {}, marked(change.member, state.words)));
  const box = make("div", {class: `change ${change.level}`}, title);
  if (change.old || change.new) {
    const was = make("code", {class: "minus"}, marked(change.old || "nothing", state.words));
    const now = make("code", {class: "plus"}, marked(change.new || "nothing", state.words));
    box.append(make("p", {}, was, " → ", now));
  }
  box.append(make("p", {class: "quiet"}, change.reason));
  if (change.lines.length) {
    const lines = make("ul", {class: "lines mono"});
    const details = make("details", {}, make("summary", {}, `${plural(change.lines.length, "line", "lines")} of the client`), lines);
    details.addEventListener("toggle", () => {
      if (!lines.childElementCount) for (const line of change.lines) {
        lines.append(make("li", {class: line.startsWith("-") ? "minus" : "plus"}, line));
      }
    });
    box.append(details);
  }
  return box;
}

heading();
controls();
show();
