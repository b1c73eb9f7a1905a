/** The mark of public/icon.svg in the page's own colours: many, of which a few are kept. */
export function Wordmark() {
  return (
    <span className="wordmark">
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
        <g className="wordmark-rest">
          <circle cx="4" cy="4.5" r="1.9" />
          <circle cx="12" cy="4.5" r="1.9" />
          <circle cx="12" cy="12" r="1.9" />
          <circle cx="20" cy="12" r="1.9" />
          <circle cx="4" cy="19.5" r="1.9" />
          <circle cx="20" cy="19.5" r="1.9" />
        </g>
        <g className="wordmark-kept">
          <circle cx="20" cy="4.5" r="3.2" />
          <circle cx="4" cy="12" r="3.2" />
          <circle cx="12" cy="19.5" r="3.2" />
        </g>
      </svg>
      Winnow
    </span>
  );
}
