// Drags what is planned to another day. The link "Move" does the same without it; the server decides.
(() => {
  const form = document.getElementById("social-drop");
  if (!form) return;
  let dragged = null;
  let over = null;

  // The day below, when it is another one than that of what is dragged.
  const day = (target) => {
    const place = dragged && target.closest?.("[data-social-day]");
    return place?.contains(dragged) ? null : place;
  };

  function mark(place) {
    over?.classList.remove("social-over");
    over = place;
    over?.classList.add("social-over");
  }

  document.addEventListener("dragstart", ({ target, dataTransfer }) => {
    dragged = target.closest?.("[data-social-item]") || null;
    if (!dragged) return;
    dataTransfer.effectAllowed = "move";
    dataTransfer.setData("text/plain", dragged.querySelector("a").textContent);
    dragged.classList.add("social-dragged");
  });
  document.addEventListener("dragover", (event) => {
    const place = day(event.target);
    mark(place);
    if (place) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const place = day(event.target);
    if (!place) return;
    event.preventDefault();
    const values = { item: dragged.dataset.socialItem, seen: dragged.dataset.socialSeen };
    Object.assign(values, { day: place.dataset.socialDay, time: dragged.dataset.socialTime });
    for (const [name, value] of Object.entries(values)) form.querySelector(`[name="${name}"]`).value = value;
    form.submit();
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("social-dragged");
    dragged = null;
    mark(null);
  });

  // The browser goes to what was moved; where that is folded away it finds nothing to go to.
  const moved = location.hash.startsWith("#item-") && document.getElementById(location.hash.slice(1));
  const fold = moved && moved.closest("details");
  if (fold) {
    fold.open = true;
    moved.focus();
  }
})();
