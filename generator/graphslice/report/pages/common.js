// Everything is made with createElement and textContent: nothing in the data can become markup.
const data = JSON.parse(document.getElementById("data").textContent);

function make(tag, options, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options || {})) {
    if (value === undefined || value === null || value === "") continue;
    if (name === "class") node.className = value; else node.setAttribute(name, value);
  }
  for (const child of children) if (child !== undefined && child !== null) node.append(child);
  return node;
}

// Only https links lead out of the page; whatever else a description calls a link is shown as text.
function link(text, url, options) {
  if (!/^https:\/\//i.test(url || "")) return make("span", options, text);
  return make("a", {...options, href: url, rel: "noopener noreferrer nofollow", target: "_blank"}, text);
}

// Shows where a search matches, with the text still text.
function marked(text, words) {
  const node = document.createDocumentFragment();
  if (!words.length) { node.append(text); return node; }
  const low = text.toLowerCase();
  let at = 0;
  while (at < text.length) {
    let best = -1, size = 0;
    for (const word of words) {
      const found = low.indexOf(word, at);
      if (found >= 0 && (best < 0 || found < best)) { best = found; size = word.length; }
    }
    if (best < 0) break;
    node.append(text.slice(at, best), make("mark", {}, text.slice(best, best + size)));
    at = best + size;
  }
  node.append(text.slice(at));
  return node;
}

function wordsOf(text) { return text.toLowerCase().split(/\s+/).filter(Boolean); }
function plural(count, one, many) { return `${count.toLocaleString("en")} ${count === 1 ? one : many}`; }
function later(action, wait) { let timer; return () => { clearTimeout(timer); timer = setTimeout(action, wait); }; }
