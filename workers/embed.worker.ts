import { expose, transfer } from "comlink";
import { WinnowError } from "../src/core/errors.ts";
import { EmbedSession } from "../src/embed/session.ts";
import type { TextSession } from "../src/embed/textSession.ts";
import type { EmbedService } from "../src/protocol/embedding.ts";
import { holdLifeLock } from "../src/protocol/lifeLock.ts";
import { allowOwnScripts } from "../src/protocol/ownScripts.ts";
import { carryErrors } from "../src/protocol/remoteErrors.ts";

let session: EmbedSession | null = null;
let text: TextSession | null = null;

allowOwnScripts();
carryErrors();
expose({
  async load(request) {
    await session?.close();
    session = await EmbedSession.load(request);
    return { runtime: session.runtime };
  },
  async embed(request) {
    if (session === null) throw new WinnowError("internal", "embed was called before load");
    const features = await session.embed(request);
    return transfer(features, [features.buffer]);
  },
  async predict(request) {
    if (session === null) throw new WinnowError("internal", "predict was called before load");
    return await session.predict(request);
  },
  async tryOut(request) {
    if (session === null) throw new WinnowError("internal", "tryOut was called before load");
    const started = performance.now();
    const { features, output } = await session.tryOut(request);
    const milliseconds = performance.now() - started;
    return transfer({ features, output, milliseconds }, [features.buffer]);
  },
  async loadText(request) {
    // It brings the tokenizers' library, which nobody needs who only embeds images.
    const { TextSession } = await import("../src/embed/textSession.ts");
    text = await TextSession.load(request);
  },
  async embedText(words) {
    if (text === null) throw new WinnowError("internal", "embedText was called before loadText");
    return await text.embed(words);
  },
} satisfies EmbedService);
holdLifeLock(self.name);
