/** Of Trusted Types, which not every browser and no type library of ours has. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
}

/**
 * The page's policy asks for trusted types: no text becomes HTML or a script, whoever writes it where. This is the only
 * policy that it lets be made, and it lets one thing through: addresses of scripts (workers and the service worker), when
 * they are of this origin or made in this page. Call it first in the page and in every worker that starts others.
 */
export function allowOwnScripts(): void {
  const { trustedTypes, origin } = globalThis as { trustedTypes?: TrustedTypes; origin?: string };
  trustedTypes?.createPolicy("default", {
    createScriptURL: (address) => {
      const { origin: theirs } = new URL(address, globalThis.location.href);
      if (theirs !== origin) throw new TypeError(`a script of another origin: ${address}`);
      return address;
    },
  });
}
