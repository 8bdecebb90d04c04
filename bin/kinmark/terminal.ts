/** Where a program's words go. */
export type Terminal = { out(text: string): void; err(text: string): void; moving: boolean; signal?: AbortSignal }
