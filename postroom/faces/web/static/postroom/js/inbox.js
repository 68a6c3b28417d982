/** The inbox: list and conversation, live and by keys. */

import "./bulk.js";
import "./composer/index.js";
import "./completion.js";
import "./countdown.js";
import "./keys.js";
import "./palette.js";
import "./ahead.js";
import "./app.js";
import "./swipe.js";
import "./live.js";
import "./panes.js";
import "./presence.js";
import "./rows.js";
import "./search.js";
import "./snoozing.js";
import "./thread.js";
import "./views.js";
import "./viewer.js";
