// The styles of all extensions: a bundle of its own, so that the browser has them before it draws.

import "unrolled:styles";
import "./chapters.css";
import "./code.css";
import "./dark.css";
import "./prose.css";
