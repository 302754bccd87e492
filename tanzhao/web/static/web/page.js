// What a page needs beyond htmx: nothing here is needed to do a task.
(function () {
  "use strict";
  // A form that is being sent cannot be sent twice by an impatient double click.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get") return;
    const button = event.submitter;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.hasAttribute("hx-post")) return;
    form.dataset.sent = "yes";
    if (button) setTimeout(function () { button.disabled = true; }, 0);
  });
  // Coming back with the browser's button shows a form that can be sent again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button[disabled]").forEach(function (b) { b.disabled = false; });
    });
  });
  // Filters apply as they are chosen.
  document.addEventListener("change", function (event) {
    const form = event.target.closest("form[data-apply]");
    if (form && event.target.tagName === "SELECT") form.requestSubmit();
  });
  // Leaving a form with unsaved words is asked about once.
  let unsaved = false;
  document.addEventListener("input", function (event) {
    if (event.target.closest("form[data-guard]")) unsaved = true;
  });
  document.addEventListener("submit", function () { unsaved = false; });
  window.addEventListener("beforeunload", function (event) {
    if (unsaved) event.preventDefault();
  });
  // Ctrl+S saves the form that is being written.
  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    const form = document.querySelector("form[data-guard]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.main[type=submit]"));
  });
})();
