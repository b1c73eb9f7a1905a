import { revealedText, revealUnseen } from "../../core/format/unseenText.ts";

/** A name that somebody else chose: isolated from the direction of the text around it, nothing in it unseen. */
export function HostileText({ text }: { text: string }) {
  const parts = revealUnseen(text);
  return (
    <bdi>
      {parts.map((part, index) =>
        part.unseen ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one string have no other identity
          <span key={index} className="code-point">
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
    </bdi>
  );
}

/** A path as its name with the folder in grey before it; the folder gives way first when there is little room. */
export function PathText({ path }: { path: string }) {
  const cut = path.lastIndexOf("/") + 1;
  return (
    <span className="path-text" title={revealedText(path)}>
      {cut > 0 && (
        <span className="path-folder">
          <HostileText text={path.slice(0, cut)} />
        </span>
      )}
      <span className="path-name">
        <HostileText text={path.slice(cut)} />
      </span>
    </span>
  );
}
