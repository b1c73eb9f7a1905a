import { expose, transfer } from "comlink";
import { decode } from "../src/decode/decode.ts";
import type { DecodeService } from "../src/protocol/decoding.ts";
import { holdLifeLock } from "../src/protocol/lifeLock.ts";
import { carryErrors } from "../src/protocol/remoteErrors.ts";

carryErrors();
expose({
  async decode(request) {
    const outcome = await decode(request);
    return outcome.kind === "image" ? transfer(outcome, [outcome.rgb.buffer, outcome.thumbnail.bytes]) : outcome;
  },
} satisfies DecodeService);
holdLifeLock(self.name);
