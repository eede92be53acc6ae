// The one module that pages load; each part looks for its own data-* attributes.
import "./theme.js";
import "./panels.js";
import "./shortcuts.js";
import "./copy.js";
import "./htmx-errors.js";
import "./table.js";
import "./typing.js";
import "./chart.js";
