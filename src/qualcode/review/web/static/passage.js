// A turn on screen: a stretch of it shown as marked, and what is said around it.

// Give exactly the words of a span a class, cutting pieces where it begins and ends; null: none of them.
export function paintSpan(turn, span, name) {
  const [start, end] = span ?? [0, 0];
  const pieces = [...turn.querySelectorAll("span[data-start]")];
  for (const edge of [start, end]) {
    const piece = pieces.find((one) => {
      const first = Number(one.dataset.start);
      return first < edge && edge < first + [...one.textContent].length;
    });
    if (!piece) continue;
    const letters = [...piece.textContent];
    const cut = edge - Number(piece.dataset.start);
    const rest = piece.cloneNode(false);
    rest.dataset.start = edge;
    rest.textContent = letters.slice(cut).join("");
    piece.textContent = letters.slice(0, cut).join("");
    piece.after(rest);
    pieces.splice(pieces.indexOf(piece) + 1, 0, rest);
  }
  for (const piece of pieces) {
    const first = Number(piece.dataset.start);
    piece.classList.toggle(name, start <= first && first < end);
  }
}

// What is said around a passage stays open from one to the next.
const SHOWN = "qualcode-around";

export function keepAround(within) {
  const around = within.querySelector(".around");
  if (!around) return;
  const after = within.querySelector(".around-after");
  around.open = localStorage.getItem(SHOWN) === "yes";
  after.hidden = !around.open;
  around.addEventListener("toggle", () => {
    localStorage.setItem(SHOWN, around.open ? "yes" : "no");
    after.hidden = !around.open;
  });
}

export function toggleAround(within) {
  const around = within.querySelector(".around");
  if (around) around.open = !around.open;
}
