// The list: one act on exactly the rows on screen.
import { again, onChanges, onKeys, post, say } from "./common.js";

const bulk = document.querySelector(".bulk");
const least = document.getElementById("least");
const button = document.getElementById("accept-all");
let busy = false;

const rows = () =>
  [...document.querySelectorAll("tr[data-id]")].filter(
    (row) => row.dataset.status === "foreslået" && Number(row.dataset.score) * 100 >= Number(least.value || 0),
  );

function tell() {
  const wanted = rows();
  document.querySelectorAll("tr[data-id]").forEach((row) => row.classList.toggle("meant", wanted.includes(row)));
  button.disabled = wanted.length === 0;
  const { one, many, none } = bulk.dataset;
  button.textContent = wanted.length === 0 ? none : wanted.length === 1 ? one : many.replace("#", wanted.length);
}

async function acceptAll() {
  if (busy) return;
  busy = true;
  const seen = rows().map((row) => ({ id: row.dataset.id, revision: Number(row.dataset.revision) }));
  const told = await post("/afgoerelser", { seen, action: "accept" });
  busy = false;
  if (told) again(told.message);
}

async function undo() {
  if (busy) return;
  busy = true;
  const told = await post("/fortryd");
  busy = false;
  if (told) again(told.message);
}

onChanges((told) => {
  for (const row of document.querySelectorAll("tr[data-id]")) {
    const now = told.codings[row.dataset.id];
    if (!now || now.revision <= Number(row.dataset.revision)) continue;
    // The revision stays the one that was read here: what a colleague has decided is not accepted unseen.
    row.dataset.status = now.status;
    const status = row.querySelector(".status");
    status.textContent = now.said;
    status.className = `status ${now.status}`;
    const event = told.events.filter((one) => one.id === row.dataset.id).pop();
    if (event) row.querySelector(".by").textContent = event.told;
  }
  tell();
});

least.addEventListener("input", tell);
button.addEventListener("click", acceptAll);
document.getElementById("undo").addEventListener("click", undo);
onKeys({ z: undo, u: undo });
tell();
