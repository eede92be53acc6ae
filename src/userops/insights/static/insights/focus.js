// A form that is drawn anew keeps the focus for those who work by keyboard: on what is new, else where it was.
let kept; // { id, edit, names }

const form = () => document.getElementById("builder");
const named = () => [...form().elements].filter((each) => each.name && each.name !== "edit" && each.type !== "hidden");
const ofCombo = (control) => control && (document.getElementById(`${control.id}-button`) ?? control);

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "builder") return;
  const at = document.activeElement;
  kept = undefined;
  if (!form().contains(at)) return;
  kept = { id: at.id, edit: at.name === "edit" ? at.value : "", names: new Set(named().map((each) => each.name)) };
});

/** To be called when the form is there and its lists can be searched. */
export function refocus() {
  const was = kept;
  kept = undefined;
  if (!was || form().contains(document.activeElement)) return;
  const edits = [...form().querySelectorAll("button[name=edit]")];
  const added = was.edit && !was.edit.startsWith("remove:") && named().find((each) => !was.names.has(each.name));
  const place = was.edit
    ? ofCombo(added) || edits.find((each) => each.value === was.edit) || edits.find((each) => each.value.startsWith("add:"))
    : document.getElementById(was.id);
  place?.focus();
}
