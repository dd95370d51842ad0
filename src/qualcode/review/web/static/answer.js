// The codes of one passage: given blind by a coder, or settled between coders.
import { again, chooseCode, onKeys, post, say, selectedSpan } from "./common.js";
import { keepAround, paintSpan, toggleAround } from "./passage.js";

const work = document.getElementById("work");
const answer = document.getElementById("answer");
const list = document.getElementById("given");
const item = document.getElementById("given-item");
const reason = document.getElementById("reason");
const turn = document.getElementById("turn");
const passage = [Number(answer.dataset.start), Number(answer.dataset.end)];
let given = JSON.parse(answer.dataset.given);
let part = null; // marked words, for the next code only
let busy = false;

const codeOf = (id) => document.querySelector(`#code-list [data-id="${CSS.escape(id)}"]`);
const nameOf = (id) => codeOf(id)?.dataset.name ?? id;
const wordsOf = ([start, end]) => {
  const from = Number(answer.dataset.turnStart);
  return [...turn.textContent].slice(start - from, end - from).join("");
};

function show() {
  list.replaceChildren(
    ...given.map((one, place) => {
      const shown = item.content.cloneNode(true);
      shown.querySelector(".name").textContent = nameOf(one.code);
      if (one.start !== null) shown.querySelector(".part").textContent = `»${wordsOf([one.start, one.end])}«`;
      const select = shown.querySelector("select");
      select.value = one.valence;
      select.setAttribute("aria-label", `${select.getAttribute("aria-label")}: ${nameOf(one.code)}`);
      select.addEventListener("change", () => {
        one.valence = select.value;
      });
      const remove = shown.querySelector(".remove");
      remove.setAttribute("aria-label", `${remove.getAttribute("aria-label")}: ${nameOf(one.code)}`);
      remove.addEventListener("click", () => {
        given.splice(place, 1);
        show();
      });
      return shown;
    }),
  );
  document.getElementById("none-given").hidden = given.length > 0;
  const save = document.querySelector("[data-do=save]");
  save.querySelector("span").textContent = given.length ? save.dataset.some : save.dataset.none;
}

function mark(span) {
  part = span;
  paintSpan(turn, part, "covered");
  answer.querySelector(".pending").hidden = part === null;
}

function give(code) {
  const [start, end] = part ?? [null, null];
  if (!given.some((one) => one.code === code && one.start === start && one.end === end)) {
    given.push({ code, valence: codeOf(code)?.dataset.valence ?? "neutral", start, end });
  }
  mark(null);
  show();
}

turn.addEventListener("mouseup", () => {
  const selected = selectedSpan(turn);
  if (!selected) return;
  document.getSelection().removeAllRanges();
  const start = Math.max(selected[0], passage[0]);
  const end = Math.min(selected[1], passage[1]);
  if (start < end) mark(start === passage[0] && end === passage[1] ? null : [start, end]);
});

async function save() {
  if (busy) return;
  busy = true;
  const body = { passage: Number(answer.dataset.passage), given };
  if (reason) Object.assign(body, { reason: reason.value, seen: Number(work.dataset.seen) });
  const told = await post(work.dataset.post, body);
  busy = false;
  if (!told) return;
  if (told.refused) say(told.message, true);
  else again(told.message, told.next);
}

function take(button) {
  given = JSON.parse(button.dataset.take);
  if (!reason.value) reason.value = button.dataset.reason;
  show();
}

const acts = {
  choose: () => chooseCode(answer.dataset.title, give),
  save,
  skip: () => location.assign(work.dataset.next),
  back: () => work.dataset.before && location.assign(work.dataset.before),
  reason: () => reason?.focus(),
};

work.addEventListener("click", (event) => {
  const act = event.target.closest("[data-do]");
  const code = event.target.closest("[data-give]");
  const taken = event.target.closest("[data-take]");
  if (act) acts[act.dataset.do]();
  else if (code) give(code.dataset.give);
  else if (taken) take(taken);
});

const removeLast = () => {
  given.pop();
  show();
};
const keys = {
  c: acts.choose,
  n: acts.choose,
  a: save,
  s: acts.skip,
  b: acts.back,
  m: acts.reason,
  v: () => list.querySelector("li:last-child select")?.focus(),
  z: removeLast,
  u: removeLast,
  o: () => toggleAround(work),
  Enter: save,
  Escape: () => mark(null),
};
for (let number = 1; number <= 9; number += 1) {
  keys[String(number)] = () => work.querySelectorAll("[data-give], [data-take]")[number - 1]?.click();
}
onKeys(keys);

keepAround(work);
show();
