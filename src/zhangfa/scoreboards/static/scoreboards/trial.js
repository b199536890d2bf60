// A slider moves the number beside it, and the number moves the slider; the number alone is sent.
"use strict";

document.addEventListener("input", (event) => {
  const from = event.target;
  if (from.dataset.slides) {
    const field = document.getElementById(from.dataset.slides);
    field.value = from.value;
    return;
  }
  const slider = from.id && document.querySelector(`[data-slides="${from.id}"]`);
  if (slider) slider.value = from.value;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
