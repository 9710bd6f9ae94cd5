// "Show more" fills the list in place; without this it is a link to the next page.
(() => {
  document.addEventListener("click", async (event) => {
    const more = event.target.closest?.(".social-more");
    if (!more || event.ctrlKey || event.metaKey || event.shiftKey || more.ariaBusy === "true") return;
    event.preventDefault();
    more.ariaBusy = "true";
    const box = more.closest(".social-box");
    const answer = await fetch(more.href, { credentials: "same-origin" }).catch(() => null);
    const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page && page.querySelector(".social-box");
    const entries = found && [...found.querySelectorAll(".social-entries > li")];
    if (!entries?.length) {
      location.href = more.href;
      return;
    }
    box.querySelector(".social-entries").append(...entries);
    box.querySelector(".social-box-foot").replaceWith(found.querySelector(".social-box-foot") ?? "");
    const first = entries[0].querySelector("a");
    first?.focus();
  });
})();
