// Comments: the form comes into the page and goes away again; without this it is a page of its own.
(() => {
  const FORM = "social-comment-form";
  const KEPT = ["name", "email", "text", "notify"];

  const part = async (url, options) => {
    const answer = await fetch(url, { credentials: "same-origin", cache: "no-store", ...options }).catch(() => null);
    if (!answer || answer.redirected) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.getElementById(FORM);
  };

  const show = (form) => {
    form.querySelector("link")?.remove();
    count(form);
    (form.querySelector("[autofocus]") ?? form.querySelector("[data-focus]"))?.focus();
  };

  const count = (form) => {
    const text = form.querySelector("textarea[data-longest]");
    const said = form.querySelector("[data-left]");
    if (!text || !said) return;
    const left = () => {
      form.querySelector("[data-now]")?.remove();
      said.hidden = false;
      said.textContent = said.dataset.many.replace("{left}", text.dataset.longest - [...text.value].length);
    };
    if (text.value) left();
    text.addEventListener("input", left);
  };

  // Another page would lose what was typed: going back does not bring a form back that a script had put there.
  const unsent = (box) => {
    const said = box.querySelector("[data-unsent]");
    said.hidden = false;
    said.focus();
  };

  async function open(link) {
    const before = document.getElementById(FORM);
    const form = await part(`${link.href}${link.search ? "&" : "?"}fragment=1`);
    if (!form) {
      before?.querySelector("[data-unsent]") ? unsent(before) : (location.href = link.href);
      return;
    }
    for (const name of KEPT) {
      const [typed, field] = [before, form].map((one) => one?.querySelector(`[name=${name}]`));
      if (typed && field) [field.value, field.checked] = [typed.value, typed.checked];
    }
    before?.remove();
    (link.closest(".social-comment") ?? link.closest(".social-comments-open")).after(form);
    form.dataset.from = link.dataset.socialComment;
    show(form);
  }

  const close = (form) => {
    const link = document.querySelector(`[data-social-comment="${form.dataset.from}"]`);
    form.remove();
    link?.focus();
  };

  async function send(form, button) {
    const data = new URLSearchParams(new FormData(form, button));
    data.set("fragment", "1");
    const box = form.closest(`#${FORM}`);
    form.ariaBusy = "true";
    const answer = await part(form.action, { method: "POST", body: data });
    form.ariaBusy = null;
    if (!answer) {
      unsent(box);
      return;
    }
    answer.dataset.from = box.dataset.from;
    box.replaceWith(answer);
    show(answer);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-social-comment]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
      const cancel = event.target.closest?.(`.social-comments #${FORM} [data-cancel]`);
      if (cancel) {
        event.preventDefault();
        close(cancel.closest(`#${FORM}`));
      }
      return;
    }
    event.preventDefault();
    open(link);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.(`.social-comments #${FORM} form`);
    if (!form) return;
    event.preventDefault();
    if (form.ariaBusy !== "true") send(form, event.submitter);
  });

  const whole = document.getElementById(FORM);
  if (whole) count(whole);
})();
