import { expose } from "comlink";
import { holdLifeLock } from "../src/protocol/lifeLock.ts";
import { carryErrors } from "../src/protocol/remoteErrors.ts";
import { Analysis } from "./analysis.ts";

carryErrors();
expose(new Analysis());
holdLifeLock(self.name);
