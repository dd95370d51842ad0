// All quotes of a code side by side: drag one, or choose some, to another code.
import { again, chooseCode, onChanges, onKeys, post, say } from "./common.js";

const bulk = document.getElementById("bulk");
const move = document.getElementById("move");
const all = document.getElementById("select-all");
const confirmation = document.getElementById("confirm");
const quotes = () => [...document.querySelectorAll(".wall li")];
const picked = () => quotes().filter((quote) => quote.querySelector("input").checked);
const nameOf = (code) => document.querySelector(`.targets [data-code="${CSS.escape(code)}"]`)?.textContent ?? code;
let wanted = null;

function ask(chosen, code) {
  wanted = { chosen, code };
  document.getElementById("confirm-title").textContent = bulk.dataset.question
    .replace("#", chosen.length)
    .replace("@", nameOf(code));
  confirmation.returnValue = "";
  confirmation.showModal();
}

confirmation.addEventListener("close", async () => {
  if (confirmation.returnValue !== "yes" || !wanted) return;
  const seen = wanted.chosen.map((quote) => ({ id: quote.dataset.id, revision: Number(quote.dataset.revision) }));
  const told = await post("/afgoerelser", { seen, action: "recode", code: wanted.code });
  wanted = null;
  if (told) again(told.message);
});

async function undo() {
  const told = await post("/fortryd");
  if (told) again(told.message);
}

const tell = () => {
  move.disabled = picked().length === 0;
};
document.querySelector(".wall")?.addEventListener("change", tell);
all.addEventListener("change", () => {
  quotes().forEach((quote) => {
    quote.querySelector("input").checked = all.checked;
  });
  tell();
});
move.addEventListener("click", () => chooseCode(bulk.dataset.title, (code) => ask(picked(), code)));
document.getElementById("undo").addEventListener("click", undo);
onKeys({ z: undo, u: undo });

document.addEventListener("dragstart", (event) => {
  const quote = event.target.closest?.(".wall li");
  if (quote) event.dataTransfer.setData("text/plain", quote.dataset.id);
});
for (const target of document.querySelectorAll(".targets [data-code]")) {
  target.addEventListener("dragover", (event) => {
    event.preventDefault();
    target.classList.add("over");
  });
  target.addEventListener("dragleave", () => target.classList.remove("over"));
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove("over");
    const dragged = quotes().find((quote) => quote.dataset.id === event.dataTransfer.getData("text/plain"));
    if (!dragged) return;
    const chosen = picked();
    ask(chosen.includes(dragged) ? chosen : [dragged], target.dataset.code);
  });
}

onChanges((told) => {
  for (const quote of quotes()) {
    const now = told.codings[quote.dataset.id];
    if (!now || now.revision <= Number(quote.dataset.revision)) continue;
    const status = quote.querySelector(".status");
    status.textContent = now.said;
    status.className = `status ${now.status}`;
  }
});
