import { expose } from "comlink";
import { holdLifeLock } from "../src/protocol/lifeLock.ts";
import { allowOwnScripts } from "../src/protocol/ownScripts.ts";
import { carryErrors } from "../src/protocol/remoteErrors.ts";
import { Analysis } from "./analysis.ts";

allowOwnScripts();
carryErrors();
expose(new Analysis());
holdLifeLock(self.name);
