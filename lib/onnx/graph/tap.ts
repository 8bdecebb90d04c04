/** A value that a graph can output. Shapes: n rows, t tokens a row, d hidden, ff the width of down_proj's input. */
export type Tap =
  /** Logits of the last position only, [n, vocab]. */
  | 'logits'
  /** −log p(token i+1 | tokens ≤ i) in nats, [n, t − 1]. */
  | 'nll'
  /** Residual after the last layer, before the final norm, at the last position, [n, d]. */
  | 'residual'
  /** Residual after the last layer, before the final norm, at every position, [n · t, d]. */
  | 'residuals'
  /** Residual before layer l at every position, [n · t, d]. A graph with it may begin at that layer; see `GraphOptions`. */
  | `states.${number}`
  /** Input of layer l's down_proj at the last position, [n, ff]. */
  | `z.${number}`
  /** Input of layer l's down_proj at every position, [n · t, ff]. */
  | `zs.${number}`
