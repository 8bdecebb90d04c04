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
  /**
   * Input z of layer l's down_proj W at the last position, times what multiplies W z before it is added to the residual,
   * [n, ff]: the family's factor, and 1 / rms(W z) where a norm follows. The norm's gain is not part of it.
   */
  | `z.${number}`
  /** Input of layer l's down_proj at every position, [n · t, ff], multiplied as `z` is. */
  | `zs.${number}`
