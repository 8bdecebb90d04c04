/** `done` runs from 0 to 1 over the whole stage; `step` says in a few words what is going on. */
export type Progress = { stage: 'prepare' | 'mint' | 'check' | 'verify'; step: string; done: number }

export type Watch = { onProgress?: (progress: Progress) => void; signal?: AbortSignal }
