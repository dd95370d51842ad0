// Work that goes on beside the page: show the page anew when it is done.
import { get } from "./common.js";

const waiting = document.getElementById("waiting");

setInterval(async () => {
  const told = await get("/laering/tilstand");
  if (told && told.state !== waiting.dataset.state) location.reload();
}, 1500);
