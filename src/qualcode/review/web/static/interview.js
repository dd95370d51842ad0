// The whole transcript: see what a code covers, code what is selected.
import { again, chooseCode, onChanges, onKeys, post, say, selectedSpan } from "./common.js";

const transcript = document.getElementById("transcript");
const bar = document.getElementById("selection-bar");
let span = null;

function turnOf(node) {
  const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  return element?.closest?.("[data-turn]") ?? null;
}

document.addEventListener("selectionchange", () => {
  if (document.querySelector("dialog[open]")) return;
  const selection = document.getSelection();
  const turn = turnOf(selection.anchorNode);
  span = turn && turn === turnOf(selection.focusNode) ? selectedSpan(turn) : null;
  bar.hidden = span === null;
});

function codeSelection() {
  if (!span) {
    say(transcript.dataset.outside, true);
    return;
  }
  const [start, end] = span;
  chooseCode(transcript.dataset.title, async (code) => {
    const told = await post("/kort/tilfoej", { document: Number(transcript.dataset.document), start, end, code });
    if (told) again(told.message);
  });
}

async function undo() {
  const told = await post("/fortryd");
  if (told) again(told.message);
}

document.getElementById("code-selection").addEventListener("mousedown", (event) => event.preventDefault());
document.getElementById("code-selection").addEventListener("click", codeSelection);
onKeys({ n: codeSelection, z: undo, u: undo });

const cover = (event, on) => {
  const chip = event.target.closest?.("[data-covers]");
  if (chip) document.querySelectorAll(`.${CSS.escape(chip.dataset.covers)}`).forEach((piece) => piece.classList.toggle("covered", on));
};
for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
  transcript.addEventListener(name, (event) => cover(event, on));
}

const current = transcript.querySelector(".current");
if (current) {
  document.querySelectorAll(`.${CSS.escape(current.dataset.covers)}`).forEach((piece) => piece.classList.add("covered"));
  current.closest(".speech").scrollIntoView({ block: "center" });
}

onChanges((told) => {
  for (const chip of transcript.querySelectorAll("[data-covers]")) {
    const now = told.codings[chip.dataset.covers.slice(2)];
    if (now) chip.className = `chip ${now.status}`;
  }
});
