// The crosses of Plone's list have no name: they are for the mouse, and the keyboard has Backspace.
(() => {
  const field = document.getElementById("formfield-form-widgets-share_targets");
  const hide = () => {
    for (const cross of field.querySelectorAll(".select2-search-choice-close")) cross.setAttribute("aria-hidden", "true");
  };
  if (!field) return;
  hide();
  new MutationObserver(hide).observe(field, { childList: true, subtree: true });
})();
