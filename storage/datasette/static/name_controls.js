const NAMES = {".CodeMirror textarea": "SQL", ".vega-embed summary": "Save or view this chart"};
const nameControls = () => {
  for (const [selector, name] of Object.entries(NAMES)) {
    document.querySelectorAll(selector).forEach(one => one.setAttribute("aria-label", name));
  }
};
nameControls();
new MutationObserver(nameControls).observe(document.body, {childList: true, subtree: true});
