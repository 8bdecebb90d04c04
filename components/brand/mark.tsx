/** The logo: ridges of a fingerprint that also form the brackets of a family tree. */
export function Mark({ className = 'size-6' }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.9}
      aria-hidden="true"
    >
      <g strokeLinecap="round">
        <path d="M3.5 19.2V12a8.5 8.5 0 0 1 17 0v4.6" />
        <path d="M7.7 21.4V12a4.3 4.3 0 0 1 8.6 0v9.4" />
        <path d="M12 13v9" />
      </g>
      <circle cx="12" cy="11.7" r="1.5" fill="currentColor" stroke="none" />
      <circle cx="20.5" cy="20.4" r="1.35" fill="currentColor" stroke="none" />
    </svg>
  )
}

export function Wordmark() {
  return (
    <span className="flex items-center gap-2 text-accent">
      <Mark className="size-6" />
      <span className="text-[1.05rem] font-semibold tracking-tight text-text">Kinmark</span>
    </span>
  )
}
