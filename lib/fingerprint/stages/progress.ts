/** `done` runs from 0 to 1 over the whole stage; `step` names the work in progress. */
export type Progress = { stage: 'prepare' | 'mint' | 'check' | 'verify' | 'listen'; step: string; done: number }

export type ProgressOptions = { onProgress?: (progress: Progress) => void; signal?: AbortSignal }
