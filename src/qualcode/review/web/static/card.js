// The card: one key a decision and on to the next.
import { chooseCode, get, onChanges, onKeys, post, say, selectedSpan } from "./common.js";
import { keepAround, paintSpan, toggleAround } from "./passage.js";

const place = document.getElementById("card");
const valences = document.getElementById("valences");
const memo = document.getElementById("memo");
let busy = false;
let span = null; // the passage as corrected on screen, until it is stored or left

const card = () => place.querySelector("article");
const query = () => place.dataset.query;
const suggestedSpan = () => [Number(card().dataset.start), Number(card().dataset.end)];

// How many are left: counted by the server now and then, in between by what happens here.
const COUNTED_EVERY = 25;
let left = null;
let shown = 0;

function tellLeft() {
  const line = place.querySelector(".left");
  if (line && left) line.textContent = (left.more ? place.dataset.more : place.dataset.left).replace("#", left.count);
}

async function countLeft() {
  left = (await get(`/kort/tilbage?${query()}`)) || left;
  tellLeft();
}

function show(part, step = 0) {
  place.innerHTML = part.html;
  if (left && !left.more) left.count = Math.max(0, left.count + step);
  shown += 1;
  if (shown % COUNTED_EVERY === 0) countLeft();
  else tellLeft();
  place.dataset.query = part.query;
  span = null;
  const address = new URLSearchParams(part.query);
  if (part.id) address.set("id", part.id);
  history.replaceState(null, "", `/kort?${address}`);
  keepAround(place);
  showQuote();
}

// As much of the quote as fits, its beginning first: a long turn may have it far down.
function showQuote() {
  scrollTo({ top: 0 });
  const quote = place.querySelectorAll("#turn .quote");
  if (!quote.length) return;
  quote[quote.length - 1].scrollIntoView({ block: "nearest" });
  quote[0].scrollIntoView({ block: "nearest" });
}

async function once(work) {
  if (busy) return;
  busy = true;
  try {
    await work();
  } finally {
    busy = false;
  }
}

const decide = (change) =>
  once(async () => {
    if (!card()) return;
    const changes = [change];
    if (span && change.action !== "move") changes.unshift({ action: "move", start: span[0], end: span[1] });
    const { id, revision } = card().dataset;
    const part = await post(`/kort?${query()}`, { id, revision: Number(revision), changes });
    if (!part) return;
    show(part, part.refused || part.id === id ? 0 : -1);
    say(part.message, Boolean(part.refused));
  });

const skip = () =>
  once(async () => {
    if (!card()) return;
    const part = await get(`/kort/del?${query()}&efter=${card().dataset.id}`);
    if (part) show(part);
  });

const undo = () =>
  once(async () => {
    const part = await post(`/fortryd?${query()}`);
    if (!part) return;
    show(part, part.waiting);
    say(part.message);
  });

const open = (id) =>
  once(async () => {
    const part = await get(`/kort/del?${query()}&id=${id}`);
    if (part) show(part);
  });

const recode = () => card() && chooseCode(valences.dataset.recode, (code) => decide({ action: "recode", code }));

const add = () =>
  card() &&
  chooseCode(valences.dataset.add, (code) =>
    once(async () => {
      const [start, end] = span || suggestedSpan();
      const { document: number, valence, id } = card().dataset;
      const told = await post("/kort/tilfoej", { document: Number(number), start, end, code, valence });
      if (!told) return;
      const part = await get(`/kort/del?${query()}&id=${id}`);
      if (part) show(part);
      say(told.message);
    }),
  );

// The passage, sentence by sentence or by mouse: shown at once, stored with the verdict or by Enter.
function sentences() {
  const spans = new Map();
  for (const piece of place.querySelectorAll("[data-sentence]")) {
    spans.set(piece.dataset.sentence, piece.dataset.sentence.split("-").map(Number));
  }
  return [...spans.values()].sort((one, other) => one[0] - other[0]);
}

function correct(next) {
  if (next[0] >= next[1]) return;
  const [start, end] = suggestedSpan();
  span = next[0] === start && next[1] === end ? null : next;
  paint();
}

function paint() {
  paintSpan(document.getElementById("turn"), span || suggestedSpan(), "quote");
  card().querySelector(".pending").hidden = span === null;
}

function trim(edge, direction) {
  if (!card()) return;
  const [start, end] = span || suggestedSpan();
  const all = sentences();
  if (edge === "end") {
    const ends = all.map((one) => one[1]).filter((place) => (direction < 0 ? place < end && place > start : place > end));
    if (ends.length) correct([start, direction < 0 ? ends[ends.length - 1] : ends[0]]);
  } else {
    const starts = all.map((one) => one[0]).filter((place) => (direction < 0 ? place < start : place > start && place < end));
    if (starts.length) correct([direction < 0 ? starts[starts.length - 1] : starts[0], end]);
  }
}

place.addEventListener("mouseup", () => {
  const turn = document.getElementById("turn");
  const selected = turn && selectedSpan(turn);
  if (!selected) return;
  document.getSelection().removeAllRanges();
  correct(selected);
});

const leaveSpan = () => {
  if (!card() || !span) return;
  span = null;
  paint();
};
const storeSpan = () => span && decide({ action: "move", start: span[0], end: span[1] });

const writeMemo = () => {
  if (!card()) return;
  document.getElementById("memo-text").value = "";
  memo.showModal();
};
memo.addEventListener("close", () => {
  const reason = document.getElementById("memo-text").value.trim();
  if (memo.returnValue === "save" && reason) decide({ action: "memo", reason });
  memo.returnValue = "";
});
document.getElementById("memo-text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) memo.close("save");
});

const askValence = () => card() && valences.showModal();
valences.addEventListener("click", (event) => {
  const button = event.target.closest("[data-valence]");
  if (button) takeValence(button);
});
valences.addEventListener("keydown", (event) => {
  const button = valences.querySelectorAll("[data-valence]")[Number(event.key) - 1];
  if (button) takeValence(button);
});
function takeValence(button) {
  valences.close();
  decide({ action: "value", valence: button.dataset.valence });
}

const acts = {
  accept: () => decide({ action: "accept" }),
  reject: () => decide({ action: "reject" }),
  recode,
  add,
  skip,
  undo,
  valence: askValence,
  memo: writeMemo,
  showcase: () => decide({ action: "showcase" }),
  withhold: () => decide({ action: "withhold" }),
  "end-earlier": () => trim("end", -1),
  "end-later": () => trim("end", 1),
};

place.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  const recent = event.target.closest("[data-recode]");
  const other = event.target.closest("[data-card]");
  if (button) acts[button.dataset.do]();
  else if (recent) decide({ action: "recode", code: recent.dataset.recode });
  else if (other) {
    event.preventDefault();
    open(other.dataset.card);
  }
});

const keys = {
  a: acts.accept,
  r: acts.reject,
  c: recode,
  n: add,
  v: askValence,
  f: acts.showcase,
  x: acts.withhold,
  m: writeMemo,
  s: skip,
  z: undo,
  u: undo,
  o: () => toggleAround(place),
  "[": acts["end-earlier"],
  "]": acts["end-later"],
  ",": acts["end-earlier"],
  ".": acts["end-later"],
  ";": () => trim("start", -1),
  ":": () => trim("start", 1),
  Enter: storeSpan,
  Escape: leaveSpan,
};
for (let number = 1; number <= 9; number += 1) {
  keys[String(number)] = () => {
    const recent = place.querySelectorAll("[data-recode]")[number - 1];
    if (recent) decide({ action: "recode", code: recent.dataset.recode });
  };
}
onKeys(keys);

// A colleague decided on the very card that is shown: show it as it is now, before anybody judges it anew.
onChanges((told) => {
  const now = card() && told.codings[card().dataset.id];
  if (!now || now.revision <= Number(card().dataset.revision) || busy) return;
  const event = told.events.filter((one) => one.id === card().dataset.id && !one.mine).pop();
  open(card().dataset.id);
  if (event) say(event.told);
});

keepAround(place);
showQuote();
countLeft();
