export const burnerIcon: `data:image/svg+xml,${string}` = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#86284f"/><path d="M16 6c1 4 6 6 6 12a6 6 0 0 1-12 0c0-3 2-4 2.5-6.500 1.500 1 2 2 2.200 3C16 13 16.500 9 16 6Z" fill="#fff"/></svg>',
)}`
