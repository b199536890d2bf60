// Comforts of the step forms; without them every form works the same.
"use strict";

// data-all-yes="<place of the column>": answer yes in every row that is not answered yet.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-all-yes]");
  if (!button) return;
  for (const row of button.closest("table").tBodies[0].rows) {
    const cell = row.cells[Number(button.dataset.allYes)];
    if (!cell || cell.querySelector("input[type=radio]:checked")) continue;
    const yes = cell.querySelector("input[type=radio][value=true]");
    if (yes) { yes.checked = true; yes.dispatchEvent(new Event("input", { bubbles: true })); }
  }
});
