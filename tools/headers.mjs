/** Cross-origin isolation gives SharedArrayBuffer, so WASM threads. */
export const isolationHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** @param {string} connect what the page may fetch from */
const policy = (connect) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types default",
  ].join("; ");

/** No inline script or style, no eval, no text that becomes HTML (src/protocol/ownScripts), no other origin. `blob:` images are thumbnails and originals. */
export const contentSecurityPolicy = policy("'self' blob:");

/** The same page for projects of other hosts, the only one that may ask them: see src/elsewhere.ts. */
export const elsewherePage = "elsewhere.html";

/** Once a person has agreed to one host, the page narrows this to that host before it asks anything. */
export const elsewherePolicy = policy("'self' blob: https: http://localhost:*");

/**
 * What a server should send with every file but {@link elsewherePage}. The page carries the policy itself, for hosts that
 * send no headers, but a worker obeys only the policy that its own script came with.
 */
export const servedHeaders = {
  ...isolationHeaders,
  // A page cannot say by itself who may frame it.
  "Content-Security-Policy": `${contentSecurityPolicy}; frame-ancestors 'self'`,
};

/** What it should send with a file. @param {string} path from the page's folder */
export const headersOf = (path) =>
  path === elsewherePage
    ? { ...servedHeaders, "Content-Security-Policy": `${elsewherePolicy}; frame-ancestors 'self'` }
    : servedHeaders;
