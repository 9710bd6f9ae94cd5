// Fills the previews and the remaining characters of the "Social networks" fields while somebody types.
(() => {
  "use strict";
  const WAIT = 400;
  const timers = new WeakMap();
  const newest = new WeakMap();
  const pictures = new WeakMap();

  const named = (form, end) => form.querySelector(`[name$=".${end}"], [name$=".${end}:list"]`);
  const value = (form, end) => named(form, end)?.value;
  const checked = (form, end) => form.querySelector(`[name$=".${end}:list"]`)?.checked;

  // What is typed, under the names the server knows; what the form lacks stays as it is stored.
  function typed(form, texts) {
    const data = {
      type: texts.dataset.socialType,
      title: value(form, "title"),
      description: value(form, "description"),
      language: value(form, "language") || undefined,
      caption: value(form, "image_caption"),
      text: value(form, "social_text"),
      post: checked(form, "social_post"),
      texts: {},
      accounts: [...form.querySelectorAll(".social-accounts input:checked")].map((box) => box.value),
    };
    const subjects = value(form, "subjects");
    if (subjects !== undefined) data.subjects = subjects.split(/[;\n]/);
    for (const area of texts.querySelectorAll("textarea")) {
      data.texts[area.closest("[data-social-account]").dataset.socialAccount] = area.value;
    }
    const picture = pictures.get(form);
    if (picture) data.image = picture.facts;
    if (form.querySelector('[name$=".image.action"]:checked')?.value === "remove") data.image = null;
    return data;
  }

  async function update(form, texts) {
    const turn = (newest.get(form) || 0) + 1;
    newest.set(form, turn);
    const answer = await fetch(texts.dataset.socialUrl, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRF-TOKEN": texts.dataset.socialToken,
      },
      body: JSON.stringify(typed(form, texts)),
    }).catch(() => null);
    if (!answer?.ok || newest.get(form) !== turn) return;
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return;
    show(form, texts, await answer.json());
  }

  function show(form, texts, said) {
    const sentence = form.querySelector("[data-social-notice]");
    if (sentence && sentence.textContent !== said.notice) sentence.textContent = said.notice;
    for (const item of said.items) {
      for (const place of form.querySelectorAll(`[data-social-account="${CSS.escape(item.account)}"]`)) {
        fill(form, place, item);
      }
    }
    speak(texts, said.items);
  }

  function fill(form, place, item) {
    const at = (name) => place.querySelector(`[data-social="${name}"]`);
    list(at("notes"), item.notes, "div", (note) => [note.text, `social-note-${note.kind}`]);
    list(at("text"), item.pieces, "span", (piece) => [piece.text, piece.kind && `social-${piece.kind}`]);
    list(at("warnings"), item.warnings, "li", (text) => [text, ""]);
    const left = at("left");
    if (!left) return;
    left.textContent = item.remaining;
    left.classList.toggle("social-too-long", item.too_long);
    place.querySelector("textarea").placeholder = item.instead;
    at("error").textContent = item.error;
    at("error").hidden = !item.error;
    at("card").hidden = !item.card;
    at("host").textContent = item.card?.host;
    at("card-title").textContent = item.card?.title;
    at("card-description").textContent = item.card?.description;
    const image = at("image");
    image.hidden = !item.image;
    image.alt = item.alt;
    const source = item.image && (item.image.url || pictures.get(form)?.source);
    if (source && image.getAttribute("src") !== source) image.src = source;
  }

  function list(place, items, tag, look) {
    place?.replaceChildren(
      ...items.map((item) => {
        const [text, name] = look(item);
        const element = document.createElement(tag);
        element.textContent = text;
        if (name) element.className = name;
        return element;
      }),
    );
  }

  // One voice for screen readers: the account being written to, else the one with the least room.
  function speak(texts, items) {
    const here = document.activeElement?.closest("[data-social-account]")?.dataset.socialAccount;
    const room = (item) => (item.too_long ? -1 : item.limit - item.used);
    const one = items.find((item) => item.account === here) || [...items].sort((a, b) => room(a) - room(b))[0];
    const words = one ? `${one.title} : ${one.remaining}` : "";
    const place = texts.querySelector("[data-social-status]");
    if (place.textContent !== words) place.textContent = words;
  }

  function picked(form, file) {
    pictures.delete(form);
    if (!file) return soon(form);
    const reader = new FileReader();
    reader.onload = () => {
      const image = new Image();
      const facts = (width, height) => ({ mime: file.type, size: file.size, width, height });
      const done = (width, height) => {
        pictures.set(form, { source: reader.result, facts: facts(width, height) });
        soon(form);
      };
      image.onload = () => done(image.naturalWidth, image.naturalHeight);
      image.onerror = () => done(1, 1);
      image.src = reader.result;
    };
    reader.readAsDataURL(file);
  }

  function soon(form) {
    const texts = form?.querySelector(".social-texts");
    if (!texts) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => update(form, texts), WAIT));
  }

  const form = (event) => event.target.closest?.("form");
  document.addEventListener("input", (event) => soon(form(event)));
  document.addEventListener("change", (event) => {
    if (event.target.matches?.('[type="file"][name$=".image"]')) picked(form(event), event.target.files[0]);
    else soon(form(event));
  });
  // Tags and dates are set by scripts that tell nobody: look again when somebody comes to our fields.
  document.addEventListener("focusin", (event) => {
    if (event.target.closest?.(".social-texts, .social-accounts")) soon(form(event));
  });
  for (const texts of document.querySelectorAll(".social-texts")) soon(texts.closest("form"));
})();
