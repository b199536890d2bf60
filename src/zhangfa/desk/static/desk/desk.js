// Comforts on top of pages that work without them. No inline code, no other host.
"use strict";

const PHOTO_QUALITY = 0.82;
const changed = new Set();

// A form is sent once; its key makes a second sending harmless, this makes it rare.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) { event.preventDefault(); return; }
  changed.delete(form);
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  form.dataset.sent = "1";
  setTimeout(() => form.querySelectorAll("button[type=submit], button:not([type])").forEach((button) => { button.disabled = true; }), 0);
  setTimeout(() => release(form), 8000);
});

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("button[disabled]").forEach((button) => { button.disabled = false; });
}
window.addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("form").forEach(release); });

// Leaving with something typed and not sent.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.method === "post" && !form.hasAttribute("data-light")) changed.add(form);
});
window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) { event.preventDefault(); event.returnValue = document.body.dataset.unsaved || ""; }
});

// Photos are drawn anew at a modest size: small to send, and place and camera data do not survive it.
document.addEventListener("change", async (event) => {
  const input = event.target;
  if (input.matches("input[type=file][data-shrink]")) await shrinkAll(input, Number(input.dataset.shrink) || 1600);
});

async function shrinkAll(input, longest) {
  if (typeof DataTransfer === "undefined" || typeof createImageBitmap === "undefined") return;
  const kept = new DataTransfer();
  for (const file of input.files) kept.items.add(await shrink(file, longest));
  input.files = kept.files;
}

async function shrink(file, longest) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", PHOTO_QUALITY));
    return blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch { return file; }
}

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    navigator.clipboard.writeText(copy.dataset.copy).then(() => { copy.textContent = copy.dataset.copied || "✓"; });
  }
  const locate = event.target.closest("[data-locate]");
  if (locate) usePosition(locate);
  const menu = document.querySelector(".offcanvas-menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
  document.querySelectorAll(".help[open]").forEach((help) => { if (!help.contains(event.target)) help.open = false; });
});

// data-locate="<id of the longitude's field> <id of the latitude's field>"
function usePosition(button) {
  const [longitude, latitude] = button.dataset.locate.split(" ").map((id) => document.getElementById(id));
  if (!navigator.geolocation || !longitude || !latitude) return;
  button.disabled = true;
  navigator.geolocation.getCurrentPosition(
    (found) => { longitude.value = found.coords.longitude.toFixed(6); latitude.value = found.coords.latitude.toFixed(6); button.disabled = false; changed.add(longitude.form); },
    () => { button.disabled = false; button.textContent = button.dataset.failed || button.textContent; },
    { enableHighAccuracy: true, timeout: 15000 },
  );
}

let before = "";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select, [contenteditable]")) return;
  if (event.key === "/") {
    const search = document.querySelector("input[type=search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  } else if (event.key === "?") {
    const keys = document.getElementById("keys");
    if (keys && keys.showModal) keys.showModal();
  } else if (before === "g" && event.key === "h") {
    window.location.href = "/";
  }
  before = event.key;
});

function autosubmit() {
  const form = document.querySelector("form[data-autosubmit]");
  if (form) form.requestSubmit();
}
document.addEventListener("DOMContentLoaded", () => {
  autosubmit();
  document.querySelectorAll("[data-show-with-script]").forEach((part) => { part.hidden = false; });
  const wrong = document.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
});

// A problem's place in a charter: click, and the line is selected in the editor.
document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-line]");
  const source = document.getElementById("source");
  if (!place || !source) return;
  const lines = source.value.split("\n");
  const line = Math.max(1, Number(place.dataset.line));
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  source.focus();
  source.setSelectionRange(start, start + (lines[line - 1] || "").length);
  source.scrollTop = Math.max(0, (line - 8) * (source.scrollHeight / lines.length));
});

// A part that could not be fetched says so instead of doing nothing.
document.addEventListener("htmx:responseError", (event) => {
  const place = document.getElementById("messages");
  const words = event.detail.xhr.status === 401 ? event.detail.xhr.responseText : "";
  if (place && words) place.textContent = words;
});
