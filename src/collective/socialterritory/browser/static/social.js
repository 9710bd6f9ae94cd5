// Fills previews and remaining characters while somebody types.
(() => {
  const timers = new WeakMap();
  const newest = new WeakMap();
  const pictures = new WeakMap();

  const value = (form, end) => form.querySelector(`[name$=".${end}"], [name$=".${end}:list"]`)?.value;
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
      return Object.assign(new Image(), { src: url || pictures.get(form)?.source || "", alt });
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

  async function picked(form, file) {
    pictures.delete(form);
    if (file) {
      const { width, height } = await createImageBitmap(file).catch(() => ({ width: 0, height: 0 }));
      const source = await new Promise((done) => {
        const reader = new FileReader();
        reader.onload = () => done(reader.result);
        reader.readAsDataURL(file);
      });
      pictures.set(form, { source, facts: { mime: file.type, size: file.size, width, height } });
    }
    soon(form);
  }

  function soon(form) {
    const texts = form?.querySelector(".social-texts");
    if (!texts) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => update(form, texts), 400));
  }

  document.addEventListener("input", ({ target }) => soon(target.form));
  document.addEventListener("change", ({ target }) => {
    if (target.matches('[type="file"][name$=".image"]')) picked(target.form, target.files[0]);
    else soon(target.form);
  });
  // Scripts set tags and tell nobody.
  document.addEventListener("focusin", ({ target }) => {
    if (target.closest(".social-texts, .social-accounts")) soon(target.form);
  });
  for (const texts of document.querySelectorAll(".social-texts")) soon(texts.closest("form"));

  // Plone's tabs come after the page has loaded, and do not know the fieldset's own anchor.
  const tab = () => {
    const name = document.querySelector("#fieldset-social > legend")?.textContent;
    return [...document.querySelectorAll(".autotoc-nav a")].find((link) => link.textContent === name);
  };
  const open = (tries) => tab()?.click() ?? (tries && setTimeout(open, 100, tries - 1));
  if (location.hash === "#fieldset-social") addEventListener("load", () => open(30));
})();
