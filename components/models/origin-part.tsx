'use client'

import dynamic from 'next/dynamic'

/** What moves in the tab about a model’s origin, and asks the chain: loaded when the tab is opened. */
export const OriginPart = dynamic(() => import('./origin-parts').then(({ OriginPart }) => OriginPart), { ssr: false })
