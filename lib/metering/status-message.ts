/** What an owner signs so that its page may read the status of one gateway. It spends and changes nothing. */
export function statusMessage({
  copyId,
  operator,
  until,
}: {
  copyId: bigint
  operator: string
  until: number
}): string {
  return [
    'Kinmark: show me what my gateway does.',
    `Copy: ${copyId}`,
    `Operator key: ${operator}`,
    `Until: ${new Date(until * 1000).toISOString()}`,
  ].join('\n')
}
