import { ComposerElement } from "./element.js";
import "./taking_back.js";

customElements.define("post-composer", ComposerElement);
