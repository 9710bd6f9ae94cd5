// Keys of the moderation desk, and ready answers. Everything works without it.
(() => {
  const desk = document.querySelector(".social-moderation");
  if (!desk) return;
  const rows = [...desk.querySelectorAll(".social-comment")];
  const help = document.querySelector("#social-keys");
  const opener = document.querySelector("[data-social-help]");
  let current = -1;

  function go(number) {
    if (!rows.length) return;
    rows[current]?.classList.remove("social-current");
    current = Math.max(0, Math.min(number, rows.length - 1));
    rows[current].classList.add("social-current");
    rows[current].focus({ preventScroll: true });
    rows[current].scrollIntoView({ block: "nearest" });
  }

  // The button or fold of a row that has this key.
  const of = (place, key) => place?.querySelector(`[aria-keyshortcuts="${key}"]`);

  function press(key) {
    if (current < 0) return go(0);
    const target = of(rows[current], key);
    if (!target) return;
    if (target.matches("summary")) {
      target.parentElement.open = true;
      target.parentElement.querySelector("select, textarea, input:not([type=hidden])").focus();
    } else target.click();
  }

  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");
  const keys = {
    j: () => go(current + 1),
    k: () => go(current - 1),
    a: () => press("a"),
    r: () => press("r"),
    s: () => press("s"),
    u: () => of(desk, "u")?.click(),
    "?": () => help?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape" && rows[current]?.contains(document.activeElement)) {
      const open = document.activeElement.closest("details[open]");
      if (open) open.open = false;
      return go(current);
    }
    // A tick box takes no letters.
    if (typing(event.target) && event.target.type !== "checkbox") return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  desk.addEventListener("focusin", ({ target }) => {
    const number = rows.indexOf(target.closest(".social-comment"));
    if (number < 0 || number === current) return;
    rows[current]?.classList.remove("social-current");
    current = number;
    rows[current].classList.add("social-current");
  });

  if (opener && help) {
    opener.hidden = false;
    opener.addEventListener("click", keys["?"]);
  }

  // A ready answer goes into the field, where it can be changed.
  document.addEventListener("input", ({ target }) => {
    const field = target.dataset.socialReady && document.getElementById(target.dataset.socialReady);
    if (!field) return;
    const one = [...document.querySelectorAll("#social-ready option")].find((option) => option.value === target.value);
    if (one) field.value = one.dataset.socialText;
  });

  // After a decision: where the next comment stands now; with none left there, the last one.
  const place = /^#social-row-(\d+)$/.exec(location.hash);
  if (place && rows.length) go(Number(place[1]) - 1);
  const told = desk.querySelector(".social-undo [role=status]");
  if (told) {
    const words = told.textContent;
    told.textContent = "";
    setTimeout(() => (told.textContent = words), 100);
  }
})();
