// Fills previews and remaining characters while somebody types.
(() => {
  const timers = new WeakMap();
  const newest = new WeakMap();
  const pictures = new WeakMap();

  const value = (form, end) => form.querySelector(`[name$=".${end}"], [name$=".${end}:list"]`)?.value;
  const removed = (form, end) => form.querySelector(`[name$=".${end}.action"]:checked`)?.value === "remove";
  const checked = (form, end) => form.querySelector(`[name$=".${end}:list"]`)?.checked;

  // What is typed, under the names the server knows; what the form lacks stays as it is stored.
  function typed(form, texts) {
    const data = {
      type: texts.dataset.socialType,
      title: value(form, "title"),
      description: value(form, "description"),
      language: value(form, "language"),
      caption: value(form, "image_caption"),
      text: value(form, "social_text"),
      post: checked(form, "social_post"),
      images: checked(form, "social_images"),
      chain: checked(form, "social_chain"),
      texts: {},
      accounts: [...form.querySelectorAll(".social-accounts input:checked")].map((box) => box.value),
    };
    const subjects = value(form, "subjects");
    if (subjects !== undefined) data.subjects = subjects.split(/[;\n]/);
    for (const area of texts.querySelectorAll("textarea")) {
      data.texts[area.closest("[data-social-account]").dataset.socialAccount] = area.value;
    }
    const picture = pictures.get(form)?.image;
    if (picture) data.image = picture.facts;
    if (removed(form, "image")) data.image = null;
    return data;
  }

  async function update(form, texts) {
    const turn = (newest.get(form) || 0) + 1;
    newest.set(form, turn);
    const answer = await fetch(texts.dataset.socialUrl, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRF-TOKEN": texts.dataset.socialToken },
      body: JSON.stringify(typed(form, texts)),
    }).catch(() => null);
    // A log-in page is no JSON.
    const said = answer?.ok && (await answer.json().catch(() => null));
    if (said && newest.get(form) === turn) show(form, texts, said);
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
    for (const name of ["host", "title", "description"]) at(name).textContent = item.card?.[name];
    const images = item.images.map(({ url, alt }) => {
      return Object.assign(new Image(), { src: url || pictures.get(form)?.image?.source || "", alt });
    });
    at("images").replaceChildren(...images);
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
    const one = items.find((item) => item.account === here) || items.sort((a, b) => room(a) - room(b))[0];
    const words = one ? `${one.title} – ${one.remaining}` : "";
    const place = texts.querySelector("[data-social-status]");
    if (place.textContent !== words) place.textContent = words;
  }

  async function picked({ form, name, files: [file] }) {
    const field = name.split(".").pop();
    const known = { ...pictures.get(form) };
    delete known[field];
    if (file) {
      const { width, height } = await createImageBitmap(file).catch(() => ({ width: 0, height: 0 }));
      const source = await new Promise((done) => {
        const reader = new FileReader();
        reader.onload = () => done(reader.result);
        reader.readAsDataURL(file);
      });
      known[field] = { source, facts: { mime: file.type, size: file.size, width, height } };
    }
    pictures.set(form, known);
    soon(form);
  }

  // Link cards come ready from the server, which learns of a picture its kind and size alone.
  async function draw(form, cards) {
    const turn = (newest.get(cards) || 0) + 1;
    newest.set(cards, turn);
    const data = new URLSearchParams();
    if (cards.dataset.socialType) data.set("type", cards.dataset.socialType);
    for (const name of ["title", "description", "image_caption", "share_title", "share_description", "share_image_alt"]) {
      const text = value(form, name);
      if (text !== undefined) data.set(name, text);
    }
    for (const name of ["image", "share_image"]) {
      const facts = pictures.get(form)?.[name]?.facts;
      if (facts) data.set(name, `${facts.mime} ${facts.width} ${facts.height}`);
      else if (removed(form, name)) data.set(name, "");
    }
    const answer = await fetch(cards.dataset.socialUrl, {
      method: "POST",
      credentials: "same-origin",
      headers: { "X-CSRF-TOKEN": cards.dataset.socialToken },
      body: data,
    }).catch(() => null);
    // Who is logged out is led to a page for logging in.
    const drawn = answer?.ok && !answer.redirected && (await answer.text());
    if (!drawn || newest.get(cards) !== turn) return;
    const page = new DOMParser().parseFromString(drawn, "text/html");
    cards.querySelector("[data-social-cards]").replaceChildren(...page.body.childNodes);
    for (const image of cards.querySelectorAll("[data-social-unsaved]")) {
      image.src = pictures.get(form)?.[image.dataset.socialUnsaved]?.source || "";
    }
  }

  function soon(form) {
    const texts = form?.querySelector(".social-texts");
    const cards = form?.querySelector(".social-cards");
    clearTimeout(timers.get(form));
    if (texts || cards) timers.set(form, setTimeout(() => (texts && update(form, texts), cards && draw(form, cards)), 400));
  }

  document.addEventListener("input", ({ target }) => soon(target.form));
  document.addEventListener("change", ({ target }) => {
    if (target.matches('[type="file"][name$=".image"], [type="file"][name$=".share_image"]')) picked(target);
    else soon(target.form);
  });
  // Scripts set tags and tell nobody.
  document.addEventListener("focusin", ({ target }) => {
    if (target.closest(".social-texts, .social-accounts")) soon(target.form);
  });
  for (const texts of document.querySelectorAll(".social-texts")) soon(texts.closest("form"));

  // Plone's tabs come after the page has loaded, and do not know the fieldset's own anchor.
  const fieldset = ["#fieldset-social", "#fieldset-sharing"].find((name) => name === location.hash);
  const tab = () => {
    const name = document.querySelector(`${fieldset} > legend`)?.textContent;
    return [...document.querySelectorAll(".autotoc-nav a")].find((link) => link.textContent === name);
  };
  const open = (tries) => tab()?.click() ?? (tries && setTimeout(open, 100, tries - 1));
  if (fieldset) addEventListener("load", () => open(30));
})();
