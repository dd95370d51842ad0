// What all pages share: asking the server, telling the result, the chooser of codes, shortcuts, colleagues' changes.

const toast = document.getElementById("toast");
let hide;

export function say(message, bad = false) {
  clearTimeout(hide);
  toast.textContent = message;
  toast.classList.toggle("bad", bad);
  toast.classList.add("shown");
  hide = setTimeout(() => toast.classList.remove("shown"), bad ? 12000 : 4000);
}

// Go to a page, or show this one anew, and say there what was said.
const SAID = "qualcode-said";

export function again(message, url = "") {
  sessionStorage.setItem(SAID, message);
  if (url) location.assign(url);
  else location.reload();
}

const said = sessionStorage.getItem(SAID);
if (said) {
  sessionStorage.removeItem(SAID);
  say(said);
}

async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, { ...options, headers: { accept: "application/json", "content-type": "application/json" } });
  } catch {
    say(document.body.dataset.lost, true);
    return null;
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    say(told.message || document.body.dataset.lost, true);
    return null;
  }
  return told;
}

export const get = (url) => ask(url, {});
export const post = (url, body = {}) => ask(url, { method: "POST", body: JSON.stringify(body) });

// Offsets are code points everywhere but in a browser's strings.
export const codePoints = (text) => [...text].length;

// The place in the interview of a point of a selection, where pieces of text say where they begin.
export function offsetOf(node, offset) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const piece = element.closest("[data-start]");
  if (!piece || piece.tagName === "ARTICLE") return null;
  const before = document.createRange();
  before.setStart(piece, 0);
  before.setEnd(node, offset);
  return Number(piece.dataset.start) + codePoints(before.toString());
}

export function selectedSpan(within) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!within.contains(range.startContainer) || !within.contains(range.endContainer)) return null;
  const start = offsetOf(range.startContainer, range.startOffset);
  const end = offsetOf(range.endContainer, range.endOffset);
  return start === null || end === null || start >= end ? null : [start, end];
}

// Shortcuts: a key does what the page says, but not while somebody writes, or when they are switched off.
export function onKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || (event.altKey && event.key.length > 1)) return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const single = event.key.length === 1;
    if (single && document.body.dataset.shortcuts !== "on") return;
    if (!single && event.target.closest("button, a, summary")) return;
    const act = keys[single ? event.key.toLowerCase() : event.key];
    if (!act || event.repeat) return;
    event.preventDefault();
    act();
  });
}

const help = document.getElementById("help");
const showHelp = () => help.showModal();
document.getElementById("help-button")?.addEventListener("click", showHelp);
onKeys({ "?": showHelp });

// The chooser of codes: type a little, arrows, Enter.
const codes = document.getElementById("codes");
let chosen = null;

export function chooseCode(title, act) {
  chosen = act;
  codes.querySelector("h2").textContent = title;
  const search = document.getElementById("code-search");
  search.value = "";
  narrow("");
  codes.showModal();
  search.focus();
}

function narrow(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const options = [...codes.querySelectorAll("[role=option]")];
  const scored = options.map((option) => {
    const name = option.querySelector(".name").textContent.toLowerCase();
    const fits = wanted.every((word) => option.dataset.words.includes(word));
    return { option, rank: fits ? (wanted.every((word) => name.includes(word)) ? 0 : 1) : 2 };
  });
  const list = document.getElementById("code-list");
  for (const rank of [0, 1, 2]) {
    for (const entry of scored.filter((one) => one.rank === rank)) {
      entry.option.hidden = rank === 2;
      if (wanted.length) list.append(entry.option);
    }
  }
  if (!wanted.length) {
    options.sort((one, other) => Number(one.id.slice(7)) - Number(other.id.slice(7))).forEach((option) => list.append(option));
  }
  const first = list.querySelector("[role=option]:not([hidden])");
  document.getElementById("no-code").hidden = Boolean(first);
  point(first);
}

function point(option) {
  codes.querySelectorAll("[aria-selected=true]").forEach((other) => other.setAttribute("aria-selected", "false"));
  const search = document.getElementById("code-search");
  if (!option) {
    search.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  search.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function take(option) {
  codes.close();
  chosen?.(option.dataset.id);
}

if (codes) {
  const search = document.getElementById("code-search");
  search.addEventListener("input", () => narrow(search.value));
  search.addEventListener("keydown", (event) => {
    const open = [...codes.querySelectorAll("[role=option]:not([hidden])")];
    const now = open.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") point(open[Math.min(now + 1, open.length - 1)]);
    else if (event.key === "ArrowUp") point(open[Math.max(now - 1, 0)]);
    else if (event.key === "Enter" && open[now]) take(open[now]);
    else return;
    event.preventDefault();
  });
  document.getElementById("code-list").addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

// Colleagues: what happened since the page was shown, every few seconds.
const listeners = [];
export const onChanges = (listener) => listeners.push(listener);
let last = Number(document.body.dataset.last);

async function poll() {
  if (document.hidden) return;
  let told;
  try {
    const answer = await fetch(`/aendringer?efter=${last}`, { headers: { accept: "application/json" } });
    if (!answer.ok) return;
    told = await answer.json();
  } catch {
    return;
  }
  last = told.last;
  const others = told.events.filter((event) => !event.mine);
  if (others.length) document.getElementById("colleagues").textContent = others[others.length - 1].told;
  if (told.events.length) listeners.forEach((listener) => listener(told));
}

if (document.body.dataset.last !== "") setInterval(poll, 2500);

// Filters apply as they are chosen; what is not chosen stays out of the address.
const filters = document.getElementById("filters");
if (filters) {
  const go = () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(filters)) if (value !== "") query.append(name, value);
    location.search = query.toString();
  };
  filters.addEventListener("change", (event) => event.target.matches("select") && go());
  filters.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
}
