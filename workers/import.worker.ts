import { expose } from "comlink";
import { holdLifeLock } from "../src/protocol/lifeLock.ts";
import { carryErrors } from "../src/protocol/remoteErrors.ts";
import { Importing } from "./importing.ts";

carryErrors();
expose(new Importing());
holdLifeLock(self.name);
