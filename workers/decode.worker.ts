import { expose, transfer } from "comlink";
import { crops } from "../src/decode/crops.ts";
import { decode } from "../src/decode/decode.ts";
import { show } from "../src/decode/show.ts";
import type { ShowService } from "../src/protocol/decoding.ts";
import { holdLifeLock } from "../src/protocol/lifeLock.ts";
import { allowOwnScripts } from "../src/protocol/ownScripts.ts";
import { carryErrors } from "../src/protocol/remoteErrors.ts";

allowOwnScripts();
carryErrors();
expose({
  async decode(request) {
    const outcome = await decode(request);
    return outcome.kind === "image" ? transfer(outcome, [outcome.rgb.buffer, outcome.thumbnail.bytes]) : outcome;
  },
  async crops(request) {
    const outcome = await crops(request);
    return outcome.kind === "crops" ? transfer(outcome, [outcome.rgb.buffer]) : outcome;
  },
  async show(file, longestSide) {
    const picture = await show(file, longestSide);
    return transfer(picture, [picture.bytes]);
  },
} satisfies ShowService);
holdLifeLock(self.name);
