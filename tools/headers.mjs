/** Cross-origin isolation gives SharedArrayBuffer, so WASM threads. */
export const isolationHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** No inline script or style, no eval, no text that becomes HTML (src/protocol/ownScripts), no other origin. `blob:` images are thumbnails and originals. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self' blob:",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types default",
].join("; ");

/**
 * What a server should send with every file. The page carries the policy itself, for hosts that send no headers, but a
 * worker obeys only the policy that its own script came with.
 */
export const servedHeaders = {
  ...isolationHeaders,
  // A page cannot say by itself who may frame it.
  "Content-Security-Policy": `${contentSecurityPolicy}; frame-ancestors 'self'`,
};
